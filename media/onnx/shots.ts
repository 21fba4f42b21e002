import type { Plane } from './tiles.ts';

/** Some of a picture's luma, evenly spread: enough to see whether another shot has begun. */
export type SparseLuma = { readonly samples: Uint8Array | Uint16Array; readonly depth: number };

const SAMPLES_A_SIDE = 128;

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

/** ffmpeg's usual for scdet, whose score this is (libavfilter, vf_scdet). */
const THRESHOLD = 10;

/**
 * Says of one picture after another whether it begins a shot: where it differs from the last one by more than a tenth of
 * white on average, and by as much more than that one did from its own. The first does not.
 */
export function shotBeginnings(): (glance: SparseLuma) => boolean {
  let before: SparseLuma | undefined;
  let lastChange = 0;
  return (glance) => {
    const change = before ? changeBetween(before, glance) : 0;
    const begins = Math.min(change, Math.abs(change - lastChange)) > THRESHOLD;
    before = glance;
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
