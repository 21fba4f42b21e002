import { proresBitsPerPixel } from '../codecs/prores-rates.ts';

type Picture = { readonly width: number; readonly height: number };

/** A film that is restored and enlarged: before the network, after it, and as it is published. */
type EnlargedFilm = {
  readonly pre: Picture;
  readonly mezzanine: Picture;
  readonly final: Picture;
  readonly fps: number;
  readonly finalFps: number;
  readonly minutes: number;
  /** The length of one part, which is encoded and deleted before the next part is written. */
  readonly partMinutes: number;
};

/** The bytes of a file; two where only a range was measured. */
export type LikelyBytes = { readonly from: number; readonly to: number };

/** What one way of working takes on the disk. */
export type MezzanineOption = {
  readonly option: string;
  readonly title: string;
  /** The settings of the recipe upscale that work like this. */
  readonly settings: string;
  readonly pre: LikelyBytes;
  readonly mezzanine: LikelyBytes;
  readonly final: LikelyBytes;
  /** The most that lies on the disk at one time, besides the source. */
  readonly peak: LikelyBytes;
};

/**
 * Bits a pixel that were measured, the least and the most (docs/storage.md says of which clips): all-intra HEVC by x265 at
 * CRF 18, and the film at CRF 16. None of the clips had film grain, which takes more.
 */
const MEASURED = { hevcIntra: { from: 0.14, to: 0.32 }, film: { from: 0.08, to: 0.18 } } as const;
const NONE: LikelyBytes = { from: 0, to: 0 };

/** Returns the ways to get from the source to the film, from the one that needs the most disk to the one that needs the least. */
export function mezzanineOptions(film: EnlargedFilm): readonly MezzanineOption[] {
  const hq = prores('hq', film.mezzanine, film);
  const standard = prores('422', film.mezzanine, film);
  const intra = ranged(MEASURED.hevcIntra, film.mezzanine, film);
  const [preHq, pre422, preLt] = [
    prores('hq', film.pre, film),
    prores('422', film.pre, film),
    prores('lt', film.pre, film),
  ];
  const final = ranged(MEASURED.film, film.final, { ...film, fps: film.finalFps });
  const part = Math.min(1, film.partMinutes / film.minutes);
  const whole = (option: Omit<MezzanineOption, 'final' | 'peak'>): MezzanineOption => ({
    ...option,
    final,
    peak: sum(option.pre, option.mezzanine, final),
  });
  const inParts = (option: Omit<MezzanineOption, 'final' | 'peak'>): MezzanineOption => ({
    ...option,
    final,
    peak: sum(option.pre, scaled(option.mezzanine, part), final),
  });
  return [
    whole({ option: 'now', title: 'ProRes HQ for both', settings: KEPT_HQ, pre: preHq, mezzanine: hq }),
    whole({ option: '0', title: 'ProRes 422 for both', settings: KEPT_422, pre: pre422, mezzanine: standard }),
    whole({ option: '0+1', title: 'ProRes LT and 422', settings: KEPT_LT, pre: preLt, mezzanine: standard }),
    whole({ option: '0+2', title: 'streamed, ProRes 422', settings: KEPT_STREAM, pre: NONE, mezzanine: standard }),
    whole({ option: '3', title: '422, HEVC intra', settings: KEPT_INTRA, pre: pre422, mezzanine: intra }),
    inParts({ option: '5', title: 'ProRes HQ, in parts', settings: PARTS_HQ, pre: preHq, mezzanine: hq }),
    inParts({ option: '0+1+5', title: 'LT, 422 in parts', settings: PARTS_LT, pre: preLt, mezzanine: standard }),
    whole({ option: '2+4', title: 'direct to x265', settings: DIRECT, pre: NONE, mezzanine: NONE }),
  ];
}

const KEPT = 'keepMezzanine=true';
const KEPT_HQ = `pre=prores422 mezzanine=prores422hq ${KEPT}`;
const KEPT_422 = `pre=prores422 mezzanine=prores422 ${KEPT}`;
const KEPT_LT = `pre=proreslt mezzanine=prores422 ${KEPT}`;
const KEPT_STREAM = `pre=stream mezzanine=prores422 ${KEPT}`;
const KEPT_INTRA = `pre=prores422 mezzanine=hevc-intra ${KEPT}`;
const PARTS_HQ = 'pre=prores422 mezzanine=prores422hq';
const PARTS_LT = 'pre=proreslt mezzanine=prores422';
const DIRECT = 'pre=stream mezzanine=none';

type Length = Pick<EnlargedFilm, 'fps' | 'minutes'>;

const bytesOf = (bitsPerPixel: number, { width, height }: Picture, { fps, minutes }: Length): number =>
  (bitsPerPixel * width * height * fps * minutes * 60) / 8;

function prores(profile: 'hq' | '422' | 'lt', picture: Picture, length: Length): LikelyBytes {
  const bytes = bytesOf(proresBitsPerPixel(profile, picture), picture, length);
  return { from: bytes, to: bytes };
}

const ranged = ({ from, to }: LikelyBytes, picture: Picture, length: Length): LikelyBytes => ({
  from: bytesOf(from, picture, length),
  to: bytesOf(to, picture, length),
});

const sum = (...ranges: readonly LikelyBytes[]): LikelyBytes => ({
  from: ranges.reduce((total, { from }) => total + from, 0),
  to: ranges.reduce((total, { to }) => total + to, 0),
});

const scaled = ({ from, to }: LikelyBytes, times: number): LikelyBytes => ({ from: from * times, to: to * times });
