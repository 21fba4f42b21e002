import type { AviText } from '../../core/description/avi-tags.ts';
import { chunkAt, chunksIn, nextOf, type RiffChunk } from './avi-chunks.ts';
import { type ByteSource, withByteSource } from './byte-source.ts';

/** Longer texts are left out; an AVI has a dozen of them. */
const LONGEST = 64 * 1024;
const MOST_TEXTS = 1000;
/** A film of a day has a hundred RIFFs of a GB; each has some lists and an index. */
const MOST_CHUNKS = 10_000;

const ALONE: ReadonlySet<string> = new Set(['IDIT', 'ISMP']);
const LISTS: ReadonlySet<string> = new Set(['INFO', 'INF0', 'Tdat', 'exif']);
/** What is no text: the data of a camera's maker. */
const NO_TEXTS: ReadonlySet<string> = new Set(['emnt']);
/** What cameras write into space that means nothing, and into the data of a stream; it begins with their names. */
const OF_CAMERAS: ReadonlySet<string> = new Set(['JUNK', 'strd']);
const BEGINNING = 4096;
/** Programs write a film's tags as those of MP3 too. */
const ID3 = /^id3 $/i;
const ID3_BYTES = 256 * 1024;

/** Reads the texts by which an AVI describes its film, before and behind its pictures. */
export const aviTexts = (path: string, signal: AbortSignal): Promise<readonly AviText[]> =>
  withByteSource(path, signal, async (source) => {
    const texts: AviText[] = [];
    let seen = 0;
    for (let riff = await chunkAt(source, 0); riff?.id === 'RIFF'; riff = await chunkAt(source, nextOf(riff))) {
      for await (const chunk of chunksIn(source, { ...riff, end: Math.min(riff.end, source.size) })) {
        if (++seen > MOST_CHUNKS) return texts;
        await addTexts(source, chunk, texts);
      }
      if (riff.end <= riff.dataStart) break;
    }
    return texts;
  });

async function addTexts(source: ByteSource, chunk: RiffChunk, texts: AviText[]): Promise<void> {
  if (texts.length >= MOST_TEXTS) return;
  if (OF_CAMERAS.has(chunk.id) || ID3.test(chunk.id)) {
    const most = ID3.test(chunk.id) ? ID3_BYTES : BEGINNING;
    const bytes = await source.read(chunk.dataStart, Math.min(most, chunk.end - chunk.dataStart));
    texts.push({ list: '', id: chunk.id, bytes });
  }
  if (ALONE.has(chunk.id)) await add(source, { chunk, list: '' }, texts);
  if (chunk.form === 'strl') for await (const inner of chunksIn(source, chunk)) await addTexts(source, inner, texts);
  const isHeader = chunk.form === 'hdrl';
  if (!isHeader && !LISTS.has(chunk.form)) return;
  for await (const inner of chunksIn(source, chunk)) {
    if (texts.length >= MOST_TEXTS) return;
    if (isHeader ? ALONE.has(inner.id) : inner.form === '')
      await add(source, { chunk: inner, list: chunk.form }, texts);
    if (isHeader && (LISTS.has(inner.form) || inner.form === 'strl' || inner.id === 'JUNK'))
      await addTexts(source, inner, texts);
  }
}

async function add(
  source: ByteSource,
  { chunk: { id, dataStart, end }, list }: { readonly chunk: RiffChunk; readonly list: string },
  texts: AviText[],
): Promise<void> {
  if (end - dataStart > LONGEST || !/^[\x20-\x7e]{4}$/.test(id) || NO_TEXTS.has(id)) return;
  texts.push({ list, id, bytes: await source.read(dataStart, end - dataStart) });
}
