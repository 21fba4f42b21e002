import { ServiceError, usage } from '../errors.ts';
import { formatBytes } from '../format.ts';

/** How a file is divided into parts. All but the last have `partBytes`. Parts are numbered from 1, as in S3. */
export type PartPlan = { readonly bytes: number; readonly partBytes: number; readonly parts: number };

/** The bytes of a part: [start, end). */
type PartRange = { readonly start: number; readonly end: number };

/** S3's limits of a multipart upload. The last part may be smaller than the smallest. */
export const PART_LIMITS = {
  smallest: 5 * 1024 ** 2,
  largest: 5 * 1024 ** 3,
  parts: 10_000,
  bytes: 5 * 1024 ** 4,
} as const;

/** A part is lost whole where a line breaks, so parts stay small: 8 MiB, and larger only where there would be too many. */
const USUAL_BYTES = 8 * 1024 ** 2;

/**
 * Returns the parts of a file: 8 MiB each, or the next power of two by which there are at most 10,000. Throws `bad-input`
 * for an empty file, and `over-limit` for one that S3 does not take.
 */
export function planParts(bytes: number): PartPlan {
  if (!Number.isSafeInteger(bytes) || bytes < 0)
    throw usage(`a file cannot have ${bytes} bytes; give a whole number, 1 or more`);
  if (bytes === 0) throw new ServiceError('bad-input', 'the file is empty (0 bytes); choose one that holds a film');
  if (bytes > PART_LIMITS.bytes)
    throw new ServiceError(
      'over-limit',
      `the file has ${formatBytes(bytes)}; at most ${formatBytes(PART_LIMITS.bytes)} can be uploaded`,
    );
  let partBytes = USUAL_BYTES;
  while (Math.ceil(bytes / partBytes) > PART_LIMITS.parts) partBytes *= 2;
  return { bytes, partBytes, parts: Math.ceil(bytes / partBytes) };
}

/** Returns the bytes of a part. Throws `usage` for a number that the plan does not have. */
export function partRange({ bytes, partBytes, parts }: PartPlan, number: number): PartRange {
  if (!Number.isInteger(number) || number < 1 || number > parts)
    throw usage(`there is no part ${number}; the parts are 1 to ${parts}`);
  const start = (number - 1) * partBytes;
  return { start, end: Math.min(bytes, start + partBytes) };
}

/** A part that has arrived. The checksum is its SHA-256 in base64, as S3 writes it. */
export type PartThere = { readonly number: number; readonly bytes: number; readonly checksum: string };

/** Returns the numbers of the parts that have not arrived in their full length, in order. */
export function missingParts(plan: PartPlan, there: readonly PartThere[]): readonly number[] {
  const arrived = new Map(there.map(({ number, bytes }) => [number, bytes]));
  const numbers = Array.from({ length: plan.parts }, (_, i) => i + 1);
  return numbers.filter((number) => {
    const { start, end } = partRange(plan, number);
    return arrived.get(number) !== end - start;
  });
}
