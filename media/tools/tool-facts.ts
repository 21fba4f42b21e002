import * as z from 'zod/mini';
import { runProcess } from '../process/run-process.ts';

/** The version of one ffmpeg, and what it was built with. */
export const toolFacts = z.object({
  version: z.string(),
  encoders: z.array(z.string()),
  decoders: z.array(z.string()),
  filters: z.array(z.string()),
  muxers: z.array(z.string()),
});
export type ToolFacts = z.infer<typeof toolFacts>;

/** Asks an ffmpeg for its version, its encoders, its decoders, its filters and its muxers. Throws what `runProcess` throws. */
export async function askTool(path: string, signal: AbortSignal): Promise<ToolFacts> {
  const ask = async (question: string) => (await runProcess(path, ['-hide_banner', question], { signal })).stdout;
  return {
    version: versionIn(await ask('-version')),
    encoders: namesIn(await ask('-encoders')),
    decoders: namesIn(await ask('-decoders')),
    filters: namesIn(await ask('-filters')),
    muxers: namesIn(await ask('-muxers')),
  };
}

/** Reads the version from a text such as "ffmpeg version 5.1.9-0+deb12u1 Copyright ...". Throws if there is none. */
export function versionIn(text: string): string {
  const version = /^ffmpeg version (\S+)/m.exec(text)?.[1];
  if (!version) throw new Error('it does not answer "ffmpeg -version" as ffmpeg does');
  return version;
}

/**
 * Returns the names in one of ffmpeg's lists. Each line has flags, one name or several with commas, and a description.
 */
export function namesIn(text: string): string[] {
  return text.split('\n').flatMap((line) => /^\s+[A-Zd.|]+\s+(\w[\w,.-]*)\s/.exec(line)?.[1]?.split(',') ?? []);
}
