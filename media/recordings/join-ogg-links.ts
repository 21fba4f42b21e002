import { forwardPages, type NewPages, otherTimes } from '../../core/recordings/counted-forwards.ts';
import { type OggJoining, oggLinks } from '../../core/recordings/ogg-links.ts';
import type { OggPage } from '../../core/recordings/ogg-pages.ts';
import { crcOf } from '../nut/nut-format.ts';
import { withByteSource } from '../structure/byte-source.ts';
import { chainIn } from '../structure/ogg-chain.ts';
import { lastPages } from '../structure/ogg-pages.ts';
import { readThrough } from '../structure/read-through.ts';
import type { Joining } from './rewrite-file.ts';

const HEAD_BYTES = 27;
const CAPTURE = Buffer.from('OggS\0', 'latin1');
const [GOES_ON, FIRST, LAST] = [1, 2, 4];
const [FLAGS_AT, GRANULE_AT, SERIAL_AT, CRC_AT] = [5, 6, 14, 22];

/**
 * Returns how an Ogg of several recordings of picture and sound, chained behind each other, is rewritten as one, with the streams of the first, and how one
 * of a single recording is, where ffmpeg would tell other times of its Vorbis.
 * Returns undefined for any other file, and where their streams do not match one to one or are of codecs whose times are not known here.
 */
export async function oggJoining(path: string, signal: AbortSignal): Promise<Joining | undefined> {
  const isChain = await withByteSource(path, signal, chainIn);
  if (isChain === undefined) return undefined;
  return isChain ? chainJoining(path, signal) : timesJoining(path, signal);
}

async function timesJoining(path: string, signal: AbortSignal): Promise<Joining | undefined> {
  const isOther = otherTimes();
  let isFound = false;
  const look = (bytes: Buffer, _: number, isEnd: boolean) => {
    const done = walkPages(bytes, isEnd, (page) => {
      isFound ||= isOther(page);
    });
    return isFound ? undefined : done;
  };
  await readThrough(path, look, signal);
  if (!isFound) return undefined;
  const finals = new Map((await withByteSource(path, signal, lastPages)).map((page) => [page.serial, page.start]));
  return { rewrite: rewriterOf({ pageOf: forwardPages(new Set(finals.values())) }) };
}

async function chainJoining(path: string, signal: AbortSignal): Promise<Joining | undefined> {
  const links = oggLinks();
  const look = (bytes: Buffer, from: number, isEnd: boolean) => {
    let isClear = true;
    const done = walkPages(bytes, isEnd, (page) => {
      isClear &&= links.add({ ...page, at: from + page.at });
    });
    return isClear ? done : undefined;
  };
  await readThrough(path, look, signal);
  const joining = links.found();
  return joining && { ...joining, rewrite: rewriterOf(joining) };
}

const rewriterOf =
  ({ pageOf }: OggJoining): Joining['rewrite'] =>
  (bytes, from, isEnd) => {
    const parts: Buffer[] = [];
    let copied = 0;
    const done = walkPages(bytes, isEnd, (page) => {
      const becomes = pageOf({ ...page, at: from + page.at });
      if (!becomes) return;
      parts.push(
        bytes.subarray(copied, page.at),
        ...newPages(bytes.subarray(page.at, page.at + HEAD_BYTES), page, becomes),
      );
      copied = page.end;
    });
    return { done, output: Buffer.concat([...parts, bytes.subarray(copied, done)]) };
  };

function newPages(head: Buffer, { lacing, body }: OggPage, { serial, parts }: NewPages): readonly Buffer[] {
  let from = 0;
  let at = 0;
  return parts.map(({ to, granule, isLast }, i) => {
    const values = lacing.subarray(from, to);
    const bytes = values.reduce((sum, each) => sum + each, 0);
    const page = Buffer.concat([head, values, body.subarray(at, at + bytes)]);
    const goesOn = i === 0 ? page.readUInt8(FLAGS_AT) & GOES_ON : 0;
    page.writeUInt8(goesOn | (isLast ? LAST : 0), FLAGS_AT);
    page.writeBigInt64LE(BigInt.asIntN(64, granule), GRANULE_AT);
    page.writeUInt32LE(serial, SERIAL_AT);
    page.writeUInt32LE(0, CRC_AT);
    page.writeUInt8(values.length, HEAD_BYTES - 1);
    page.writeUInt32LE(crcOf(page), CRC_AT);
    [from, at] = [to, at + bytes];
    return page;
  });
}

/** Visits the whole pages of some bytes, and returns how many of these it is done with. Bytes between pages, and damaged pages, are passed over, as demuxers do. */
function walkPages(bytes: Buffer, isEnd: boolean, visit: (page: OggPage & { readonly end: number }) => void): number {
  let at = 0;
  for (;;) {
    const found = bytes.indexOf(CAPTURE, at);
    if (found < 0) return isEnd ? bytes.length : Math.max(at, bytes.length - CAPTURE.length + 1);
    const page = pageIn(bytes, found);
    if (!page) {
      if (!isEnd) return found;
      at = found + 1;
      continue;
    }
    if (hasItsSum(bytes.subarray(found, page.end))) visit(page);
    at = page.end;
  }
}

/** Whether the checksum of a page is that of its bytes (RFC 3533, section 6). */
function hasItsSum(bytes: Buffer): boolean {
  const page = Buffer.from(bytes);
  page.writeUInt32LE(0, CRC_AT);
  return crcOf(page) === bytes.readUInt32LE(CRC_AT);
}

function pageIn(bytes: Buffer, at: number): (OggPage & { readonly end: number }) | undefined {
  if (at + HEAD_BYTES > bytes.length) return undefined;
  const body = at + HEAD_BYTES + bytes.readUInt8(at + HEAD_BYTES - 1);
  if (body > bytes.length) return undefined;
  const lacing = bytes.subarray(at + HEAD_BYTES, body);
  const end = body + lacing.reduce((sum, each) => sum + each, 0);
  if (end > bytes.length) return undefined;
  const flags = bytes.readUInt8(at + FLAGS_AT);
  return {
    ...{ at, end, lacing, body: bytes.subarray(body, end) },
    ...{ serial: bytes.readUInt32LE(at + SERIAL_AT), granule: bytes.readBigInt64LE(at + GRANULE_AT) },
    ...{ isFirst: (flags & FIRST) !== 0, isLast: (flags & LAST) !== 0, goesOn: (flags & GOES_ON) !== 0 },
  };
}
