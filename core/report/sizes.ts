import { filesOf, type Manifest } from '../job/manifest.ts';

/** Returns "94.6 % saved", "3.1 % larger" or "the same size". It never rounds up to more than was saved. */
export function savedText(before: number, after: number): string {
  if (after === before || before <= 0) return 'the same size';
  const tenths = Math.abs(1000 * (1 - after / before));
  if (after > before) return `${(Math.max(1, Math.ceil(tenths)) / 10).toFixed(1)} % larger`;
  return tenths < 1 ? 'less than 0.1 % saved' : `${(Math.floor(tenths) / 10).toFixed(1)} % saved`;
}

/** Returns the bytes of all files that were published for one source. */
export const publishedBytes = (manifest: Manifest) => filesOf(manifest).reduce((sum, { bytes }) => sum + bytes, 0);
