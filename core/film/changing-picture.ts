import { formatRational } from '../units.ts';
import { type Size, setSar } from './frame-size.ts';
import { hasAlpha } from './pixel-format.ts';
import type { PictureShape, Probe, VideoFacts } from './probe.ts';
import { rangeOptions } from './scale-filter.ts';

/** A picture shape of a stream, and how many of its keyframes have that shape. */
export type CountedShape = PictureShape & { readonly keyframes: number };

/**
 * Returns the shape that a film of several shapes is brought to: the largest one, so that no pixels are thrown away. Of
 * shapes with equally many pixels the one of most keyframes wins, then the first. Returns undefined for an empty list.
 */
export function shapeOfFilm(found: readonly CountedShape[]): PictureShape | undefined {
  const pixels = ({ width, height }: Size) => width * height;
  return found.reduce<CountedShape | undefined>((best, each) => {
    if (!best || pixels(each) > pixels(best)) return each;
    return pixels(each) === pixels(best) && each.keyframes > best.keyframes ? each : best;
  }, undefined);
}

/** Returns the probe with the shapes of the stream's keyframes, and the same probe where there are fewer than two shapes. */
export function withShapes(probe: Probe, stream: number, found: readonly CountedShape[]): Probe {
  const film = shapeOfFilm(found);
  if (!film || found.length < 2) return probe;
  const { width, height, sar } = film;
  const shapes = found.map((each) => ({ width: each.width, height: each.height, sar: each.sar }));
  const changed = (video: VideoFacts): VideoFacts => ({ ...video, width, height, sar, shapes });
  const streams = probe.streams.map((each) =>
    each.index === stream && each.video ? { ...each, video: changed(each.video) } : each,
  );
  return { ...probe, streams };
}

/**
 * Returns ffmpeg's filters that bring every picture of a changing film to one shape, or that set the pixel shape where the
 * container states another picture size than the stream. Returns no filters for any other film.
 */
export function steadyFilters({
  shapes,
  stated,
  width,
  height,
  sar,
  pixelFormat,
  colour: { range },
}: VideoFacts): readonly string[] {
  if (!shapes) return stated ? [setSar(sar)] : [];
  // the width as players show it, counted in the film's pixels; a shape within ALIKE of the film's gets no bars
  const wide = `iw*sar*${sar.den}/${sar.num}`;
  const isAlike = `lt(abs(${wide}*${height}/(ih*${width})-1)\\,${ALIKE})`;
  const across = `if(${isAlike}\\,${width}\\,min(${width}\\,max(2\\,round(${height}*${wide}/ih))))`;
  const down = `if(${isAlike}\\,${height}\\,min(${height}\\,max(2\\,round(${width}*ih/(${wide})))))`;
  const colour = hasAlpha(pixelFormat) ? 'black@0' : 'black';
  return [
    `scale=w=${across}:h=${down}:eval=frame:interl=-1:${rangeOptions(range)}flags=lanczos+accurate_rnd+full_chroma_int`,
    `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2:color=${colour}:eval=frame`,
    setSar(sar),
  ];
}

/** Rounding to whole blocks and whole ratios changes a picture's aspect by up to this share. */
const ALIKE = 0.01;

/** Returns warnings about a picture that changes its shape, or whose size is not the one that its container states. */
export function shapeWarnings({ shapes, stated, width, height, sar }: VideoFacts): readonly string[] {
  const changes =
    shapes &&
    `the picture changes between ${shapes.map(named).join(' and ')}: all of it is brought to ${named({ width, height, sar })}, its largest, with black bars where the shape is another`;
  const differs =
    stated &&
    `the container says that the picture is ${stated.width}x${stated.height}; its pictures are ${width}x${height}, and so is the film`;
  return [changes, differs].filter((warning) => typeof warning === 'string');
}

const named = ({ width, height, sar }: PictureShape) =>
  `${width}x${height}${sar.num === sar.den ? '' : ` (pixels ${formatRational(sar).replace('/', ':')})`}`;
