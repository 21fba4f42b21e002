import { codecOf } from '../codecs/index.ts';
import { isSameTurn } from '../description/matroska-turn.ts';
import { isMatroska, isMovie, isPcm, mainVideo, type VideoFacts } from '../film/probe.ts';
import { sphereFactsDiffering } from '../film/projection.ts';
import { projectionOf, sphericalDifferences } from '../film/spherical.ts';
import { check, checkOfStream } from '../job/check-list.ts';
import type { Check } from '../job/manifest.ts';
import { logWords } from '../log-words.ts';
import { isSameTimecode } from '../streams/timecode.ts';
import { toNumber } from '../units.ts';
import { carriedTracks } from './carried-tracks.ts';
import { chapterTimes } from './chapter-times.ts';
import { copiedCover, copiedFile, coversFromBoxes } from './copied-files.ts';
import { descriptionChecks } from './description-checks.ts';
import type { Evidence, StreamEvidence } from './evidence.ts';
import { frameTimes, outputStartSeconds } from './frame-times.ts';
import { noteChecks } from './note-checks.ts';
import { copiedSurvey, isCover, outputStartOfPicture, pairs } from './planned-pairs.ts';
import { soundChecks } from './sound-checks.ts';
import { soundStart } from './sound-start.ts';
import { streamChecks } from './stream-checks.ts';
import { textTimes } from './text-times.ts';
import { tracksTogether } from './track-ends.ts';

/** Returns every check of a rendition, passed or failed. Nothing is published unless all have passed. */
export function checksOf(evidence: Evidence): readonly Check[] {
  return [
    decodes(evidence),
    frameTimes(evidence),
    ...besideChecks(evidence),
    ...soundChecks(evidence.sounds),
    duration(evidence),
    picture(evidence),
    ...sphere(evidence),
    ...descriptionChecks(evidence),
    ...noteChecks(evidence),
    codec(evidence),
    ...streamChecks(evidence),
    ...quality(evidence),
  ];
}

/** Returns the checks of the streams beside the picture. */
export const besideChecks = (evidence: Evidence): readonly Check[] => [
  inventory(evidence),
  ...copiedPackets(evidence),
  ...carriedTracks(evidence),
  ...textTimes(evidence),
  ...chapterTimes(evidence),
  soundStart(evidence),
  ...retimedSound(evidence),
  ...(evidence.stream ? [tracksTogether(evidence.stream)] : []),
];

function decodes({ decoded, seconds }: Evidence): Check {
  const passed = decoded.errors.length === 0 && decoded.frames === seconds.length;
  const errors = decoded.errors.length > 0 ? `; ${decoded.errors.slice(0, 3).map(logWords).join(' | ')}` : '';
  return check('decodes to the last frame', passed, `${decoded.frames} of ${seconds.length} frames${errors}`);
}

/**
 * Whether the output shows the planned timecode at its first picture, or none was planned. An MP4 or MOV has to show it in a track from its first
 * picture to its last one, and to count on between them; other containers have a text, which is that of the first picture.
 */
export function saysTimecode({
  timecode,
  output,
  seconds,
}: Pick<Evidence, 'timecode' | 'output' | 'seconds'>): boolean {
  const { probe } = output;
  if (timecode === undefined) return true;
  if (!isMovie(probe))
    return [probe, ...probe.streams].some(
      ({ tags }) => tags.timecode !== undefined && isSameTimecode(tags.timecode, timecode),
    );
  const { timecodeTrack: track } = probe;
  if (!track) return false;
  const [first, half] = [mainVideo(probe)?.startSeconds ?? 0, 0.5 / track.rate];
  const last = first + (seconds.at(-1) ?? 0) - (seconds.at(0) ?? 0);
  const isThere = track.from <= first + half && track.until > last - half;
  return isThere && !track.jumps && isSameTimecode(track.shown, timecode);
}

function inventory({ plans, timecode, output, matroska, seconds }: Evidence): Check {
  const wanted = plans.filter((plan) => plan.codecArgs).length + coversFromBoxes({ matroska }).length;
  const found = output.probe.streams.filter((stream) => stream.type !== 'data').length;
  const hasTimecode = saysTimecode({ timecode, output, seconds });
  const passed = found === wanted && hasTimecode;
  const timecodeText =
    timecode === undefined ? '' : `, timecode ${timecode} ${hasTimecode ? 'kept' : 'not at the first picture'}`;
  return check('every stream accounted for', passed, `${found} streams of ${wanted} planned${timecodeText}`);
}

function copiedPackets(evidence: Evidence): readonly Check[] {
  return pairs(evidence).flatMap((plan) => {
    const { stream, fate, codecArgs, is, made } = plan;
    // WebM's WebVTT has the settings of a text in its packet, and Matroska's has them beside it
    const isMoved = stream.webVttBlocks && fate === 'converted';
    if (codecArgs?.[0] !== 'copy' || isMoved) return [];
    if (stream.type === 'attachment') return [copiedFile(stream, made, is)];
    const was = copiedSurvey(plan, evidence);
    if (isCover(stream) && made?.type === 'attachment') return [copiedCover(stream, made, was)];
    const inPackets = `${is?.packets ?? 0} of ${was?.packets ?? 0} packets`;
    const isSame = was !== undefined && was.sha256 === is?.sha256 && (isPcm(stream) || was.packets === is.packets);
    const what = isPcm(stream) ? 'its samples' : inPackets;
    const [hidden, stillHidden] = [hiddenOf(stream.index, evidence.source.streams), is?.hiddenPackets ?? 0];
    const shows = hidden === stillHidden ? '' : `, ${hidden} hidden by edits, of which ${stillHidden} still are`;
    const detail = `${stream.codec}: ${what}, ${isSame ? 'equal' : 'not equal'} by hash${shows}`;
    const passed = isSame && shows === '';
    return [checkOfStream('stream N is copied bit for bit', stream.index, passed, detail)];
  });
}

const hiddenOf = (index: number, surveys: Evidence['source']['streams']) =>
  surveys.find(({ stream }) => stream === index)?.hiddenPackets ?? 0;

const MOST_DRIFT_SECONDS = 0.05;

/** Checks that retimed sound ends at its retimed end, to within one frame of the sound's encoder. */
function retimedSound(evidence: Evidence): readonly Check[] {
  const { source, output, seconds } = evidence;
  const { timeFactor } = evidence.spec;
  if (!timeFactor) return [];
  // Matroska has no time before 0: with an encoder's delay in its sound, everything in it is later
  const later = outputStartOfPicture(output) - (seconds.at(0) ?? 0);
  return pairs(evidence).flatMap(({ stream, is: made }) => {
    const was = source.streams.find((survey) => survey.stream === stream.index)?.endSeconds;
    const is = made?.endSeconds === undefined ? undefined : made.endSeconds - later;
    if (stream.type !== 'audio' || was === undefined) return [];
    const wanted = was * toNumber(timeFactor);
    const passed = is !== undefined && Math.abs(is - wanted) <= MOST_DRIFT_SECONDS;
    const detail = `ends at ${is?.toFixed(3) ?? 'no'} s, expected ${wanted.toFixed(3)} s`;
    return [checkOfStream('sound of stream N keeps step', stream.index, passed, detail)];
  });
}

/** Matroska's tick of 1 ms, and half of one for the rounding of ffmpeg's arguments. */
const MOST_END_SHIFT_SECONDS = 0.0015;

function duration({ seconds, source, mainStream, output, stream, lastSeconds, endsBySeconds }: Evidence): Check {
  const first = seconds.at(0) ?? 0;
  const last = seconds.at(-1) ?? 0;
  const only = source.streams.find((each) => each.stream === mainStream);
  // a single picture has no distance to the next one, so its own length counts
  const frame =
    seconds.length > 1 ? (last - first) / (seconds.length - 1) : (only?.endSeconds ?? 0) - (only?.firstSeconds ?? 0);
  // ffprobe only guesses how long a packet lasts where pictures are reordered
  const said = lastSeconds === undefined ? output.survey.streams[0]?.endSeconds : output.probe.durationSeconds;
  const end = stream ? first + shownSeconds(stream) : outputStartSeconds(output) + (said ?? 0);
  const isAsWanted = lastSeconds === undefined || Math.abs(end - last - lastSeconds) <= MOST_END_SHIFT_SECONDS;
  const longest = Math.max(4 * frame, 1, lastSeconds ?? 0) + MOST_END_SHIFT_SECONDS;
  // a film of varying rate may end with a picture as long as the one before
  const isInSource =
    end <= (endsBySeconds ?? end) + Math.max(4 * frame, 1, seconds.length > 1 ? last - (seconds.at(-2) ?? last) : 0);
  const passed = (stream ? end > last : end >= last) && end - last <= longest && isAsWanted && isInSource;
  return check(
    'lasts as long as the source',
    passed,
    `the last frame ends at ${end.toFixed(3)} s, shown at ${last.toFixed(3)} s${isInSource ? '' : `; the source ends at ${endsBySeconds?.toFixed(3)} s`}`,
  );
}

/** Returns how long the picture is shown by its fragments, as players count; ffprobe only guesses how long packets last. */
function shownSeconds({
  fragments: {
    picture: { fragments },
  },
}: StreamEvidence): number {
  const from = Math.min(...fragments.map(({ shown }) => shown.from));
  return Math.max(...fragments.map(({ shown }) => shown.to)) - from;
}

/** Compares size, pixel shape, colour, HDR metadata and rotation with the plan. */
function picture({ spec, source, output }: Evidence): Check {
  const made = mainVideo(output.probe)?.video;
  if (!made) return check('picture as planned', false, 'there is no picture stream');
  const { colour } = spec;
  const isRgb = spec.pixelFormat.startsWith('gbr');
  const isTurned = isMatroska(output.probe) && isSameTurn(source.video.displayMatrix, made.displayMatrix);
  const expected: readonly (readonly [string, unknown, unknown])[] = [
    ['width', spec.size.width, made.width],
    ['height', spec.size.height, made.height],
    ['pixel format', codecOf(spec).decodedFormat.replace('yuvj', 'yuv'), made.pixelFormat.replace('yuvj', 'yuv')],
    ['pixel shape', shape(spec.sar), shape(made.sar)],
    ['primaries', colour.primaries, made.colour.primaries],
    ['transfer', colour.transfer, made.colour.transfer],
    ['matrix', isRgb ? undefined : colour.matrix, made.colour.matrix],
    ['range', isRgb ? undefined : rangeOf(colour.range), rangeOf(made.colour.range)],
    ['mastering display', spec.masterDisplay, made.hdr.masterDisplay],
    ['content light', spec.contentLight, made.hdr.contentLight],
    ['rotation', rotation(source.video), isTurned ? rotation(source.video) : rotation(made)],
  ];
  const wrong = expected.filter(([, wanted, found]) => wanted !== undefined && wanted !== found);
  const detail = wrong.map(([name, wanted, found]) => `${name} is ${found}, not ${wanted}`).join('; ');
  return check('picture as planned', wrong.length === 0, detail || `${made.width}x${made.height} ${made.pixelFormat}`);
}

function sphere({ spherical, output }: Evidence): readonly Check[] {
  if (!spherical) return [];
  const differing = isMatroska(output.probe) ? sphereFactsDiffering : sphericalDifferences;
  const wrong = differing(spherical.wanted, spherical.found);
  const { st3d, sv3d, xmp, sa3d } = spherical.wanted;
  const there = [st3d && 'st3d', sv3d && 'sv3d', xmp && 'XMP', sa3d.size > 0 && `SA3D of ${sa3d.size}`].filter(Boolean);
  const detail =
    wrong.length > 0
      ? `${wrong.join(', ')} not as planned`
      : `${there.join(', ')}, ${projectionOf(spherical.wanted) ?? 'no projection'}`;
  return [check('spherical metadata as planned', wrong.length === 0, detail)];
}

function codec({ spec, codecString }: Evidence): Check {
  const expected = codecOf(spec).codecString;
  return check('codec as planned', expected.test(codecString), `${codecString}, expected ${expected.source}`);
}

const rotation = ({ displayMatrix }: VideoFacts) => displayMatrix?.join() ?? 'none';
const rangeOf = (range: 'tv' | 'pc' | undefined) => range ?? 'tv'; // video without a tag has limited range
const shape = ({ num, den }: { num: number; den: number }) => (num / den).toFixed(4);

function quality({ quality: report, lossless }: Evidence): readonly Check[] {
  const equal = lossless ? [check('every pixel as it was', lossless.equal, lossless.detail)] : [];
  return [...equal, ...(report?.checks ?? [])];
}
