import type { Plane } from './tiles.ts';

/** Evenly spread samples of a picture's luma, enough to recognise the beginning of another shot. */
type SparseLuma = { readonly samples: Uint8Array | Uint16Array; readonly depth: number };

const SAMPLES_A_SIDE = 128;

/** Returns about 128 samples a side of a picture's luma, whose samples have `depth` bits. */
export function sparseLuma(luma: Plane, depth: number): SparseLuma {
  const { width, height, data } = luma;
  const [across, down] = [width, height].map((side) => Math.max(1, Math.floor(side / SAMPLES_A_SIDE)));
  const columns = Math.ceil(width / (across ?? 1));
  const samples = new (depth > 8 ? Uint16Array : Uint8Array)(columns * Math.ceil(height / (down ?? 1)));
  let next = 0;
  for (let y = 0; y < height; y += down ?? 1) {
    for (let x = 0; x < width; x += across ?? 1) samples[next++] = data[y * width + x] ?? 0;
  }
  return { samples, depth };
}

/** The default threshold of ffmpeg's scdet (libavfilter/vf_scdet), which computes the same score. */
const THRESHOLD = 10;

/**
 * A function that takes one picture after another and says whether it begins a shot: whether its mean difference from
 * the last picture exceeds a tenth of white, and differs by more than that from the mean difference before. The first
 * picture does not begin a shot.
 */
export function shotBeginnings(): (luma: SparseLuma) => boolean {
  let before: SparseLuma | undefined;
  let lastChange = 0;
  return (luma) => {
    const change = before ? changeBetween(before, luma) : 0;
    const begins = Math.min(change, Math.abs(change - lastChange)) > THRESHOLD;
    before = luma;
    lastChange = change;
    return begins;
  };
}

/** Mean absolute difference, in hundredths of the distance from black to white. */
function changeBetween(a: SparseLuma, b: SparseLuma): number {
  let sum = 0;
  for (let i = 0; i < a.samples.length; i++) sum += Math.abs((a.samples[i] ?? 0) - (b.samples[i] ?? 0));
  return (100 * sum) / a.samples.length / 2 ** a.depth;
}
