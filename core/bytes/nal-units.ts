import { inFourBytes } from './big-endian.ts';
/**
 * Yields the NAL units of an Annex B byte stream (ITU-T H.264 and H.265, annex B) without their start codes and the zeros
 * between them; of MPEG-2, what follows each start code.
 */
export function* annexBUnits(bytes: Buffer): Generator<Buffer> {
  let begin = -1;
  for (let at = bytes.indexOf(START_CODE); at >= 0; at = bytes.indexOf(START_CODE, at + 3)) {
    if (begin >= 0) yield withoutZeros(bytes.subarray(begin, at));
    begin = at + 3;
  }
  if (begin >= 0) yield withoutZeros(bytes.subarray(begin));
}

const START_CODE = Buffer.from([0, 0, 1]);

function withoutZeros(unit: Buffer): Buffer {
  let end = unit.length;
  while (end > 0 && unit[end - 1] === 0) end--;
  return unit.subarray(0, end);
}

/** Yields the NAL units of a sample of MP4, each with its length of four bytes. Ends where a length is not right. */
export function* sampleUnits(sample: Buffer): Generator<Buffer> {
  for (let at = 0; at + 4 <= sample.length; ) {
    const end = at + 4 + sample.readUInt32BE(at);
    if (end > sample.length) return;
    yield sample.subarray(at, end);
    at = end;
  }
}

/** Returns a NAL unit as a sample of MP4 holds it, behind its length. */
export const inSample = (unit: Buffer): Buffer => Buffer.concat([inFourBytes(unit.length), unit]);

/** Returns the payload of a NAL unit without the bytes that keep start codes out of it (H.265 7.4.2). */
export function withoutEscapes(payload: Buffer): Buffer {
  let at = payload.indexOf(ESCAPED);
  if (at < 0) return payload;
  const kept = Buffer.alloc(payload.length);
  let [length, from] = [0, 0];
  for (; at >= 0; at = payload.indexOf(ESCAPED, from)) {
    length += payload.copy(kept, length, from, at + 2);
    from = at + ESCAPED.length; // zeros before an escape are not counted to those behind it
  }
  length += payload.copy(kept, length, from);
  return kept.subarray(0, length);
}

const ESCAPED = Buffer.from([0, 0, 3]);

/** Returns a payload with the bytes that keep start codes out of it. */
export function withEscapes(payload: Buffer): Buffer {
  const escaped = Buffer.alloc(payload.length + (payload.length >> 1) + 1);
  let [length, zeros] = [0, 0];
  for (const byte of payload) {
    if (zeros >= 2 && byte <= 3) {
      escaped[length++] = 3;
      zeros = 0;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    escaped[length++] = byte;
  }
  return escaped.subarray(0, length);
}

export type SeiMessage = { readonly type: number; readonly payload: Buffer };

/** Yields the messages of an SEI's payload without escapes (H.265 7.3.5). Ends where a size reaches past the payload. */
export function* seiMessages(bytes: Buffer): Generator<SeiMessage> {
  for (let at = 0; at + 2 < bytes.length; ) {
    const [type, afterType] = longNumber(bytes, at);
    const [size, body] = longNumber(bytes, afterType);
    if (body + size > bytes.length) return;
    yield { type, payload: bytes.subarray(body, body + size) };
    at = body + size;
  }
}

/** A number as SEI writes it: 255 for each whole 255, and the rest. */
function longNumber(bytes: Buffer, at: number): readonly [value: number, next: number] {
  let value = 0;
  let i = at;
  while (bytes[i] === 255) {
    value += 255;
    i++;
  }
  return [value + (bytes[i] ?? 0), i + 1];
}

/** Returns an SEI message with its type and size, as a payload that ends with the stop bit. */
export function seiPayload({ type, payload }: SeiMessage): Buffer {
  const long = (value: number) =>
    Buffer.concat([Buffer.alloc(Math.floor(value / 255), 255), Buffer.from([value % 255])]);
  return Buffer.concat([long(type), long(payload.length), payload, Buffer.from([0x80])]);
}
