/** S3's limit of a multipart upload, and of one part that is copied. */
const MOST_PARTS = 10_000;
const LARGEST_PART_BYTES = 5 * 2 ** 30;

/** A part of an object that S3 copies itself: the bytes [start, end), and its number from 1 on. */
type CopyPart = { readonly number: number; readonly start: number; readonly end: number };

/**
 * Returns the parts by which an object that is too large for one request is copied: as large as asked for, or larger where there
 * would be more than 10,000. Together they have every byte once, in order, and none is larger than S3 takes.
 */
export function copyParts(bytes: number, askedBytes: number): readonly CopyPart[] {
  const size = Math.min(LARGEST_PART_BYTES, partSizeFor(bytes, askedBytes));
  return Array.from({ length: Math.ceil(bytes / size) }, (_, i) => ({
    number: i + 1,
    start: i * size,
    end: Math.min(bytes, (i + 1) * size),
  }));
}

/** Returns the part size that was asked for, or a larger one if the object would have more than 10,000 parts. */
export const partSizeFor = (bytes: number, asked: number): number => Math.max(asked, Math.ceil(bytes / MOST_PARTS));
