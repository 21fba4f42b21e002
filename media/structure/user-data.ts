import { userDataIds } from '../../core/film/user-data.ts';
import { withByteSource } from './byte-source.ts';
import type { Family } from './families.ts';
import { payloadsOf } from './recorded-at.ts';

/** Cameras and programs write such messages into the first picture, or into all. */
const FIRST_BYTES = 4 * 2 ** 20;

/** Returns the ids of the user data in the first pictures of H.264 and HEVC, without taking the container apart. */
export async function userDataOf(
  path: string,
  { family, codec }: { readonly family: Family; readonly codec: string },
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (codec !== 'h264' && codec !== 'hevc') return [];
  const bytes = await withByteSource(path, signal, (source) => source.read(0, FIRST_BYTES));
  const parts = family === 'ts' || family === 'm2ts' ? payloadsOf(bytes) : [bytes];
  return [...new Set(parts.flatMap((part) => userDataIds(part, codec)))];
}
