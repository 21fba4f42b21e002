import { type ByteSource, withByteSource } from './byte-source.ts';
import type { Family } from './families.ts';
import { CAPTURE, HEADER_BYTES, lastPages, pageAt } from './ogg-pages.ts';
import { anotherFilm } from './refusals.ts';

/** Where the first pages of the first recording end, and of which streams they are. */
type BegunStreams = { readonly end: number; readonly serials: ReadonlySet<number> };

/** Whether another recording is chained behind the first one of an Ogg of several streams, as far as its last pages tell; undefined for any other file. */
export async function chainIn(source: ByteSource): Promise<boolean | undefined> {
  const { serials } = await begunIn(source);
  return serials.size > 1 ? !(await lastPages(source)).every(({ serial }) => serials.has(serial)) : undefined;
}

/** Throws `bad-input` where recordings are chained in an Ogg: demuxers do not follow the serial numbers of a second one. */
export async function refuseChain(path: string, family: Family, signal: AbortSignal): Promise<void> {
  if (family !== 'ogg') return;
  await withByteSource(path, signal, async (source) => {
    if (!(await chainIn(source))) return;
    const at = await nextRecording(source, await begunIn(source));
    const where = at === undefined ? '' : ` at byte ${at}`;
    throw anotherFilm(
      source,
      `another recording, which does not go on as the first one began, is chained behind it${where}`,
      at,
    );
  });
}

async function begunIn(source: ByteSource): Promise<BegunStreams> {
  const serials = new Set<number>();
  let page = await pageAt(source, 0);
  for (; page?.first; page = await pageAt(source, page.end)) serials.add(page.serial);
  return { end: page?.start ?? 0, serials };
}

const SEARCHED_BYTES = 64 * 1024 * 1024;
const BLOCK_BYTES = 1024 * 1024;

/** Returns where a stream begins behind `from` that is none of these; undefined where that is far away. */
async function nextRecording(source: ByteSource, { end: from, serials }: BegunStreams): Promise<number | undefined> {
  for (let block = from; block < Math.min(source.size, SEARCHED_BYTES); block += BLOCK_BYTES) {
    const bytes = await source.read(block, BLOCK_BYTES + HEADER_BYTES);
    for (
      let at = bytes.indexOf(CAPTURE);
      at >= 0 && at + HEADER_BYTES <= bytes.length;
      at = bytes.indexOf(CAPTURE, at + 1)
    )
      if ((bytes.readUInt8(at + 5) & 2) !== 0 && !serials.has(bytes.readUInt32LE(at + 14))) return block + at;
  }
  return undefined;
}
