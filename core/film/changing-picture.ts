import { formatRational } from '../units.ts';
import { type CountedColour, changingColours, coloursTold } from './changing-colours.ts';
import { type Size, setSar } from './frame-size.ts';
import { formatInWords, hasAlpha, richestFormat } from './pixel-format.ts';
import type { CodedPicture, PictureShape, Probe, VideoFacts } from './probe.ts';
import { rangeOptions } from './scale-filter.ts';
import { byShape, changesPixelShape } from './shaped-parts.ts';
import { containerColours, contradictionTold, meaninglessTold } from './stated-colour.ts';
import { FROM_XYZ } from './xyz.ts';

/** A kind of picture in a stream, and how many of its keyframes are of that kind. */
export type CountedKind = CodedPicture & {
  readonly keyframes: number;
  /** What they say of their colours, in order. */
  readonly colours?: readonly CountedColour[];
  /** The angles by which they say that they are turned, in degrees anticlockwise. */
  readonly angles?: readonly number[];
};

/**
 * Returns the kind that a film of several kinds is brought to. Its size is the largest one, so that no pixels are thrown
 * away; of sizes with equally many pixels the one of most keyframes wins, then the first. Its pixel format is the richest
 * one. Its range is that of most keyframes, since each range holds levels that the other one lacks. Returns undefined for
 * an empty list.
 */
export function kindOfFilm(found: readonly CountedKind[]): CodedPicture | undefined {
  const [first, ...others] = found;
  if (!first) return undefined;
  const pixels = ({ width, height }: Size) => width * height;
  const { width, height, sar } = found.reduce((best, each) => {
    if (pixels(each) > pixels(best)) return each;
    return pixels(each) === pixels(best) && each.keyframes > best.keyframes ? each : best;
  });
  const keyframesOf = (range: CodedPicture['range']) =>
    found.reduce((sum, each) => sum + (each.range === range ? each.keyframes : 0), 0);
  const [full, limited] = [keyframesOf('pc'), keyframesOf('tv')];
  const pixelFormat = richestFormat([first.pixelFormat, ...others.map((each) => each.pixelFormat)]);
  return { width, height, sar, pixelFormat, range: full === limited ? first.range : full > limited ? 'pc' : 'tv' };
}

/** Returns the probe with the kinds, colours and angles of the stream's keyframes, and the same probe where all are alike. */
export function withKinds(described: Probe, stream: number, found: readonly CountedKind[]): Probe {
  const probe = withColours(described, stream, found);
  const film = kindOfFilm(found);
  const angles = distinct(found.flatMap((kind) => kind.angles ?? []));
  const first = probe.streams.find(({ index }) => index === stream)?.video?.turnedInPictures;
  const turns = angles.length > (first ? 1 : 0);
  if (!film || (found.length < 2 && !turns)) return probe;
  const { width, height, sar } = film;
  const shapes = found.map(({ keyframes, colours, angles: _, ...kind }) => kind);
  const changed = (video: VideoFacts): VideoFacts => ({
    ...video,
    ...(turns && { anglesInPictures: angles }),
    ...(found.length > 1 && { width, height, sar, shapes }),
    ...(differ(found, 'pixelFormat') && { pixelFormat: withAlphaOf(video.pixelFormat, film.pixelFormat) }),
    ...(differ(found, 'range') && { colour: { ...video.colour, range: film.range } }),
  });
  const streams = probe.streams.map((each) =>
    each.index === stream && each.video ? { ...each, video: changed(each.video) } : each,
  );
  return { ...probe, streams };
}

/** Returns the probe with the colours of a stream whose colours change midway, and the same probe for any other. */
function withColours(probe: Probe, stream: number, found: readonly CountedKind[]): Probe {
  const colours = changingColours(found.flatMap((each) => each.colours ?? []));
  if (!colours) return probe;
  const streams = probe.streams.map((each) =>
    each.index === stream && each.video
      ? { ...each, video: { ...each.video, colours, colour: { ...each.video.colour, ...colours.most } } }
      : each,
  );
  return { ...probe, streams };
}

/** Alpha of VP8 and VP9 lies beside the picture, where the keyframes do not show it. */
const withAlphaOf = (probed: string, found: string) => (hasAlpha(probed) ? richestFormat([probed, found]) : found);

const differ = (kinds: readonly CodedPicture[], what: 'pixelFormat' | 'range') =>
  kinds.some((each) => each[what] !== kinds[0]?.[what]);

/**
 * Returns ffmpeg's filters that bring every picture of a changing film to one kind, that set the pixel shape where the container states
 * another picture size than the stream, and the colours where only the container knows them, or that make RGB of XYZ. Returns none for any
 * other film.
 */
export function steadyFilters(video: VideoFacts): readonly string[] {
  const { shapes, stated, sar, isXyz } = video;
  const coloured = containerColours(video);
  if (!shapes) return [...coloured, ...(isXyz ? [FROM_XYZ] : []), ...(stated ? [setSar(sar)] : [])];
  const toOne = filtersToOneKind(video, shapes);
  if (!changesPixelShape(video)) return [...coloured, ...toOne];
  return [...coloured, byShape([...toOne, `format=${video.pixelFormat}`])]; // all ways end in one format
}

/**
 * Returns ffmpeg's filters that bring every picture to the film's size, as `steadyFilters` do, though some are stretched where the shape of
 * pixels changes midway: it can be asked for before it is known where, and tells the fields of a picture as well.
 */
export function stretchedFilters(video: VideoFacts): readonly string[] {
  if (!video.shapes || !changesPixelShape(video)) return steadyFilters(video);
  const { sar } = video;
  return [setSar(sar), ...steadyFilters({ ...video, shapes: video.shapes.map((each) => ({ ...each, sar })) })];
}

function filtersToOneKind(
  { width, height, sar, pixelFormat, colour: { range = 'tv' } }: VideoFacts,
  shapes: readonly CodedPicture[],
): readonly string[] {
  // the width as players show it, counted in the film's pixels; a shape within ALIKE of the film's gets no bars
  const wide = `iw*sar*${sar.den}/${sar.num}`;
  const isAlike = `lt(abs(${wide}*${height}/(ih*${width})-1)\\,${ALIKE})`;
  const across = `if(${isAlike}\\,${width}\\,min(${width}\\,max(2\\,round(${height}*${wide}/ih))))`;
  const down = `if(${isAlike}\\,${height}\\,min(${height}\\,max(2\\,round(${width}*ih/(${wide})))))`;
  const colour = hasAlpha(pixelFormat) ? 'black@0' : 'black';
  const ranges = differ(shapes, 'range') ? `out_range=${range}:` : rangeOptions(range);
  return [
    `scale=w=${across}:h=${down}:eval=frame:interl=-1:${ranges}flags=lanczos+accurate_rnd+full_chroma_int`,
    ...(differ(shapes, 'pixelFormat') || differ(shapes, 'range') ? [`format=${pixelFormat}`] : []),
    `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2:color=${colour}:eval=frame`,
    setSar(sar),
  ];
}

/** Rounding to whole blocks and whole ratios changes a picture's aspect by up to this share. */
const ALIKE = 0.01;

/** Returns warnings about a picture that changes midway, whose size is not the one that its container states, or that says itself how it is turned. */
export function shapeWarnings(video: VideoFacts): readonly string[] {
  const { shapes = [], stated, width, height, pixelFormat, colour, colours } = video;
  const sizes = distinct(shapes.map(named));
  const formats = distinct(shapes.map((each) => formatInWords(each.pixelFormat)));
  const ranges = distinct(shapes.map(({ range }) => `the ${RANGES[range]} range`));
  const becomes = (kinds: readonly string[], to: string, why: string) =>
    kinds.length > 1 && `the picture changes between ${kinds.join(' and ')}: all of it is brought to ${to}, ${why}`;
  return [
    becomes(sizes, named(video), 'its largest, with black bars where the shape is another'),
    becomes(formats, formatInWords(pixelFormat), 'which holds all of them'),
    becomes(ranges, `the ${RANGES[colour.range ?? 'tv']} one`, 'which most of its keyframes have'),
    colours && coloursTold(colours),
    contradictionTold(video),
    meaninglessTold(video),
    stated &&
      !isSize(stated, video) &&
      `the container says that the picture is ${stated.width}x${stated.height}; its pictures are ${width}x${height}, and so is the film`,
    turnTold(video),
    video.isXyz &&
      'the picture is in XYZ, as in digital cinema, which no format for watching holds: it becomes RGB with the colours of BT.709',
  ].filter((warning) => typeof warning === 'string');
}

const isSize = (one: Size, other: Size) => one.width === other.width && one.height === other.height;

const distinct = <T>(values: readonly T[]): readonly T[] => [...new Set(values)];

const RANGES = { pc: 'full', tv: 'limited' } as const;

const named = ({ width, height, sar }: PictureShape) =>
  `${width}x${height}${sar.num === sar.den ? '' : ` (pixels ${formatRational(sar).replace('/', ':')})`}`;

/** Returns the sentence about a film's turn where its pictures say one, and the container says none or another. */
function turnTold({ turnedInPictures: said, anglesInPictures: angles, displayMatrix }: VideoFacts): string | undefined {
  if (angles) {
    const holds = said === 'alone' ? "the first picture's word" : "the container's word, or none,";
    return `its pictures say midway that they are turned by ${angles.join(' and ')} degrees: ${holds} holds for all`;
  }
  if (said === 'otherwise') return 'its pictures say another turn than their container, whose word holds';
  const isByPictures = said === 'alone' && displayMatrix !== undefined;
  return isByPictures ? 'its pictures say that they are turned, and the container does not: so is the film' : undefined;
}
