import type { EncodeSpec } from '../codecs/encode-spec.ts';
import { codecOf } from '../codecs/index.ts';
import { setSar } from '../film/frame-size.ts';
import type { DecodeStart } from '../segments/reach.ts';

/** Reached by itself, it drops `lead` frames after filtering and gives `frames`. */
export type SegmentWindow = DecodeStart & {
  readonly lead: number;
  /** None for the last segment: a frame too many must show. */
  readonly frames: number | undefined;
  /** Where a network is to see more than the segment: that begins behind so many frames, and has so many itself. */
  readonly within?: { readonly before: number; readonly frames: number | undefined };
};

/**
 * How one segment is made, one group of arguments a line, in ffmpeg's order: the piece leaves as NUT on stdout; where the
 * picture is to be enlarged, its raw frames do instead. Pure.
 */
export function segmentArgs(task: {
  readonly input: readonly string[];
  readonly stream: number;
  readonly window: SegmentWindow;
  readonly spec: EncodeSpec;
}): string[] {
  const { input, stream, window, spec } = task;
  return [
    ['-hide_banner', '-nostdin', '-v', 'error', '-max_error_rate', '1', '-noautorotate'],
    window.seekSeconds !== undefined && ['-ss', window.seekSeconds.toFixed(6)],
    input,
    ['-map', `0:${stream}`, '-map_metadata', '-1', '-map_chapters', '-1'],
    filterArgs(spec, window),
    window.frames !== undefined && ['-frames:v', `${window.frames}`],
    ...(spec.enlarge ? [rawArgs(spec)] : [encoderArgs(spec), pieceArgs()]),
  ].flatMap((group) => group || []);
}

/** How the frames of a source are given to the encoders of its segments: filtered, raw, as NUT on stdout. */
export function feedArgs(input: readonly string[], stream: number, spec: EncodeSpec): string[] {
  return [
    ['-hide_banner', '-nostdin', '-v', 'error', '-max_error_rate', '1', '-noautorotate'],
    input,
    ['-map', `0:${stream}`],
    spec.filters.length > 0 ? ['-vf', spec.filters.join(',')] : [],
    rawArgs(spec),
  ].flat();
}

/** Frames as they are, each at its time, as NUT on stdout. */
const rawArgs = (spec: EncodeSpec): string[] =>
  [
    ['-fps_mode', 'passthrough', '-enc_time_base', '-1'],
    ['-pix_fmt', spec.enlarge?.from.pixelFormat ?? spec.pixelFormat],
    ['-c:v', 'rawvideo', '-f', 'nut', 'pipe:1'],
  ].flat();

/** How a segment is made of frames that come as NUT on stdin. */
export function fedArgs(spec: EncodeSpec): string[] {
  const { sar, colour, filters, enlarge } = spec;
  // raw video says nothing of range, and full-range 4:2:0 has no raw name of its own
  const marks = [
    ...(enlarge?.finish ?? []),
    setSar(sar),
    ...(colour.range === 'pc' ? ['setparams=range=pc'] : []),
    ...filters.filter((filter) => filter.startsWith('setparams=')),
  ];
  return [
    ['-hide_banner', '-nostdin', '-v', 'error', '-f', 'nut', '-i', 'pipe:0', '-map', '0:v:0'],
    ['-vf', marks.join(',')],
    encoderArgs({ ...spec, pixelFormat: rawPixelFormat(spec) }),
    pieceArgs(),
  ].flat();
}

export const rawPixelFormat = ({ pixelFormat }: Pick<EncodeSpec, 'pixelFormat'>): string =>
  pixelFormat.replace('yuvj', 'yuv');

/** The encoder's part, which is also the piece's whole shape; everything in it comes from the spec. */
export function encoderArgs(spec: EncodeSpec): string[] {
  return [
    ['-fps_mode', 'passthrough', '-enc_time_base', '-1'],
    ['-pix_fmt', codecOf(spec).encoderFormat],
    codecOf(spec).arguments,
    colourArgs(spec),
  ].flat();
}

const from = (frame: number): string[] => (frame > 0 ? [`trim=start_frame=${frame}`] : []);

/** Counted from 0: of a piece of a few frames, ffmpeg's concat script finds no start, and takes it to be there. */
const pieceArgs = (): string[] =>
  [
    ['-fflags', '+bitexact', '-avoid_negative_ts', 'make_zero'],
    ['-progress', 'pipe:3', '-f', 'nut', 'pipe:1'],
  ].flat();

function colourArgs({ colour }: EncodeSpec): string[] {
  const { primaries, transfer, matrix, range } = colour;
  return [
    primaries && ['-color_primaries', primaries],
    transfer && ['-color_trc', TRANSFERS[transfer] ?? transfer],
    matrix && ['-colorspace', MATRICES[matrix] ?? matrix],
    range && ['-color_range', range],
  ].flatMap((group) => group || []);
}

/** What ffmpeg's options call otherwise than ffprobe does. */
const TRANSFERS: Readonly<Record<string, string>> = { bt470m: 'gamma22', bt470bg: 'gamma28' };
const MATRICES: Readonly<Record<string, string>> = { gbr: 'rgb' };

function filterArgs(spec: EncodeSpec, { skip, lead }: SegmentWindow): string[] {
  const filters = [...from(skip), ...spec.filters, ...from(lead)];
  return filters.length > 0 ? ['-vf', filters.join(',')] : [];
}
