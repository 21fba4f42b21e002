import { newBox } from '../../core/film/boxes.ts';
import { type MetadataBox, XMP } from '../../core/film/metadata.ts';
import { chunkAt, chunksIn, nextOf, type RiffChunk } from './avi-chunks.ts';
import { type ByteSource, withByteSource } from './byte-source.ts';

const LARGEST = 8 * 2 ** 20;
/** A film of a day has a hundred RIFFs of a GB; each has some lists and an index. */
const MOST_CHUNKS = 10_000;

/**
 * Reads what an AVI holds besides texts and streams, as the boxes that MP4 has for it: XMP (`_PMX`, as Adobe writes it) as the box of
 * XMP, and a Nikon's own data (`ncdt`), for which no other container has a place.
 */
export const aviMetadata = (path: string, signal: AbortSignal): Promise<readonly MetadataBox[]> =>
  withByteSource(path, signal, async (source) => {
    const found: MetadataBox[] = [];
    let seen = 0;
    for (let riff = await chunkAt(source, 0); riff?.id === 'RIFF'; riff = await chunkAt(source, nextOf(riff))) {
      for await (const chunk of chunksIn(source, { ...riff, end: Math.min(riff.end, source.size) })) {
        if (++seen > MOST_CHUNKS) return found;
        found.push(...(await boxesOf(source, chunk)));
      }
      if (riff.end <= riff.dataStart) break;
    }
    return found;
  });

async function boxesOf(source: ByteSource, { id, form, dataStart, end }: RiffChunk): Promise<readonly MetadataBox[]> {
  if (form === 'ncdt') return [{ place: 'file', type: 'ncdt', bytes: newBox('ncdt') }];
  if (id !== '_PMX') return [];
  const packet = end - dataStart > LARGEST ? undefined : await source.read(dataStart, end - dataStart);
  return [{ place: 'file', type: 'uuid', bytes: packet && newBox('uuid', Buffer.from(XMP, 'hex'), packet) }];
}
