import type { ByteSource } from './byte-source.ts';
import { anotherFilm, broken, notVideo, truncated } from './refusals.ts';

/** One Ogg page, RFC 3533 section 6. */
type Page = {
  readonly start: number;
  readonly end: number;
  readonly serial: number;
  readonly first: boolean;
  readonly last: boolean;
  readonly dataStart: number;
};

const CAPTURE = Buffer.from('OggS\0', 'latin1');
const HEADER_BYTES = 27;
/** Four of the largest pages, among which is the last page of every stream that ends with the file. */
const TAIL_BYTES = 4 * 65_307;

/**
 * Throws `truncated` unless the last page is whole, and each stream near the end has its last page (RFC 3533, "eos"), and `bad-input` where
 * another recording of several streams is chained behind the first one, since demuxers do not follow its serial numbers.
 */
export async function judgeOgg(source: ByteSource): Promise<string[]> {
  await refuseSound(source);
  const pages = await lastPages(source);
  await refuseChain(source, pages);
  const final = pages.at(-1);
  if (!final) {
    throw truncated(source, `its last ${Math.min(TAIL_BYTES, source.size)} bytes hold no Ogg page`);
  }
  if (final.end > source.size) {
    throw truncated(source, `its page at byte ${final.start} ends ${final.end - source.size} bytes behind the file`);
  }
  for (const page of new Map(pages.map((page) => [page.serial, page])).values()) {
    if (!page.last) throw truncated(source, `its stream ${page.serial} has no last page`);
  }
  return final.end < source.size ? [`${source.size - final.end} stray bytes follow its last page`] : [];
}

async function refuseChain(source: ByteSource, last: readonly Page[]): Promise<void> {
  const begun = new Set<number>();
  let page = await pageAt(source, 0);
  for (; page?.first; page = await pageAt(source, page.end)) begun.add(page.serial);
  if (begun.size < 2 || last.every(({ serial }) => begun.has(serial))) return;
  const at = await nextRecording(source, page?.start ?? 0, begun);
  const where = at === undefined ? '' : ` at byte ${at}`;
  throw anotherFilm(source, `another recording is chained behind the first one${where}`, at);
}

const SEARCHED_BYTES = 64 * 1024 * 1024;
const BLOCK_BYTES = 1024 * 1024;

/** Returns where a stream begins behind `from` that is none of these; undefined where that is far away. */
async function nextRecording(
  source: ByteSource,
  from: number,
  begun: ReadonlySet<number>,
): Promise<number | undefined> {
  for (let block = from; block < Math.min(source.size, SEARCHED_BYTES); block += BLOCK_BYTES) {
    const bytes = await source.read(block, BLOCK_BYTES + HEADER_BYTES);
    for (
      let at = bytes.indexOf(CAPTURE);
      at >= 0 && at + HEADER_BYTES <= bytes.length;
      at = bytes.indexOf(CAPTURE, at + 1)
    )
      if ((bytes.readUInt8(at + 5) & 2) !== 0 && !begun.has(bytes.readUInt32LE(at + 14))) return block + at;
  }
  return undefined;
}

async function pageAt(source: ByteSource, at: number): Promise<Page | undefined> {
  const head = await source.read(at, HEADER_BYTES + 255);
  if (head.length < HEADER_BYTES || !head.subarray(0, CAPTURE.length).equals(CAPTURE)) return undefined;
  const segments = head.readUInt8(26);
  const lacing = head.subarray(HEADER_BYTES, HEADER_BYTES + segments);
  const flags = head.readUInt8(5);
  const dataStart = at + HEADER_BYTES + segments;
  return {
    start: at,
    dataStart,
    // a page whose lacing values are cut off reaches past the end whatever they were
    end: dataStart + lacing.reduce((sum, value) => sum + value, 0),
    serial: head.readUInt32LE(14),
    first: Boolean(flags & 2),
    last: Boolean(flags & 4),
  };
}

/** Returns the last pages of the file that follow each other without a gap. */
async function lastPages(source: ByteSource): Promise<Page[]> {
  const from = Math.max(0, source.size - TAIL_BYTES);
  const tail = await source.read(from, source.size - from);
  let pages: Page[] = [];
  for (let at = tail.indexOf(CAPTURE); at >= 0; at = tail.indexOf(CAPTURE, at + 1)) {
    if (from + at < (pages.at(-1)?.end ?? 0)) continue; // this match lies inside a page that was read
    const chain = await pagesFrom(source, from + at);
    if (chain.length > 0) pages = chain;
  }
  return pages;
}

async function pagesFrom(source: ByteSource, start: number): Promise<Page[]> {
  const pages: Page[] = [];
  for (let at = start; at < source.size; at = pages.at(-1)?.end ?? source.size) {
    const page = await pageAt(source, at);
    if (!page) break;
    pages.push(page);
  }
  return pages;
}

/** The first bytes of the first packet of a picture stream (Theora, VP8, Dirac, OGM, Daala). */
const PICTURES = ['\x80theora', 'OVP80', 'BBCD\0', '\x01video\0', '\x80daala'].map((text) =>
  Buffer.from(text, 'latin1'),
);

/** Throws `not-video` where no stream holds pictures. The first pages of all streams come before any other page. */
async function refuseSound(source: ByteSource): Promise<void> {
  let at = 0;
  for (;;) {
    const page = await pageAt(source, at);
    if (!page?.first) break;
    const begins = await source.read(page.dataStart, 16);
    if (PICTURES.some((mark) => begins.subarray(0, mark.length).equals(mark))) return;
    at = page.end;
  }
  if (at === 0) throw broken(source, 'its first page does not begin a stream');
  if (at >= source.size) throw truncated(source, 'it ends before its first streams have begun');
  throw notVideo(source, 'an Ogg audio file');
}
