import { readFile, rm, stat, symlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { iso639 } from '../../core/description/language.ts';
import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { countedFromStart } from '../../core/film/access.ts';
import { isMovie, type VideoFacts } from '../../core/film/probe.ts';
import { shownSize } from '../../core/film/shown-size.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import type { CaptionSource } from '../../core/ports/sidecars.ts';
import { type CaptionBytes, type ReadCaptions, readCaptions, TTML } from '../../core/subtitles/read-captions.ts';
import { readTeletext } from '../../core/subtitles/read-teletext.ts';
import { readTtml } from '../../core/subtitles/read-ttml.ts';
import { shownCaptions } from '../../core/subtitles/shown-captions.ts';
import { inputArguments, timedInputArguments } from '../probe/input-arguments.ts';
import { shownPartsOf } from '../probe/shown-parts.ts';
import { readStoredTexts } from '../probe/texts-of-mp4.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { atTheirPictures, type CaptionTools, endOfPictures, isNumbered } from './caption-times.ts';
import { movieCaptions } from './movie-captions.ts';

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
  tools: CaptionTools,
  { source, path }: { readonly source: CaptionSource; readonly path: string },
  options: CaptionRun,
): Promise<ReadCaptions> {
  const { probe, stream } = source;
  const { codec, tags, video = undefined } = probe.streams[stream] ?? { codec: '', tags: { language: undefined } };
  if (codec === 'stpp') return ttmlOf(tools.ffmpeg, { source, path }, options);
  const isTeletext = codec === 'dvb_teletext';
  const isTrack = isTeletext || codec === 'eia_608';
  const movie = isMovie(probe) ? await trackOf(source, options.signal) : undefined;
  const parts = movie?.parts;
  const lastEnd = probe.durationSeconds === undefined ? undefined : Number.POSITIVE_INFINITY;
  const stored = movie && codec === 'eia_608' ? await movieCaptions(source.path, movie, options.signal) : undefined;
  if (movie && stored) {
    const { packets, ...unread } = stored;
    return shownCaptions({ ...readCaptions(packets, lastEnd, isWide(video)), ...unread }, movie.parts, probe);
  }
  const cwd = dirname(path);
  const [data, times] = [`${path}.bytes`, `${path}.times`];
  try {
    const input = isTrack
      ? trackInput(source, parts !== undefined)
      : await linkedInput(source, cwd, parts !== undefined);
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
    const startSeconds = isTrack || parts || isNumbered(source) ? 0 : probe.startSeconds;
    const packets = packetsOf(await readFile(data), await readFile(times, 'utf8'), startSeconds);
    if (parts) return shownCaptions(readCaptions(packets, lastEnd, isWide(video)), parts, probe);
    if (isTrack && !isTeletext) return readCaptions(packets, probe.durationSeconds, isWide(video));
    if (!isTeletext) {
      const shown = await atTheirPictures(tools, { packets, source }, options.signal);
      return readCaptions(shown, endOfPictures(source), isWide(video));
    }
    const [language] = (tags.language ?? '').split(','); // ffmpeg lists those of all pages
    return readTeletext(packets, probe.durationSeconds, iso639(language));
  } finally {
    for (const file of [data, times, `${cwd}/${LINK}`]) await rm(file, { force: true });
  }
}

/** Reads a track of TTML of an MP4, whose documents have times by the clock of the track. */
async function ttmlOf(
  ffmpeg: string,
  { source: { path: film, probe, stream }, path }: { readonly source: Source; readonly path: string },
  { signal }: CaptionRun,
): Promise<ReadCaptions> {
  const bytesTo = `${path}.documents`;
  try {
    const track = { path: film, stream, bytesTo };
    const { texts: inTrack, parts } = await readStoredTexts(ffmpeg, track, signal);
    const { cues, unread, hasPictures } = readTtml(inTrack);
    const left = [
      ...(unread > 0 ? [`${unread} of its ${inTrack.length} documents`] : []),
      ...(hasPictures ? ['its pictures of text'] : []),
    ];
    return shownCaptions({ tracks: [{ channel: TTML, cues }], unread: left }, parts, probe);
  } finally {
    await rm(bytesTo, { force: true });
  }
}

/** Whether the picture, as it is shown, is nearer to 16:9 than to 4:3. Nothing is known of it for a track of captions, which holds CEA-608 mostly. */
function isWide(video: VideoFacts | undefined): boolean {
  if (!video) return true;
  const { width, height } = shownSize(video);
  return width / height > 1.5;
}

/** The track of a stream of an MP4 or MOV, and the parts of it that its edit list shows; undefined where nobody can tell. */
async function trackOf({ path, stream }: Source, signal: AbortSignal) {
  try {
    return await shownPartsOf(path, stream, signal);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'bad-input') return undefined;
    throw error;
  }
}

/** Captions that are shown at the beginning of an edit were sent before it, so that all bytes are read, with their times in the track. */
const WITHOUT_EDITS = ['-ignore_editlist', '1'] as const;

const trackInput = ({ path, probe }: Source, isWhole: boolean): readonly string[] =>
  isWhole ? ['-copyts', ...WITHOUT_EDITS, ...inputArguments(path, probe)] : timedInputArguments(path, probe.access);

/** A source whose packets of the picture have no times gives each caption the number of its picture for its time. */
async function linkedInput(source: CaptionSource, cwd: string, isWhole: boolean): Promise<readonly string[]> {
  const { path, probe, stream } = source;
  const [demuxer = ''] = probe.format.split(',');
  await rm(`${cwd}/${LINK}`, { force: true });
  await symlink(resolve(path), `${cwd}/${LINK}`);
  const whole = isWhole ? ':format_opts=ignore_editlist=1' : '';
  const numbered = !isWhole && isNumbered(source) ? ',setpts=N/TB' : '';
  const movie = `movie=filename=${LINK}:format_name=${demuxer}:stream_index=${stream}${whole}${numbered}[out0+subcc]`;
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
