import { boxesOf } from '../bytes/boxes.ts';
import { childOf, uintIn } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';
import { hdrKind } from './hdr.ts';
import { isRgb } from './pixel-format.ts';
import type { StatedColour, Stream, VideoFacts } from './probe.ts';
import { PICTURE_ENTRY } from './shown-part.ts';

/** H.273's codes by ffmpeg's names. */
const PRIMARIES = names(
  '1 bt709, 4 bt470m, 5 bt470bg, 6 smpte170m, 7 smpte240m, 8 film, 9 bt2020, 10 smpte428, 11 smpte431, 12 smpte432, 22 ebu3213',
);
const TRANSFERS = names(
  '1 bt709, 4 bt470m, 5 bt470bg, 6 smpte170m, 7 smpte240m, 8 linear, 9 log100, 10 log316, 11 iec61966-2-4, 12 bt1361e, 13 iec61966-2-1, 14 bt2020-10, 15 bt2020-12, 16 smpte2084, 17 smpte428, 18 arib-std-b67',
);
const MATRICES = names(
  '0 gbr, 1 bt709, 4 fcc, 5 bt470bg, 6 smpte170m, 7 smpte240m, 8 ycgco, 9 bt2020nc, 10 bt2020c, 11 smpte2085, 12 chroma-derived-nc, 13 chroma-derived-c, 14 ictcp',
);

function names(list: string): ReadonlyMap<number, string> {
  return new Map(
    list.split(', ').map((each) => {
      const [code = '', name = ''] = each.split(' ');
      return [Number(code), name] as const;
    }),
  );
}

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

function named(primaries = 2, transfer = 2, matrix = 2): StatedColour {
  const [first, curve, coefficients] = [PRIMARIES.get(primaries), TRANSFERS.get(transfer), MATRICES.get(matrix)];
  return {
    ...(first !== undefined && { primaries: first }),
    ...(curve !== undefined && { transfer: curve }),
    ...(coefficients !== undefined && { matrix: coefficients }),
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
  const differs = (['primaries', 'transfer', 'matrix'] as const).some((what) => {
    const [one, other] = [colour[what], { primaries, transfer, matrix }[what]];
    return one !== undefined && other !== undefined && kindOf(what, one) !== kindOf(what, other);
  });
  const known = {
    ...colour,
    primaries: colour.primaries ?? primaries,
    transfer: colour.transfer ?? transfer,
    matrix: colour.matrix ?? matrix,
    range: colour.range ?? range,
  };
  const isUnsaid = (['primaries', 'transfer', 'matrix'] as const).some((what) => known[what] !== colour[what]);
  const { decodedMatrix } = video;
  const isMisnamed =
    known.matrix !== undefined &&
    decodedMatrix !== undefined &&
    kindOf('matrix', decodedMatrix) !== kindOf('matrix', known.matrix);
  return {
    ...stream,
    video: {
      ...video,
      colour: known,
      ...(differs && { colourStated: stated }),
      ...((isUnsaid || isMisnamed) && { colourByContainer: true as const }),
    },
  };
}

/**
 * Returns the filter that gives pictures the colours of their container, where the decoder gives them others or none. From version 7.1
 * on, ffmpeg converts pictures whose matrix is not the one that the encoder is told.
 */
export function containerColours({ colour, colourByContainer }: VideoFacts): readonly string[] {
  if (!colourByContainer) return [];
  const { primaries, transfer, matrix } = colour;
  const said = { color_primaries: primaries, color_trc: transfer, colorspace: matrix };
  return [
    `setparams=${Object.entries(said)
      .flatMap(([name, value]) => (value ? [`${name}=${value}`] : []))
      .join(':')}`,
  ];
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
  return `the container says that the colours are ${inWords(colourStated)}, and the pictures themselves that they are ${inWords(colour)}: the pictures' word is taken, as players do`;
}
