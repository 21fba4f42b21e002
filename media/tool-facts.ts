import * as z from 'zod';
import { runProcess } from './run-process.ts';

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

/**
 * The version and build of the libx265 a tool is linked with, which it says only while encoding: one black frame.
 * As in "3.5+1-f0c1022b6 [Linux][GCC 12.2.0][64 bit] 8bit+10bit+12bit".
 */
export async function askX265(path: string, signal: AbortSignal): Promise<string | undefined> {
  const { stderrTail } = await runProcess(path, ONE_FRAME, { signal });
  return x265In(stderrTail);
}

const ONE_FRAME = [
  ...['-hide_banner', '-nostdin', '-nostats', '-f', 'lavfi', '-i', 'color=size=64x64:rate=25', '-frames:v', '1'],
  ...['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'pools=none:frame-threads=1', '-f', 'null', '-'],
];

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

export function x265In(stderr: readonly string[]): string | undefined {
  const after = (words: string) =>
    stderr.map((line) => line.match(`^x265 \\[info\\]: ${words} (.+)$`)?.[1]).find((found) => found !== undefined);
  const version = after('HEVC encoder version');
  return version && [version, after('build info')].filter(Boolean).join(' ');
}
