import { readFile, rm, stat, symlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { iso639 } from '../../core/description/language.ts';
import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { countedFromStart } from '../../core/film/access.ts';
import type { VideoFacts } from '../../core/film/probe.ts';
import { shownSize } from '../../core/film/shown-size.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { type CaptionBytes, type ReadCaptions, readCaptions } from '../../core/subtitles/read-captions.ts';
import { readTeletext } from '../../core/subtitles/read-teletext.ts';
import { timedInputArguments } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';

/** The source's name within the graph, where its own would need escaping. */
const LINK = 'captions-source';

/** A day of a broadcast's whole teletext has a few gigabytes; an hour of subtitles has a few megabytes. */
const MOST_BYTES = 2 ** 30;

type CaptionRun = Omit<Parameters<typeof runFfmpeg>[2], 'cwd' | 'writes'>;

/**
 * Reads the closed captions of a stream: a track of them, the subtitles of a teletext, or those inside a picture's packets (CEA-608 and -708 in SEI or user data),
 * which ffmpeg's decoders give to its `movie` alone. ffmpeg passes on their bytes and we read them, since its own reader takes every
 * channel for the first one. Times count from the file's start. Files on the way begin with `path`. Throws as `runFfmpeg`.
 */
export async function captionsOf(
  ffmpeg: string,
  { source, path }: { readonly source: Source; readonly path: string },
  options: CaptionRun,
): Promise<ReadCaptions> {
  const { probe, stream } = source;
  const { codec, tags, video = undefined } = probe.streams[stream] ?? { codec: '', tags: { language: undefined } };
  const isTeletext = codec === 'dvb_teletext';
  const isTrack = isTeletext || codec === 'eia_608';
  const cwd = dirname(path);
  const [data, times] = [`${path}.bytes`, `${path}.times`];
  try {
    const input = isTrack ? timedInputArguments(source.path, probe.access) : await linkedInput(source, cwd);
    const copy = ['-map', isTrack ? `0:${stream}` : '0:s:0', '-c:s', 'copy'];
    const outputs = [
      ...copy,
      '-f',
      'data',
      `file:${data}`,
      ...copy,
      '-f',
      'framecrc',
      `file:${times}`,
      ...(isTrack ? countedFromStart(probe.access, [stream]) : []),
    ];
    await runFfmpeg(ffmpeg, [...ffmpegPreamble(), '-y', ...input, ...outputs], { ...options, cwd, writes: data });
    const { size } = await stat(data);
    if (size > MOST_BYTES)
      throw new ServiceError('bad-input', `its ${size} bytes are more than the ${MOST_BYTES} that are read`);
    const startSeconds = isTrack ? 0 : probe.startSeconds;
    const packets = packetsOf(await readFile(data), await readFile(times, 'utf8'), startSeconds);
    if (!isTeletext) return readCaptions(packets, probe.durationSeconds, isWide(video));
    const [language] = (tags.language ?? '').split(','); // ffmpeg lists those of all pages
    return readTeletext(packets, probe.durationSeconds, iso639(language));
  } finally {
    for (const file of [data, times, `${cwd}/${LINK}`]) await rm(file, { force: true });
  }
}

/** Whether the picture, as it is shown, is nearer to 16:9 than to 4:3. Nothing is known of it for a track of captions, which holds CEA-608 mostly. */
function isWide(video: VideoFacts | undefined): boolean {
  if (!video) return true;
  const { width, height } = shownSize(video);
  return width / height > 1.5;
}

async function linkedInput({ path, probe, stream }: Source, cwd: string): Promise<readonly string[]> {
  const [demuxer = ''] = probe.format.split(',');
  await rm(`${cwd}/${LINK}`, { force: true });
  await symlink(resolve(path), `${cwd}/${LINK}`);
  const movie = `movie=filename=${LINK}:format_name=${demuxer}:stream_index=${stream}[out0+subcc]`;
  return ['-copyts', '-f', 'lavfi', '-i', movie];
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
