import { createReadStream } from 'node:fs';
import { ServiceError } from '../../core/errors.ts';
import type { FlvTag } from '../../core/film/new-flv.ts';

const HEADER_BYTES = 9;
const SIZE_BYTES = 4;
const TAG_HEADER_BYTES = 11;
const KINDS: Readonly<Record<number, FlvTag['kind']>> = { 8: 'sound', 9: 'picture', 18: 'script' };
const CHUNK_BYTES = 1 << 20;

/** Yields the whole tags of an FLV (FLV 10.1, E.4.1) in order, up to the first bytes that are no tag. Throws `interrupted`. */
export async function* flvTags(path: string, signal: AbortSignal): AsyncGenerator<FlvTag> {
  let parts: Buffer[] = [];
  let length = 0;
  let wanted = HEADER_BYTES + SIZE_BYTES + TAG_HEADER_BYTES;
  let isBegun = false;
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    if (signal.aborted) throw new ServiceError('interrupted', 'stopped while reading the film');
    parts.push(chunk);
    length += chunk.length;
    if (length < wanted) continue;
    const bytes = Buffer.concat(parts);
    let at = isBegun ? 0 : HEADER_BYTES + SIZE_BYTES;
    isBegun = true;
    wanted = TAG_HEADER_BYTES;
    while (at + TAG_HEADER_BYTES <= bytes.length) {
      const kind = KINDS[bytes.readUInt8(at)];
      if (kind === undefined) return;
      const end = at + TAG_HEADER_BYTES + bytes.readUIntBE(at + 1, 3);
      wanted = end + SIZE_BYTES - at;
      if (end > bytes.length) break;
      const ms = bytes.readUInt8(at + 7) * 2 ** 24 + bytes.readUIntBE(at + 4, 3);
      yield { kind, ms, body: bytes.subarray(at + TAG_HEADER_BYTES, end) };
      at = Math.min(end + SIZE_BYTES, bytes.length);
      wanted = TAG_HEADER_BYTES;
    }
    parts = [bytes.subarray(at)];
    length = bytes.length - at;
  }
}
