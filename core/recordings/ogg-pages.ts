import { type OggCodec, oggCodec } from './ogg-codecs.ts';

/** One page of an Ogg file (RFC 3533 section 6): `at` is its place in the file, `body` what its packets hold. */
export type OggPage = {
  readonly at: number;
  readonly serial: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly goesOn: boolean;
  readonly granule: bigint;
  readonly lacing: Uint8Array;
  readonly body: Buffer;
};

/** A stream of one recording, as far as its pages were read. Times are in units of its codec; NaN where nothing tells them. */
export type LinkStream = {
  readonly serial: number;
  codec: OggCodec | undefined;
  /** The packets of its header. */
  readonly header: Buffer[];
  isInHeader: boolean;
  /** What is there of a packet that goes on in the next page. */
  open: Buffer | undefined;
  /** The beginning of its first packet and of the last whole one. */
  firstPacket: Buffer | undefined;
  lastPacket: Buffer | undefined;
  pages: number;
  lastPageAt: number;
  /** Where its first packet begins, and to where packets reach. */
  begins: number;
  reached: number;
  /** Whether a page has said a time. */
  hasTime: boolean;
};

/** A recording: where it begins in the file, and its streams. */
export type ChainLink = { readonly at: number; readonly streams: LinkStream[] };

export const NO_GRANULE = -1n;
const MOST_HEADER_BYTES = 32 * 2 ** 20;

/** Follows the pages of an Ogg file in order, and tells to which recording and stream each belongs. */
export function linkFollower() {
  const links: ChainLink[] = [];
  return {
    links,
    /** Takes the next page. Returns its recording, and its stream as it was before it; undefined where it belongs to none. */
    add(page: OggPage) {
      let link = links.at(-1);
      if (page.isFirst && (!link || link.streams.some(({ pages }) => pages > 0))) {
        link = { at: page.at, streams: [] };
        links.push(link);
      }
      if (page.isFirst) link?.streams.push(newStream(page));
      const number = link?.streams.findIndex(({ serial }) => serial === page.serial) ?? -1;
      const stream = link?.streams[number];
      if (!stream) return undefined;
      if (!page.goesOn) stream.isInHeader = stream.codec?.isHeader(page.body) === true;
      const place = { link: links.length - 1, number, isHeader: stream.isInHeader, before: { ...stream } };
      if (stream.isInHeader) addHeader(stream, page);
      else addData(stream, page);
      return place;
    },
  };
}

const newStream = ({ serial, body }: OggPage): LinkStream => ({
  ...{ serial, codec: oggCodec([body]), header: [], isInHeader: true, open: undefined },
  ...{ firstPacket: undefined, lastPacket: undefined },
  ...{ pages: 0, lastPageAt: 0, begins: Number.NaN, reached: 0, hasTime: false },
});

function addHeader(stream: LinkStream, page: OggPage): void {
  for (const { bytes, isWhole } of pagePackets(page)) {
    const packet = stream.open ? Buffer.concat([stream.open, bytes]) : Buffer.from(bytes);
    stream.open = isWhole || packet.length > MOST_HEADER_BYTES ? undefined : packet;
    if (isWhole) stream.header.push(packet);
  }
}

function addData(stream: LinkStream, page: OggPage): void {
  if (stream.pages === 0) stream.codec = oggCodec(stream.header);
  const { codec } = stream;
  const { begins, lengths, open } = dataIn(page, stream);
  const forward = lengths.reduce((sum, each) => sum + each, stream.reached);
  stream.open = open;
  stream.firstPacket ??= begins[0];
  stream.lastPacket = begins.at(-1) ?? stream.lastPacket;
  stream.pages++;
  stream.lastPageAt = page.at;
  stream.reached = forward;
  if (page.granule === NO_GRANULE || !codec) return;
  const end = codec.endOf(page.granule);
  // what the only page of a sound cuts off, it cuts off at its end (Vorbis I A.2)
  if (!stream.hasTime) stream.begins = page.isLast ? Math.max(0, end - forward) : end - forward;
  // what a granule position cuts off from the last packet of sound is still in it
  stream.reached = stream.hasTime ? Math.max(forward, end) : end;
  stream.hasTime = true;
}

const BEGIN_BYTES = 2;

/** The first bytes of the packets that end on a page, how long these are, and what is there of one that goes on in the next. */
export function dataIn(page: OggPage, { codec, open, lastPacket }: LinkStream) {
  const all = pagePackets(page).map(({ bytes, isWhole }, i) => {
    const before = i === 0 && page.goesOn ? open : undefined;
    return { isWhole, begin: Buffer.concat([before ?? Buffer.alloc(0), bytes.subarray(0, BEGIN_BYTES)]) };
  });
  const begins = all.filter(({ isWhole }) => isWhole).map(({ begin }) => begin);
  const lengths = begins.map((begin, i) => codec?.unitsOf(begin, begins[i - 1] ?? lastPacket) ?? Number.NaN);
  return { begins, lengths, open: all.find(({ isWhole }) => !isWhole)?.begin };
}

/** The packets of a page, or parts of them, with the lacing values (RFC 3533 section 5) of each. */
export function pagePackets({ lacing, body }: Pick<OggPage, 'lacing' | 'body'>) {
  const packets: { bytes: Buffer; isWhole: boolean; readonly fromLacing: number; toLacing: number }[] = [];
  let at = 0;
  let begin = 0;
  let fromLacing = 0;
  for (const [i, value] of lacing.entries()) {
    at += value;
    if (value === 255 && i < lacing.length - 1) continue;
    packets.push({ bytes: body.subarray(begin, at), isWhole: value < 255, fromLacing, toLacing: i + 1 });
    [begin, fromLacing] = [at, i + 1];
  }
  return packets;
}
