import { rm, symlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import type { StreamPlan } from '../../core/streams/stream-plan.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';

/** The source's name within the graph, where its own would need escaping. */
const LINK = 'captions-source';

type CaptionRun = Omit<Parameters<typeof runFfmpeg>[2], 'cwd'>;

/**
 * Writes the closed captions inside a picture's packets (CEA-608 and -708 in SEI or user data) as SubRip, with times that count
 * from the file's start. Decoders give them to ffmpeg's `movie` alone. Throws as `runFfmpeg`; without captions the file is empty.
 */
export async function writeCaptions(
  ffmpeg: string,
  { source, plan, path }: { readonly source: Source; readonly plan: StreamPlan; readonly path: string },
  options: CaptionRun,
): Promise<void> {
  const cwd = dirname(path);
  const { format, startSeconds } = source.probe;
  const [demuxer = ''] = format.split(',');
  const movie = `movie=filename=${LINK}:format_name=${demuxer}:stream_index=${plan.stream.index}[out0+subcc]`;
  await rm(`${cwd}/${LINK}`, { force: true });
  await symlink(resolve(source.path), `${cwd}/${LINK}`);
  try {
    const input = ['-copyts', '-f', 'lavfi', '-i', movie];
    const output = [
      '-map',
      '0:s:0',
      '-c:s',
      'srt',
      '-output_ts_offset',
      `${-startSeconds}`,
      '-f',
      'srt',
      `file:${path}`,
    ];
    await runFfmpeg(ffmpeg, [...ffmpegPreamble(), '-y', ...input, ...output], { ...options, cwd });
  } finally {
    await rm(`${cwd}/${LINK}`, { force: true });
  }
}
