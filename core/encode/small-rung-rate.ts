import { keyframeEvery } from '../codecs/keyframes.ts';
import type { RenditionSpec } from '../codecs/rendition-spec.ts';
import type { Size } from '../film/frame-size.ts';
import { evenBorders, everySecond, steadyRate } from '../segments/every-second.ts';
import type { SourceCut } from '../segments/segments.ts';
import type { Settings } from '../settings/settings.ts';

/** Width plus height of 768x432, the largest size for which Apple's authoring rules ask for at most 30 frames a second. */
const SMALL_RUNG = 768 + 432;
/** Sources up to this rate keep every picture; a clock's rounding must not make 30 frames a second more. */
const MOST_FRAMES = 30.1;

type Rung = {
  readonly rendition: RenditionSpec;
  readonly settings: Pick<Partial<Settings>, 'smallRungFps'>;
  /** The size of the rung's picture. */
  readonly size: Size;
  readonly cut: SourceCut;
  readonly tickSeconds: number;
};

/** The frames that a rung gets, and what is to be said of them. */
type RungFrames = {
  readonly cut: SourceCut;
  readonly rendition: RenditionSpec;
  readonly told: readonly string[];
};

/**
 * Returns the frames of a rung under `smallRungFps`: every second one on a small rung of a source with more than 30 frames a
 * second. Rungs with all frames get borders and keyframes at frames that the small ones have too. Where the rate varies, no
 * choice of frames has a steady rate, so every rung keeps all of them.
 */
export function rungFrames({ rendition, settings, size, cut, tickSeconds }: Rung): RungFrames {
  const all = { cut, rendition, told: [] };
  if (!isAsked(rendition, settings)) return all;
  // a rung that others are made from may show its first picture early (core/streams/film-span.ts)
  const rate = steadyRate(cut.times.length > 2 ? cut.times.subarray(1) : cut.times, tickSeconds);
  if (rate === undefined) {
    const isFast = (cut.times.length - 1) / (lengthOf(cut) * tickSeconds) > MOST_FRAMES;
    const why = `${rendition.name} keeps every picture, since the source's frame rate varies; smallRungFps=half is for one steady rate`;
    return { ...all, told: isSmall(size) && isFast ? [why] : [] };
  }
  if (rate <= MOST_FRAMES) return all;
  const even = evenBorders(cut);
  if (!hasEverySecond(rendition, settings, { size, rate }))
    return { cut: even, rendition: withEvenKeyframes(rendition, rate), told: [] };
  const rates = `${rounded(rate / 2)} of ${rounded(rate)} a second`;
  const told = `${rendition.name} has every second picture of the source, ${rates}, as smallRungFps=half asks`;
  return { cut: everySecond(even), rendition, told: [told] };
}

/** Whether a rung has every second picture of a source with a steady rate. */
export const hasEverySecond = (
  rendition: RenditionSpec,
  settings: Rung['settings'],
  { size, rate }: { readonly size: Size; readonly rate: number },
): boolean => isAsked(rendition, settings) && isSmall(size) && rate > MOST_FRAMES;

const isAsked = ({ delivery }: RenditionSpec, { smallRungFps }: Rung['settings']) =>
  smallRungFps === 'half' && delivery === 'stream';

const isSmall = ({ width, height }: Size) => width + height <= SMALL_RUNG;

/** The rung with twice as many frames between its keyframes as a rung of half its rate has. */
function withEvenKeyframes(rendition: RenditionSpec, rate: number): RenditionSpec {
  const { keyframeSeconds } = rendition;
  if (keyframeSeconds === undefined) return rendition;
  return { ...rendition, keyframeSeconds: (2 * keyframeEvery(keyframeSeconds, rate / 2)) / rate };
}

const lengthOf = ({ times }: SourceCut) => (times.at(-1) ?? 0) - (times[0] ?? 0);

const rounded = (rate: number) => Number(rate.toFixed(2));
