import type { EncodeSpec } from '../codecs/encode-spec.ts';
import { codecOf } from '../codecs/index.ts';
import { modelOf } from '../upscale/enlargement.ts';
import { costOf } from './machine-cost.ts';

/**
 * An estimate of work: seconds on this machine, bytes of the file, the most bytes on disk, and the cost on Fargate
 * Spot.
 */
export type Estimate = {
  readonly seconds: number;
  readonly outputBytes: number;
  readonly diskBytes: number;
  readonly usd: number;
  readonly vcpuHours: number;
};

/**
 * Returns the estimate for a rendition of `frames` frames, `left` of which are still to be encoded, on `cores` cores.
 */
export function estimateEncode(
  spec: EncodeSpec,
  {
    frames,
    left,
    cores,
    notes,
  }: {
    readonly frames: number;
    readonly left: number;
    readonly cores: number;
    /** What belongs to single pictures and is woven into the joined file, which is written once more then. */
    readonly notes?: { readonly kinds: readonly string[] };
  },
): Estimate {
  const cpuSeconds = encodingSeconds(spec, left) + networkSeconds(spec, left);
  const outputBytes = Math.round((spec.size.width * spec.size.height * frames * codecOf(spec).bitsPerPixel) / 8);
  return {
    seconds: cpuSeconds / cores,
    outputBytes,
    // room for the pieces, for the file into which they are joined, and for the one into which notes are woven
    diskBytes: (notes?.kinds.length ? 3 : 2) * outputBytes,
    ...costOf(cpuSeconds),
  };
}

/** Returns the seconds of one vCPU that the encoder needs for this many frames. */
export function encodingSeconds(spec: EncodeSpec, frames: number): number {
  const { width, height } = spec.size;
  return (frames * width * height) / (codecOf(spec).speed * 1e6);
}

/**
 * Returns the seconds of one vCPU that the network needs for this many frames; 0 without a network, or if it runs on a
 * GPU.
 */
export function networkSeconds({ enlarge }: EncodeSpec, frames: number): number {
  if (enlarge?.device !== 'cpu') return 0;
  return (frames * enlarge.from.width * enlarge.from.height) / (modelOf(enlarge).speed * 1e6);
}
