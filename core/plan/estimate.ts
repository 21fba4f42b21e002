import type { EncodeSpec } from '../codecs/encode-spec.ts';
import { codecOf } from '../codecs/index.ts';
import { modelOf } from '../upscale/enlargement.ts';
import { costOf } from './machine-cost.ts';

/** What work will take: seconds here, bytes of the file and of disk at the most, and what it would cost on Fargate Spot. */
export type Estimate = {
  readonly seconds: number;
  readonly outputBytes: number;
  readonly diskBytes: number;
  readonly usd: number;
  readonly vcpuHours: number;
};

/** A rendition of so many frames, of which some are left to encode. */
export function estimateEncode(
  spec: EncodeSpec,
  { frames, left, cores }: { readonly frames: number; readonly left: number; readonly cores: number },
): Estimate {
  const cpuSeconds = encodingSeconds(spec, left) + networkSeconds(spec, left);
  const outputBytes = Math.round((spec.size.width * spec.size.height * frames * codecOf(spec).bitsPerPixel) / 8);
  return {
    seconds: cpuSeconds / cores,
    outputBytes,
    diskBytes: 2 * outputBytes, // the pieces, and the file they are joined into
    ...costOf(cpuSeconds),
  };
}

/** Time of one vCPU that the encoder takes for so many frames. */
export function encodingSeconds(spec: EncodeSpec, frames: number): number {
  const { width, height } = spec.size;
  return (frames * width * height) / (codecOf(spec).speed * 1e6);
}

/** The same for the network, if there is one. What that does on a GPU costs the processor nothing. */
export function networkSeconds({ enlarge }: EncodeSpec, frames: number): number {
  if (enlarge?.device !== 'cpu') return 0;
  return (frames * enlarge.from.width * enlarge.from.height) / (modelOf(enlarge).speed * 1e6);
}
