import type { EncodeSpec } from '../codecs/encode-spec.ts';
import { codecOf } from '../codecs/index.ts';
import { ffmpegPreamble } from '../ffmpeg-preamble.ts';
import { filtersFrom } from '../fields/field-filters.ts';
import { setSar } from '../film/frame-size.ts';
import { INCREASING_TIMES } from '../film/increasing-times.ts';
import { type DecodeStart, type FeedStart, seekArgs } from '../segments/reach.ts';
import { colourArgs, colourFilter } from './colour-args.ts';
import { keyframeArgs } from './keyframe-args.ts';

/** The frames of a segment: after seeking and filtering, `lead` frames are dropped and `frames` frames are encoded. */
export type SegmentWindow = DecodeStart & {
  readonly lead: number;
  /** Undefined for the last segment, so that a frame too many is noticed. */
  readonly frames: number | undefined;
  /** The segment within the frames, if a network needs more of them: the frames before it, and its own number of frames. */
  readonly within?: { readonly before: number; readonly frames: number | undefined };
};

/** What makes a piece of a segment: where ffmpeg reads, and what it makes of the frames. */
type SegmentTask = {
  readonly input: readonly string[];
  readonly stream: number;
  readonly window: SegmentWindow;
  readonly spec: EncodeSpec;
  /** The file of a second encoder's packets, for codecs that have one. */
  readonly beside?: string | undefined;
  readonly keyframes?: readonly number[] | undefined;
  /** How long the ticks of the frames are, where they are shorter than those of the input. */
  readonly ticks?: string | undefined;
};

/**
 * ffmpeg's arguments for one segment. The encoded piece, or the raw frames if the picture is to be enlarged, go to stdout as
 * NUT.
 */
export const segmentArgs = (task: SegmentTask): string[] => segmentsArgs([task]);

/**
 * ffmpeg's arguments for pieces of several renditions that are read from the same place, by one decode. The first piece goes to
 * stdout, and the others to the pipes that `pipeOfPiece` names.
 */
export function segmentsArgs(tasks: readonly [SegmentTask, ...SegmentTask[]]): string[] {
  const [{ input, window }] = tasks;
  return [
    [...ffmpegPreamble({ acceptsErrors: true, log: 'level+info' }), '-noautorotate'],
    [...seekArgs(window), ...input],
    ...tasks.map((task, i) => pieceOf(task, pipeOfPiece(i))),
  ].flat();
}

/** The file descriptor to which ffmpeg writes each piece of several. Pipe 3 is for its progress. */
export const pipeOfPiece = (i: number): number => (i === 0 ? 1 : i + 3);

function pieceOf({ stream, window, spec, beside, keyframes, ticks }: SegmentTask, pipe: number): string[] {
  const picture = [
    ...['-map', `0:${stream}`, '-map_metadata', '-1', '-map_chapters', '-1'],
    ...filterArgs(spec, window, spec.enlarge ? [] : colourFilter(spec)),
    ...(window.frames === undefined ? [] : ['-frames:v', `${window.frames}`]),
  ];
  return [
    picture,
    ...(spec.enlarge
      ? [rawArgs(spec, ticks)]
      : [encoderArgs(spec, ticks), keyframeArgs(spec, keyframes), pieceArgs(pipe)]),
    besideArgs(spec, picture, { path: beside, ticks }),
  ].flatMap((group) => group || []);
}

/** ffmpeg's arguments that give all filtered frames of a source, or of a stretch of it, raw, as NUT on stdout. */
export function feedArgs(
  input: readonly string[],
  stream: number,
  spec: EncodeSpec,
  { frame, dropped }: Pick<FeedStart, 'frame' | 'dropped'> = { frame: 0, dropped: 0 },
): string[] {
  const filters = [INCREASING_TIMES, ...trimmedTo(dropped), ...filtersFrom(spec, frame)];
  return [
    [...ffmpegPreamble({ acceptsErrors: true, log: 'level+info' }), '-noautorotate'],
    input,
    ['-map', `0:${stream}`, '-vf', filters.join(',')],
    rawArgs(spec, spec.ticks),
  ].flat();
}

/** ffmpeg's arguments for raw frames, each at its own time, as NUT on stdout. */
const rawArgs = (spec: EncodeSpec, ticks?: string): string[] =>
  [
    timesAsTheyAre(ticks),
    ['-pix_fmt', spec.enlarge?.from.pixelFormat ?? spec.pixelFormat],
    ['-c:v', 'rawvideo', '-f', 'nut', 'pipe:1'],
  ].flat();

/** ffmpeg's arguments that encode a segment from raw frames, which come as NUT on stdin. */
export function fedArgs(
  spec: EncodeSpec,
  {
    keyframes,
    beside,
  }: { readonly keyframes?: readonly number[] | undefined; readonly beside?: string | undefined } = {},
): string[] {
  const { sar, colour, filters, enlarge } = spec;
  const raw = { ...spec, pixelFormat: rawPixelFormat(spec) };
  // raw video does not carry the range, and full-range 4:2:0 has no raw format of its own
  const marks = [
    ...(enlarge?.finish ?? []),
    setSar(sar),
    ...(colour.range === 'pc' ? ['setparams=range=pc'] : []),
    ...filters.filter((filter) => filter.startsWith('setparams=')),
    ...colourFilter(raw),
  ];
  const picture = ['-map', '0:v:0', '-vf', marks.join(',')];
  return [
    [...ffmpegPreamble(), '-f', 'nut', '-i', 'pipe:0'],
    picture,
    encoderArgs(raw),
    keyframeArgs(spec, keyframes),
    pieceArgs(),
    besideArgs(spec, picture, { path: beside }),
  ].flat();
}

/** Whether a piece is packed from the packets of two encoders. */
export const hasBeside = (spec: EncodeSpec): boolean => codecOf(spec).besideArguments !== undefined;

/** A second output of the same frames by a second encoder, in a file. */
function besideArgs(
  spec: EncodeSpec,
  picture: readonly string[],
  { path, ticks }: { readonly path: string | undefined; readonly ticks?: string | undefined },
): string[] {
  const { besideArguments, encoderFormat } = codecOf(spec);
  if (path === undefined || !besideArguments) return [];
  return [
    [...picture, ...timesAsTheyAre(ticks), '-pix_fmt', encoderFormat],
    [...besideArguments, '-fflags', '+bitexact', '-avoid_negative_ts', 'make_zero', '-y', '-f', 'nut', `file:${path}`],
  ].flat();
}

/** The pixel format of raw frames, which has no variant for full range (yuvj). */
export const rawPixelFormat = ({ pixelFormat }: Pick<EncodeSpec, 'pixelFormat'>): string =>
  pixelFormat.replace('yuvj', 'yuv');

/** Every frame at its own time. ffmpeg would round the times to the input's ticks. */
const timesAsTheyAre = (ticks = '-1'): string[] => ['-fps_mode', 'passthrough', '-enc_time_base', ticks];

/** ffmpeg's arguments for the encoder. They depend on the spec alone and determine the piece. */
export function encoderArgs(spec: EncodeSpec, ticks?: string): string[] {
  return [
    timesAsTheyAre(ticks),
    ['-pix_fmt', codecOf(spec).encoderFormat],
    codecOf(spec).arguments,
    colourArgs(spec),
  ].flat();
}

const trimmedTo = (frame: number): string[] => (frame > 0 ? [`trim=start_frame=${frame}`] : []);

/** A piece's times begin at 0: ffmpeg's concat demuxer finds no start in a piece of a few frames and assumes 0. */
const pieceArgs = (pipe = 1): string[] =>
  [
    ['-fflags', '+bitexact', '-avoid_negative_ts', 'make_zero'],
    ['-progress', 'pipe:3', '-f', 'nut', `pipe:${pipe}`],
  ].flat();

function filterArgs(spec: EncodeSpec, { skip, lead, from = 0 }: SegmentWindow, marks: readonly string[]): string[] {
  const filters = [...trimmedTo(skip), ...filtersFrom(spec, from), ...trimmedTo(lead), ...marks];
  return filters.length > 0 ? ['-vf', filters.join(',')] : [];
}
