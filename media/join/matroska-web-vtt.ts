import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { webVttOf } from '../../core/film/matroska-web-vtt.ts';
import { formatBytes } from '../../core/format.ts';
import { timedInputArguments } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { writeFailure } from '../process/write-failure.ts';

/** What is larger than this is no text of a film. */
const LARGEST_BYTES = 64 * 2 ** 20;

type BlocksTask = {
  readonly source: string;
  readonly access: Parameters<typeof timedInputArguments>[1];
  readonly stream: number;
  /** Whether the file is read by ffmpeg, which reads its cues alone. */
  readonly isPlain?: boolean;
  readonly output: string;
};

/**
 * Writes a track of WebVTT of Matroska as a file with all that it holds: ffmpeg does not know it, and copies its blocks and what lies beside them if it
 * is told that they are SubRip. Throws `bad-input` where it cannot be read.
 */
export async function writeWebVttOfMatroska(
  ffmpeg: string,
  { source, access, stream, isPlain = false, output }: BlocksTask,
  signal: AbortSignal,
): Promise<void> {
  const blocks = `${output}.mks`;
  const input = timedInputArguments(source, access);
  const copy = ['-map', `0:${stream}`, '-c', 'copy', '-f', 'matroska', `file:${blocks}`];
  try {
    await runFfmpeg(ffmpeg, [...ffmpegPreamble(), '-y', '-c:s', 'subrip', ...input, ...copy], {
      ...{ signal, writes: blocks, blame: 'bad-input', doing: `reading the WebVTT of stream ${stream}` },
    });
    const { size } = await stat(blocks);
    if (size > LARGEST_BYTES) throw new ServiceError('bad-input', `it has ${formatBytes(size)} of text`);
    await writeFailure(writeFile(output, webVttOf(await readFile(blocks), isPlain)), output);
  } finally {
    await rm(blocks, { force: true });
  }
}
