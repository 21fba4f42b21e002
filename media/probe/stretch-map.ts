import type { ByteRange } from '../../core/bytes/byte-ranges.ts';
import type { FileMap } from '../../core/film/file-map.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import { chunkAt, chunksIn } from '../structure/avi-chunks.ts';
import { type ByteSource, withByteSource } from '../structure/byte-source.ts';

/** Returns the map of a file of which stretches are read. Where its header ends follows from the places of its packets. */
export async function stretchMap({ path, probe }: Source, signal: AbortSignal): Promise<FileMap> {
  const junk = probe.format === 'avi' ? await withByteSource(path, signal, indexNames) : [];
  return { reading: 'stretches', index: [], junk, openingPackets: 0, clusters: new Float64Array(), description: '' };
}

const NAME_BYTES = 4;

/** The names of the indexes (`indx`) in the header of an AVI of more than 1 GB, which say where in the whole file its parts are. */
async function indexNames(source: ByteSource): Promise<readonly ByteRange[]> {
  const found: ByteRange[] = [];
  const riff = await chunkAt(source, 0);
  if (riff?.id !== 'RIFF') return found;
  for await (const hdrl of chunksIn(source, riff)) {
    if (hdrl.form !== 'hdrl') continue;
    for await (const strl of chunksIn(source, hdrl)) {
      if (strl.form !== 'strl') continue;
      for await (const { id, start } of chunksIn(source, strl))
        if (id === 'indx') found.push({ start, end: start + NAME_BYTES });
    }
    break;
  }
  return found;
}
