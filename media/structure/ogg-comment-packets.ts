import { type ByteSource, withByteSource } from './byte-source.ts';

const PAGE_HEADER_BYTES = 27;
/** Covers lie among the comments, as text. */
const MOST_BYTES = 32 * 2 ** 20;
const MOST_PAGES = 5000;

/** Reads the second packet of each stream of an Ogg file, which holds its comments (RFC 3533). Damage ends the list. */
export const oggCommentPackets = (path: string, signal: AbortSignal): Promise<readonly Buffer[]> =>
  withByteSource(path, signal, async (source) => {
    const streams = new Map<number, StreamHead>();
    let at = 0;
    for (let pages = 0; pages < MOST_PAGES && at < MOST_BYTES; pages++) {
      const next = await addPage(source, at, streams);
      if (next === undefined || [...streams.values()].every(({ packets }) => packets >= 2)) break;
      at = next;
    }
    return [...streams.values()].flatMap(({ packets, parts }) => (packets >= 2 ? [Buffer.concat(parts)] : []));
  });

/** How many packets of a stream are whole, and the parts of its second one. */
type StreamHead = { packets: number; readonly parts: Buffer[] };

/** Adds what a page holds of the second packets, and returns where the next one begins; undefined where there is no page. */
async function addPage(source: ByteSource, at: number, streams: Map<number, StreamHead>): Promise<number | undefined> {
  const head = await source.read(at, PAGE_HEADER_BYTES);
  if (head.length < PAGE_HEADER_BYTES || head.toString('latin1', 0, 4) !== 'OggS') return undefined;
  const sizes = await source.read(at + PAGE_HEADER_BYTES, head.readUInt8(26));
  const serial = head.readUInt32LE(14);
  const stream = streams.get(serial) ?? { packets: 0, parts: [] };
  streams.set(serial, stream);
  let position = at + PAGE_HEADER_BYTES + sizes.length;
  for (const size of sizes) {
    if (stream.packets === 1) stream.parts.push(await source.read(position, size));
    if (size < 255) stream.packets++;
    position += size;
  }
  return position;
}
