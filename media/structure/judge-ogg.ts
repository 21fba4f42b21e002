import type { ByteSource } from './byte-source.ts';
import { lastPages, pageAt, TAIL_BYTES } from './ogg-pages.ts';
import { broken, notVideo, truncated } from './refusals.ts';

/**
 * Throws `truncated` unless the last page is whole, and each stream near the end has its last page (RFC 3533, "eos").
 */
export async function judgeOgg(source: ByteSource): Promise<string[]> {
  await refuseSound(source);
  const pages = await lastPages(source);
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
