import type { ByteSource } from './byte-source.ts';

/** One Ogg page, RFC 3533 section 6. */
type Page = {
  readonly start: number;
  readonly end: number;
  readonly serial: number;
  readonly first: boolean;
  readonly last: boolean;
  readonly dataStart: number;
};

export const CAPTURE = Buffer.from('OggS\0', 'latin1');
export const HEADER_BYTES = 27;
/** Four of the largest pages, among which is the last page of every stream that ends with the file. */
export const TAIL_BYTES = 4 * 65_307;

/** Reads the page that begins at `at`; undefined where none does. */
export async function pageAt(source: ByteSource, at: number): Promise<Page | undefined> {
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
export async function lastPages(source: ByteSource): Promise<Page[]> {
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
