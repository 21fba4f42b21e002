import { formatRational } from '../units.ts';
import { type Size, setSar } from './frame-size.ts';
import { hasAlpha } from './pixel-format.ts';
import type { PictureShape, Probe, VideoFacts } from './probe.ts';

/** One of the shapes that a stream's keyframes have, and how many have it. */
export type CountedShape = PictureShape & { readonly keyframes: number };

/**
 * The one shape of a film whose pictures change: that of its largest pictures, so that nothing is thrown away; of equally
 * large ones, that which most keyframes have, and of these the first.
 */
export function shapeOfFilm(found: readonly CountedShape[]): PictureShape | undefined {
  const pixels = ({ width, height }: Size) => width * height;
  return found.reduce<CountedShape | undefined>((best, each) => {
    if (!best || pixels(each) > pixels(best)) return each;
    return pixels(each) === pixels(best) && each.keyframes > best.keyframes ? each : best;
  }, undefined);
}

/** The probe of a film by the shapes that its keyframes have; itself where all have the one that it says. */
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
 * What brings every picture of a film whose pictures change to its one shape, and gives those of which the container says
 * another size the shape that it asks for; nothing for others.
 */
export function steadyFilters({ shapes, stated, width, height, sar, pixelFormat }: VideoFacts): readonly string[] {
  if (!shapes) return stated ? [setSar(sar)] : [];
  // as wide, in the film's own pixels, as players show it; shapes that are as good as the film's leave no bars
  const wide = `iw*sar*${sar.den}/${sar.num}`;
  const isAlike = `lt(abs(${wide}*${height}/(ih*${width})-1)\\,${ALIKE})`;
  const across = `if(${isAlike}\\,${width}\\,min(${width}\\,max(2\\,round(${height}*${wide}/ih))))`;
  const down = `if(${isAlike}\\,${height}\\,min(${height}\\,max(2\\,round(${width}*ih/(${wide})))))`;
  const colour = hasAlpha(pixelFormat) ? 'black@0' : 'black';
  return [
    `scale=w=${across}:h=${down}:eval=frame:interl=-1:flags=lanczos+accurate_rnd+full_chroma_int`,
    `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2:color=${colour}:eval=frame`,
    setSar(sar),
  ];
}

/** Shapes that differ by no more than rounding to whole blocks and whole ratios does. */
const ALIKE = 0.01;

/** What is told of a picture that changes, or that is not as large as its container says. */
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
