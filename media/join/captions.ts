import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import type { StreamPlan } from '../../core/streams/stream-plan.ts';
import { type CaptionBytes, endedWithFilm } from '../../core/subtitles/caption-ends.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';

/** Where the bytes of captions lie while they are read: themselves, and when which of them come. */
const bytesOf = (path: string) => ({ data: `${path}.bytes`, times: `${path}.times` });

/** ffmpeg's outputs by which the bytes of the captions of a stream can be read. */
export function bytesOutputs(map: string, path: string): readonly string[] {
  const { data, times } = bytesOf(path);
  const copy = ['-map', map, '-c:s', 'copy'];
  return [...copy, '-f', 'data', `file:${data}`, ...copy, '-f', 'framecrc', `file:${times}`];
}

/** Ends the last caption of a file with the film, where no byte of the captions ends it. `startSeconds` is what their times count from. */
export async function endCaptions(
  path: string,
  { startSeconds, filmSeconds }: { readonly startSeconds: number; readonly filmSeconds: number | undefined },
): Promise<void> {
  const { data, times } = bytesOf(path);
  try {
    const bytes = await readFile(data);
    const written = await readFile(path, 'utf8');
    const ended = endedWithFilm(written, packetsOf(bytes, await readFile(times, 'utf8'), startSeconds), filmSeconds);
    if (ended !== written) await writeFile(path, ended);
  } finally {
    await rm(data, { force: true });
    await rm(times, { force: true });
  }
}

/** The packets that lie in a file one behind the other, by a list of their times and sizes. */
function* packetsOf(bytes: Buffer, list: string, startSeconds: number): Generator<CaptionBytes> {
  const [, num = '1', den = '1000'] = /^#tb 0: (\d+)\/(\d+)$/m.exec(list) ?? [];
  let at = 0;
  for (const [, pts, size] of list.matchAll(/^0,\s*-?\d+,\s*(-?\d+),\s*-?\d+,\s*(\d+),/gm)) {
    const data = bytes.subarray(at, at + Number(size));
    at += Number(size);
    yield { seconds: (Number(pts) * Number(num)) / Number(den) - startSeconds, data };
  }
}

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
      ...bytesOutputs('0:s:0', path),
    ];
    await runFfmpeg(ffmpeg, [...ffmpegPreamble(), '-y', ...input, ...output], { ...options, cwd });
    await endCaptions(path, { startSeconds, filmSeconds: source.probe.durationSeconds });
  } finally {
    await rm(`${cwd}/${LINK}`, { force: true });
  }
}
