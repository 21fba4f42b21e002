import { numberIn, wholeNumberIn } from './setting-readers.ts';

/** Whose numbers a CRF is in: those of x265, which x264 shares, or those of SVT-AV1. */
type CrfScale = 'hevc' | 'av1';

/** The scale in which a drop's own `crf` is given. */
export const scaleOfSettings = ({ codec }: { readonly codec?: string }): CrfScale => (codec === 'av1' ? 'av1' : 'hevc');

/**
 * Returns the CRF of about the same quality on another scale; AV1's are whole. The pairs are from one clip of a phone at equal
 * VMAF (docs/quality.md, "AV1").
 */
export function onScale(crf: number, from: CrfScale, to: CrfScale): number {
  if (from === to) return crf;
  const other = to === 'av1' ? along(crf, HEVC, AV1) : along(crf, AV1, HEVC);
  return to === 'av1' ? Math.min(HIGHEST_AV1, Math.round(other)) : Math.round(4 * other) / 4;
}

type CrfSettings = { readonly crf?: number; readonly codec?: string };
type CrfBounds = readonly [number, number];

export const USUAL_RANGE: CrfBounds = [10, 40];

/** The setting `crf`. Any number is taken until the codec is known, from which its range follows (`rangeMissed`). */
export const crfSetting = (range: CrfBounds) => ({ range: range.join('-'), parse: numberIn(0, 1000) });

const ofAv1 = ([low, high]: CrfBounds): CrfBounds => [onScale(low, 'hevc', 'av1'), onScale(high, 'hevc', 'av1')];

/** Returns the range that a CRF has to lie in for the codec of the settings, if it does not. */
export function rangeMissed({ crf, codec }: CrfSettings, range: CrfBounds = USUAL_RANGE): string | undefined {
  const isAv1 = scaleOfSettings({ ...(codec !== undefined && { codec }) }) === 'av1';
  const [low, high] = isAv1 ? ofAv1(range) : range;
  const parse = (isAv1 ? wholeNumberIn : numberIn)(low, high);
  if (crf === undefined || parse(String(crf)) !== undefined) return undefined;
  return isAv1 ? `${low}-${high} with codec=av1, in whole numbers` : `${low}-${high}`;
}

/** Returns a rendition's CRF on the scale of its encoder: the drop's, or else the recipe's, which is on the scale of x265. */
export function crfOn(
  scale: CrfScale,
  { rendition, settings }: { readonly rendition: { readonly crf?: number }; readonly settings: CrfSettings },
  usual: number,
): number {
  if (settings.crf !== undefined) return onScale(settings.crf, scaleOfSettings(settings), scale);
  return onScale(rendition.crf ?? usual, 'hevc', scale);
}

/** The highest that SVT-AV1 has. */
const HIGHEST_AV1 = 63;

const HEVC = [10, 20, 24, 28, 36] as const;
const AV1 = [8, 24, 33, 43, 63] as const;

/** The CRFs of SVT-AV1 that may be asked for. */
export const AV1_BOUNDS: CrfBounds = ofAv1(USUAL_RANGE);

/** The value that belongs to `value` on straight lines between pairs, and beyond them on the outer lines. */
function along(value: number, from: readonly number[], to: readonly number[]): number {
  const at = Math.min(
    from.length - 2,
    Math.max(
      0,
      from.findLastIndex((each) => each <= value),
    ),
  );
  const [low = 0, high = 1] = [from[at], from[at + 1]];
  const [first = 0, last = 1] = [to[at], to[at + 1]];
  return first + ((value - low) / (high - low)) * (last - first);
}
