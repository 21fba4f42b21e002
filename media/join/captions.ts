import { readFile, rm, stat, symlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { iso639 } from '../../core/description/language.ts';
import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { countedFromStart } from '../../core/film/counted-from-start.ts';
import { groupStart, orderByTimes } from '../../core/film/decoding-order.ts';
import { type FrameTimes, presentationTimes } from '../../core/film/frame-index.ts';
import type { VideoFacts } from '../../core/film/probe.ts';
import { shownSize } from '../../core/film/shown-size.ts';
import type { CaptionSource } from '../../core/ports/sidecars.ts';
import { hasGroups, spreadOverGroups } from '../../core/subtitles/group-captions.ts';
import { type CaptionBytes, type ReadCaptions, readCaptions } from '../../core/subtitles/read-captions.ts';
import { readTeletext } from '../../core/subtitles/read-teletext.ts';
import { toNumber } from '../../core/units.ts';
import { decodedOrder } from '../probe/decoded-order.ts';
import { timedInputArguments } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';

/** The source's name within the graph, where its own would need escaping. */
const LINK = 'captions-source';

/** A day of a broadcast's whole teletext has a few gigabytes; an hour of subtitles has a few megabytes. */
const MOST_BYTES = 2 ** 30;

/** ffprobe tells the order of pictures whose packets have no times. */
export type CaptionTools = { readonly ffmpeg: string; readonly ffprobe: string };
type CaptionRun = Omit<Parameters<typeof runFfmpeg>[2], 'cwd' | 'writes'>;

/**
 * Reads the closed captions of a stream: a track of them, the subtitles of a teletext, or those inside a picture's packets (CEA-608 and -708 in SEI or user data),
 * which ffmpeg's decoders give to its `movie` alone. ffmpeg passes on their bytes and we read them, since its own reader takes every
 * channel for the first one. Times count from the file's start. Files on the way begin with `path`. Throws as `runFfmpeg`.
 */
export async function captionsOf(
  tools: CaptionTools,
  { source, path }: { readonly source: CaptionSource; readonly path: string },
  options: CaptionRun,
): Promise<ReadCaptions> {
  const { probe, stream, index } = source;
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
    await runFfmpeg(tools.ffmpeg, [...ffmpegPreamble(), '-y', ...input, ...outputs], { ...options, cwd, writes: data });
    const { size } = await stat(data);
    if (size > MOST_BYTES)
      throw new ServiceError('bad-input', `its ${size} bytes are more than the ${MOST_BYTES} that are read`);
    const startSeconds = isTrack || isNumbered(index) ? 0 : probe.startSeconds;
    const packets = packetsOf(await readFile(data), await readFile(times, 'utf8'), startSeconds);
    if (isTrack && !isTeletext) return readCaptions(packets, probe.durationSeconds, isWide(video));
    if (!isTeletext) {
      const timed = [...(isNumbered(index) ? withTimes(packets, index) : packets)];
      const shown = hasGroups(timed) ? await spread(tools, { packets: timed, source }, options.signal) : timed;
      return readCaptions(shown, isNumbered(index) ? endOf(index) : probe.durationSeconds, isWide(video));
    }
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

/** Whether only decoding told the times of the pictures: then a picture is known by its number. */
const isNumbered = ({ from }: FrameTimes): boolean => from === 'frames';

/** Packets whose times are the numbers of their pictures, in seconds, with the times of these. */
function* withTimes(packets: Iterable<CaptionBytes>, index: FrameTimes): Generator<CaptionBytes> {
  const times = presentationTimes(index);
  const tick = toNumber(index.timeBase);
  for (const { seconds, data } of packets) {
    const time = times[Math.round(seconds)];
    if (time !== undefined) yield { seconds: time * tick, data };
  }
}

/** When a film of decoded pictures ends: the last is shown as long as the one before it. */
function endOf(index: FrameTimes): number {
  const times = presentationTimes(index);
  const [before = 0, last = 0] = times.subarray(-2);
  return (times.length < 2 ? before : 2 * last - before) * toNumber(index.timeBase);
}

/** The captions of groups of pictures, at the times of the pictures to which they belong. */
async function spread(
  tools: CaptionTools,
  { packets, source }: { readonly packets: readonly CaptionBytes[]; readonly source: CaptionSource },
  signal: AbortSignal,
): Promise<readonly CaptionBytes[]> {
  const { index } = source;
  const order = isNumbered(index) ? await decodedOrder(tools, source, signal) : orderByTimes(index.pts, index.flags);
  return spreadOverGroups(packets, (seconds) => groupStart(seconds, index, order));
}

/** A source whose packets of the picture have no times gives each caption the number of its picture for its time. */
async function linkedInput({ path, probe, stream, index }: CaptionSource, cwd: string): Promise<readonly string[]> {
  const [demuxer = ''] = probe.format.split(',');
  await rm(`${cwd}/${LINK}`, { force: true });
  await symlink(resolve(path), `${cwd}/${LINK}`);
  const movie = `movie=filename=${LINK}:format_name=${demuxer}:stream_index=${stream}${isNumbered(index) ? ',setpts=N/TB' : ''}[out0+subcc]`;
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
