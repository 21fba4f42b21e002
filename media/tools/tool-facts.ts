import * as z from 'zod';
import { runProcess } from '../process/run-process.ts';

/** What one ffmpeg says of itself. */
export const toolFacts = z.object({
  version: z.string(),
  encoders: z.array(z.string()),
  decoders: z.array(z.string()),
  filters: z.array(z.string()),
  muxers: z.array(z.string()),
});
export type ToolFacts = z.infer<typeof toolFacts>;

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

/** "ffmpeg version 5.1.9-0+deb12u1 Copyright ..." */
export function versionIn(text: string): string {
  const version = /^ffmpeg version (\S+)/m.exec(text)?.[1];
  if (!version) throw new Error('it does not answer "ffmpeg -version" as ffmpeg does');
  return version;
}

/** The names in one of ffmpeg's lists: flags, a name or several with commas, a description. */
export function namesIn(text: string): string[] {
  return text.split('\n').flatMap((line) => /^\s+[A-Zd.|]+\s+(\w[\w,]*)\s/.exec(line)?.[1]?.split(',') ?? []);
}
