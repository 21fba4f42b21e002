import { chunksOfTrack } from '../../core/bytes/track-chunks.ts';
import { type StoredCaptions, storedCaptions } from '../../core/subtitles/stored-captions.ts';
import type { shownPartsOf } from '../probe/shown-parts.ts';
import { withByteSource } from '../structure/byte-source.ts';

type StoredTrack = Pick<Awaited<ReturnType<typeof shownPartsOf>>, 'trak' | 'timescale' | 'lengths'>;

/** A day of both fields at 60 pictures a second has 200 MB. */
const MOST_BYTES = 2 ** 28;

/**
 * Reads a track of CEA-608 by its tables, since ffmpeg stops at a sample without a pair of bytes. Undefined where its samples lie in
 * fragments, or its tables do not tell where they lie.
 */
export async function movieCaptions(
  path: string,
  { trak, timescale, lengths }: StoredTrack,
  signal: AbortSignal,
): Promise<StoredCaptions | undefined> {
  const chunks = lengths.length > 0 ? undefined : chunksOfTrack(trak);
  if (!chunks || chunks.reduce((sum, { bytes }) => sum + bytes, 0) > MOST_BYTES) return undefined;
  return withByteSource(path, signal, async (source) => {
    if (chunks.some(({ at, bytes }) => at + bytes > source.size)) return undefined;
    const parts: Buffer[] = [];
    for (const { at, bytes } of chunks) parts.push(Buffer.from(await source.read(at, bytes)));
    return storedCaptions({ trak, timescale }, Buffer.concat(parts));
  });
}
