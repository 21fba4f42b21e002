import { boxesOf } from '../bytes/boxes.ts';
import { childOf, uintIn } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';
import { COLOUR_FIELDS, nameOfCode, SETPARAMS, UNSPECIFIED } from './colour-codes.ts';
import { hdrKind } from './hdr.ts';
import { isRgb } from './pixel-format.ts';
import type { StatedColour, Stream, VideoFacts } from './probe.ts';
import { PICTURE_ENTRY } from './shown-part.ts';

/** How many bytes stand before the first sample entry of an stsd box: its header, version, flags and count. */
const BEFORE_ENTRIES = 16;

/** Reads the colours of the first sample entry of an stsd box (colr, ISO/IEC 14496-12 12.1.5; QuickTime's nclc has no range). */
export function colourOfEntry(stsd: Buffer): StatedColour {
  const [entry] = boxesOf(stsd, BEFORE_ENTRIES, stsd.length);
  const colr = entry && boxesOf(stsd, entry.body + PICTURE_ENTRY, entry.end).find(({ type }) => type === 'colr');
  const said = colr ? stsd.subarray(colr.body, colr.end) : Buffer.alloc(0);
  const kind = said.toString('latin1', 0, 4);
  if ((kind !== 'nclx' && kind !== 'nclc') || said.length < 10) return {};
  const range =
    kind === 'nclx' && said.length > 10 ? { range: ((said[10] ?? 0) & 0x80 ? 'pc' : 'tv') as 'pc' | 'tv' } : {};
  return { ...named(said.readUInt16BE(4), said.readUInt16BE(6), said.readUInt16BE(8)), ...range };
}

/** Returns the element with the colours of a track's entry in Matroska (RFC 9559 5.1.4.1.28.16). */
export function colourElement(entry: Buffer): Buffer | undefined {
  const video = childOf(entry, MKV.Video);
  return video && childOf(video, COLOUR);
}

const [COLOUR, MATRIX, RANGE, TRANSFER, FIRST] = [0x55b0, 0x55b1, 0x55b9, 0x55ba, 0x55bb];

/** Reads the colours of a track's entry in Matroska. */
export function colourOfTrack(entry: Buffer): StatedColour {
  const colour = colourElement(entry);
  if (!colour) return {};
  const [primaries, transfer, matrix, range] = [FIRST, TRANSFER, MATRIX, RANGE].map((id) =>
    Number(uintIn(childOf(colour, id)) ?? 2),
  );
  return {
    ...named(primaries, transfer, matrix),
    ...(range === 1 && childOf(colour, RANGE) && { range: 'tv' as const }),
    ...(range === 2 && childOf(colour, RANGE) && { range: 'pc' as const }),
  };
}

function named(...codes: readonly (number | undefined)[]): StatedColour {
  const stated = COLOUR_FIELDS.map((what, i) => {
    const code = codes[i] ?? UNSPECIFIED;
    return { what, code, name: nameOfCode(what, code) };
  });
  const meaningless = stated.flatMap(({ what, code, name }) =>
    name === undefined && code !== UNSPECIFIED ? [what] : [],
  );
  return {
    ...Object.fromEntries(stated.flatMap(({ what, name }) => (name === undefined ? [] : [[what, name]]))),
    ...(meaningless.length > 0 && { meaningless }),
  };
}

/**
 * Returns a picture's stream with the colours that its container states where the stream itself states none. ffprobe tells what the
 * decoder says, and some decoders say "unknown" in spite of the container (HEVC, AV1, VP9, ProRes). Where both say something, the
 * stream's word is taken, as players do, and the container's is kept to be told.
 */
export function withStatedColour(stream: Stream, stated: StatedColour): Stream {
  const { video } = stream;
  if (!video) return stream;
  const { primaries, transfer, range } = stated;
  // JPEG has one matrix (JFIF), which ffmpeg's decoder names for every picture
  const isOfPicture = (stated.matrix === 'gbr') === isRgb(video.pixelFormat) && stream.codec !== 'mjpeg';
  const matrix = isOfPicture ? stated.matrix : undefined;
  const { colour } = video;
  const differs = COLOUR_FIELDS.some((what) => {
    const [one, other] = [colour[what], { primaries, transfer, matrix }[what]];
    return one !== undefined && other !== undefined && kindOf(what, one) !== kindOf(what, other);
  });
  const isOfOtherRange = colour.range !== undefined && range !== undefined && colour.range !== range;
  const known = {
    ...colour,
    primaries: colour.primaries ?? primaries,
    transfer: colour.transfer ?? transfer,
    matrix: colour.matrix ?? matrix,
    range: colour.range ?? range,
  };
  const isUnsaid = COLOUR_FIELDS.some((what) => known[what] !== colour[what]);
  const { decodedMatrix } = video;
  const isMisnamed =
    known.matrix !== undefined &&
    decodedMatrix !== undefined &&
    kindOf('matrix', decodedMatrix) !== kindOf('matrix', known.matrix);
  const nothing = [
    ...(video.colourMeaningless ?? []),
    ...(stated.meaningless ?? []),
    ...(stated.matrix === 'gbr' && !isOfPicture ? (['matrix'] as const) : []),
  ];
  const meaningless = COLOUR_FIELDS.filter((what) => known[what] === undefined && nothing.includes(what));
  const { colourMeaningless: _, ...others } = video;
  return {
    ...stream,
    video: {
      ...others,
      colour: known,
      ...((differs || isOfOtherRange) && { colourStated: stated }),
      ...((isUnsaid || isMisnamed) && { colourByContainer: true as const }),
      ...(meaningless.length > 0 && { colourMeaningless: meaningless }),
    },
  };
}

/**
 * Returns the filter that gives pictures the colours of their container, where the decoder gives them others or none, and that takes codes
 * that mean nothing from them, with which encoders and converters fail. From version 7.1 on, ffmpeg converts pictures whose matrix is not
 * the one that the encoder is told.
 */
export function containerColours({ colour, colourByContainer, colourMeaningless = [] }: VideoFacts): readonly string[] {
  const said = COLOUR_FIELDS.flatMap((what) => {
    const value =
      (colourByContainer && colour[what]) ||
      (colour[what] === undefined && colourMeaningless.includes(what) && 'unknown');
    return value ? [`${SETPARAMS[what]}=${value}`] : [];
  });
  return said.length > 0 ? [`setparams=${said.join(':')}`] : [];
}

/** One name for names that mean the same: BT.601 has two for its matrix, and shares its curve with BT.709 and BT.2020 (H.273, tables 3 and 4). */
const kindOf = (what: keyof typeof ALIKE, name: string) =>
  (ALIKE[what] as readonly string[]).includes(name) ? ALIKE[what][0] : name;

const ALIKE = {
  primaries: ['bt470bg', 'smpte170m'],
  transfer: ['bt709', 'smpte170m', 'bt2020-10', 'bt2020-12', 'iec61966-2-4'],
  matrix: ['bt470bg', 'smpte170m'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Returns the warning about a container whose word for the colours is another than that of the pictures. */
export function contradictionTold({
  colour,
  colourStated,
}: Pick<VideoFacts, 'colour' | 'colourStated'>): string | false {
  if (!colourStated) return false;
  const inWords = ({ primaries, transfer, matrix }: StatedColour) =>
    [...new Set([primaries, transfer, matrix].flatMap((tag) => (tag ? [hdrKind(tag) ?? tag] : [])))].join('/');
  const { range } = colourStated;
  const isOfOtherRange = range !== undefined && colour.range !== undefined && range !== colour.range;
  const withRange = (said: StatedColour) =>
    [inWords(said), isOfOtherRange && said.range && `of the ${RANGES[said.range]} range`].filter(Boolean).join(', ');
  return `the container says that the colours are ${withRange(colourStated)}, and the pictures themselves that they are ${withRange(colour)}: the pictures' word is taken, as players do`;
}

const RANGES = { pc: 'full', tv: 'limited' } as const;

/** Returns the warning about codes of colours that mean nothing. */
export const meaninglessTold = ({ colourMeaningless: fields }: Pick<VideoFacts, 'colourMeaningless'>): string | false =>
  fields !== undefined &&
  `a code that means nothing for this picture stands where its colours are told (${fields.join(', ')}; ITU-T H.273): it counts as not said`;
