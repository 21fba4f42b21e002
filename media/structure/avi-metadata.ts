import { newBox } from '../../core/bytes/boxes.ts';
import { againstChunk } from '../../core/description/avi-junk.ts';
import { type MetadataBox, XMP } from '../../core/description/metadata.ts';
import { chunkAt, chunksIn, nextOf, type RiffChunk } from './avi-chunks.ts';
import { type ByteSource, withByteSource } from './byte-source.ts';

const LARGEST = 8 * 2 ** 20;
/** A film of a day has a hundred RIFFs of a GB; each has some lists and an index. */
const MOST_CHUNKS = 10_000;

/** What an AVI, its header and a stream's header consist of, and what is read elsewhere as texts. Everything else is named. */
const OF_THE_FILE: ReadonlySet<string> = new Set([
  'hdrl',
  'movi',
  'idx1',
  'INFO',
  'INF0',
  'exif',
  'IDIT',
  'ISMP',
  'Tdat',
]);
const OF_THE_HEADER: ReadonlySet<string> = new Set(['avih', 'strl', 'odml', 'vprp', ...OF_THE_FILE]);
const OF_A_STREAM: ReadonlySet<string> = new Set(['strh', 'strf', 'strn', 'indx', 'vprp']);
const OF_EXIF = /^(?!emnt)/;
/** The first frames of an ID3 may be as large as a picture. */
const BEGINNING = 256 * 1024;
const MOST_FOUND = 100;

/**
 * Reads what an AVI holds besides texts and streams, as the boxes that MP4 has for it: XMP (`_PMX`, as Adobe writes it) as the box of
 * XMP. What no other container has a place for comes with the reason, once for each kind: data of cameras, chunks that nobody knows.
 */
export const aviMetadata = (path: string, signal: AbortSignal): Promise<readonly MetadataBox[]> =>
  withByteSource(path, signal, async (source) => {
    const found = new Map<string, MetadataBox>();
    let seen = 0;
    for (let riff = await chunkAt(source, 0); riff?.id === 'RIFF'; riff = await chunkAt(source, nextOf(riff))) {
      for await (const chunk of chunksIn(source, { ...riff, end: Math.min(riff.end, source.size) })) {
        if (++seen > MOST_CHUNKS || found.size > MOST_FOUND) return [...found.values()];
        for (const box of await boxesOf(source, chunk)) found.set(`${box.type} ${box.leftOut}`, box);
      }
      if (riff.end <= riff.dataStart) break;
    }
    return [...found.values()];
  });

async function boxesOf(source: ByteSource, chunk: RiffChunk): Promise<readonly MetadataBox[]> {
  const { id, form, dataStart, end } = chunk;
  if (id === '_PMX') {
    const packet = end - dataStart > LARGEST ? undefined : await source.read(dataStart, end - dataStart);
    return [{ place: 'file', type: 'uuid', bytes: packet && newBox('uuid', Buffer.from(XMP, 'hex'), packet) }];
  }
  if (form === 'ncdt') return [{ place: 'file', type: 'ncdt', bytes: newBox('ncdt') }];
  if (form === 'hdrl') return insideOf(source, chunk, (name) => OF_THE_HEADER.has(name));
  if (form === 'exif') return insideOf(source, chunk, (name) => OF_EXIF.test(name));
  return OF_THE_FILE.has(form || id) ? [] : leftOut(source, chunk);
}

/** What is named of a list: the chunks that do not belong to its form. */
async function insideOf(
  source: ByteSource,
  list: RiffChunk,
  isKnown: (name: string) => boolean,
): Promise<readonly MetadataBox[]> {
  const found: MetadataBox[] = [];
  for await (const chunk of chunksIn(source, list)) {
    if (found.length > MOST_FOUND) break;
    if (chunk.form === 'strl') found.push(...(await insideOf(source, chunk, (name) => OF_A_STREAM.has(name))));
    else if (!isKnown(chunk.form || chunk.id)) found.push(...(await leftOut(source, chunk)));
  }
  return found;
}

async function leftOut(source: ByteSource, { id, form, dataStart, end }: RiffChunk): Promise<readonly MetadataBox[]> {
  const name = form || id;
  if (!/^[\x20-\x7e]{4}$/.test(name) || end === dataStart) return [];
  const why = againstChunk(name, await source.read(dataStart, Math.min(BEGINNING, end - dataStart)));
  return why === undefined ? [] : [{ place: 'file', type: name.trim(), bytes: undefined, leftOut: why }];
}
