import type { EncodeSpec } from '../codecs/encode-spec.ts';
import { codecOf } from '../codecs/index.ts';
import { COLOUR_FIELDS, type ColourField, SETPARAMS } from '../film/colour-codes.ts';
import { isRgb } from '../film/pixel-format.ts';
import type { Colour } from '../film/probe.ts';

/** Returns the arguments for the colours of the picture. */
export function colourArgs(spec: EncodeSpec): string[] {
  const { range } = spec.colour;
  const filter = primariesFilter(spec);
  return [statedColours(coloursOf(spec)), range && ['-color_range', range], filter && ['-bsf:v', filter]].flatMap(
    (group) => group || [],
  );
}

/**
 * Returns the filters by which the frames state these colours too, once they have the encoder's format: the scale filter would not convert
 * pictures of each matrix. From version 7.1 on, ffmpeg gives encoders the colours of their frames, whatever its options say, and converts
 * frames of another matrix than the option's.
 */
export function colourFilter(spec: EncodeSpec): string[] {
  const stated = coloursOf(spec);
  const { encoderFormat } = codecOf(spec);
  const said = COLOUR_FIELDS.flatMap((what) => {
    const name = what === 'matrix' && isRgb(encoderFormat) ? undefined : stated[what];
    return name === undefined ? [] : [`${SETPARAMS[what]}=${name}`];
  });
  return said.length > 0 ? [`format=${encoderFormat}`, `setparams=${said.join(':')}`] : [];
}

/**
 * Returns the colours that are stated to the encoder. Where some of them are known and not all, the others are stated as unknown: a decoder
 * may hand on a code without a meaning, with which x265 refuses to start.
 */
function coloursOf(spec: EncodeSpec): Pick<Colour, ColourField> {
  const { primaries, transfer, matrix } = spec.colour;
  const rest = primaries || transfer || matrix ? 'unknown' : undefined;
  return {
    primaries: primariesFilter(spec) === undefined ? (primaries ?? rest) : 'unknown',
    transfer: transfer ?? rest,
    matrix: matrix ?? rest,
  };
}

/** ffmpeg's options for the colours that are known, of the stream that `specifier` names. */
export const statedColours = (
  { primaries, transfer, matrix }: Pick<Colour, 'primaries' | 'transfer' | 'matrix'>,
  specifier = '',
): readonly string[] =>
  Object.entries({ '-color_primaries': primaries, '-color_trc': transfer, '-colorspace': matrix }).flatMap(
    ([option, name]) => (name === undefined ? [] : [`${option}${specifier}`, nameFor(option, name)]),
  );

/** x265 and x264 know no primaries of EBU Tech 3213 (code 22 of ITU-T H.273), which are written into their streams afterwards. */
function primariesFilter(spec: EncodeSpec): string | undefined {
  const filter = { hevc: 'hevc_metadata', h264: 'h264_metadata' }[codecOf(spec).decodesAs];
  return filter && spec.colour.primaries === 'ebu3213' ? `${filter}=colour_primaries=22` : undefined;
}

/** Names that differ between ffmpeg's options and ffprobe's output. */
const OPTION_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '-color_trc': { bt470m: 'gamma22', bt470bg: 'gamma28' },
  '-colorspace': { gbr: 'rgb' },
};

const nameFor = (option: string, name: string): string => OPTION_NAMES[option]?.[name] ?? name;
