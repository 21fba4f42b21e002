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
  const { speed, bitsPerPixel } = codecOf(spec);
  const pixels = spec.size.width * spec.size.height;
  const cpuSeconds = ((pixels / speed + networkMicroseconds(spec)) * left) / 1e6;
  const outputBytes = Math.round((pixels * frames * bitsPerPixel) / 8);
  return {
    seconds: cpuSeconds / cores,
    outputBytes,
    diskBytes: 2 * outputBytes, // the pieces, and the file they are joined into
    ...costOf(cpuSeconds),
  };
}

/** Processor time that a network takes for a frame. What it does on a GPU costs the processor nothing. */
function networkMicroseconds({ enlarge }: EncodeSpec): number {
  if (enlarge?.device !== 'cpu') return 0;
  return (enlarge.from.width * enlarge.from.height) / modelOf(enlarge).speed;
}
