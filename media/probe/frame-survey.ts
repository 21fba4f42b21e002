import { createHash } from 'node:crypto';
import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { countedFromStart } from '../../core/film/access.ts';
import { damageScan } from '../../core/film/damage.ts';
import { frameColumns } from '../../core/film/frame-columns.ts';
import { KEY } from '../../core/film/frame-index.ts';
import { INCREASING_TIMES } from '../../core/film/increasing-times.ts';
import { speakerIn } from '../../core/film/log-speakers.ts';
import { sharedTimes } from '../../core/film/shared-times.ts';
import { shownPicture } from '../../core/film/showinfo-line.ts';
import type { DecodedFrames, Source } from '../../core/ports/film-reader.ts';
import type { WorkOptions } from '../../core/ports/work-options.ts';
import { parseRational, type Rational } from '../../core/units.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { decodingThreads, timedInputArguments } from './input-arguments.ts';

/**
 * Decodes the picture once and hashes every frame, which a file without reliable packet times needs. The hash of an interlaced
 * frame includes which of its fields comes first: a deinterlacer makes other pictures of the same lines in another order.
 */
export async function frameSurvey(ffmpeg: string, source: Source, options: WorkOptions): Promise<DecodedFrames> {
  const video = source.probe.streams.find(({ index }) => index === source.stream)?.video;
  const tellsFields = video?.fieldOrder !== 'progressive';
  try {
    return await survey(ffmpeg, source, { ...options, isLogged: true, tellsFields });
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'bad-input') throw error;
    // its last words are about single frames, and not about what went wrong
    return survey(ffmpeg, source, { ...options, isLogged: false, tellsFields: false });
  }
}

/** So many places of errors are remembered; a film with more is damaged everywhere. */
const MOST_ERRORS = 1000;

type Logging = { readonly isLogged: boolean; readonly tellsFields: boolean };

type FrameRow = { readonly pts: number; readonly hash: string };

async function survey(
  ffmpeg: string,
  source: Source,
  { signal, onProgress, isLogged, tellsFields }: WorkOptions & Logging,
): Promise<DecodedFrames> {
  const columns = frameColumns();
  const isBare = source.probe.streams.length === 1; // a stream without a container may have no start time
  let origin = 0;
  let timeBase: Rational | undefined;
  const rows: FrameRow[] = []; // hashes and fields come through two pipes
  const fields: string[] = [];
  let last = Number.NEGATIVE_INFINITY;
  const speaker = speakerIn(source.probe, source.stream);
  const damage = damageScan((line) => (speaker(line) ?? 'picture') !== 'picture');
  const shared = sharedTimes();
  const addRow = ({ pts, hash }: FrameRow, field = 'P') => {
    if (columns.count === 0 && isBare) origin = pts;
    // the filter that moves times is made anew where the picture changes, and then forgets the time before
    last = Math.max(pts, last + 1);
    if (isLogged) shared.shown(last);
    columns.add(last - origin, KEY, field === 'P' ? hash : fieldHash(hash, field));
    onProgress(columns.count);
  };
  const drain = () => {
    for (let row = rows[0]; row && (!tellsFields || fields.length > 0); row = rows[0]) {
      addRow(row, fields.shift());
      rows.shift();
    }
  };
  await runFfmpeg(ffmpeg, frameHashArgs(source, isLogged), {
    signal,
    blame: 'bad-input',
    doing: 'decoding the source',
    onStderrLine: (line) => {
      damage.line(line);
      shared.line(line);
      const picture = shownPicture(line);
      if (picture?.kind !== 'picture' || !tellsFields) return;
      fields.push(picture.field ?? 'P');
      drain();
    },
    onStdoutLine: (line) => {
      timeBase = parseRational(/^#tb 0: (\S+)/.exec(line)?.[1]) ?? timeBase;
      // stream, dts, pts, duration, size, hash
      const columnsOfLine = line.startsWith('#') ? [] : line.split(',').map((column) => column.trim());
      if (columnsOfLine.length < 6) return;
      rows.push({ pts: Number(columnsOfLine[2]), hash: columnsOfLine[5] ?? '' });
      drain();
    },
  });
  for (const row of rows) addRow(row);
  if (!timeBase || columns.count === 0) throw new ServiceError('not-video', 'the file decodes to no frame at all');
  const errorsAt = damage.frames();
  const isKnown = isLogged && errorsAt.length <= MOST_ERRORS;
  const moved = shared.found(timeBase);
  return { index: columns.index('frames', timeBase), ...(isKnown && { errorsAt }), ...(moved && { moved }) };
}

const fieldHash = (hash: string, field: string) => createHash('sha256').update(hash).update(field).digest('hex');

/** These arguments fix everything that the hashes of decoded frames depend on, so that a tool's defaults do not matter. */
const frameHashArgs = ({ path, stream, probe }: Source, isLogged: boolean): string[] => [
  ...ffmpegPreamble({ acceptsErrors: true, log: isLogged ? 'level+info' : 'error' }),
  '-noautorotate',
  ...decodingThreads(probe),
  ...timedInputArguments(path, probe.access),
  ...['-map', `0:${stream}`, '-vf', isLogged ? `showinfo=checksum=0,${INCREASING_TIMES}` : INCREASING_TIMES],
  ...['-fps_mode', 'passthrough', '-enc_time_base', '-1'],
  ...['-f', 'framehash', '-hash', 'SHA512/256', 'pipe:1'],
  ...countedFromStart(probe.access, [stream]),
];
