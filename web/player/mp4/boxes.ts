/** A box of an MP4: bytes [start, end), of which [body, end) follow its header. */
export type Box = { readonly type: string; readonly start: number; readonly body: number; readonly end: number };

/** The box whose header begins here; undefined where its header is not there whole, or is none. Its end may lie outside. */
export function boxAt(bytes: Uint8Array, start: number): Box | undefined {
  if (start + 8 > bytes.length) return undefined;
  const type = typeAt(bytes, start + 4);
  const short = u32(bytes, start);
  if (short === 1) {
    if (start + 16 > bytes.length) return undefined;
    return { type, start, body: start + 16, end: start + u64(bytes, start + 8) };
  }
  return { type, start, body: start + 8, end: short === 0 ? Number.POSITIVE_INFINITY : start + short };
}

/** The boxes that lie whole in these bytes, one after the other. */
export function boxesIn(bytes: Uint8Array, from: number, to: number): readonly Box[] {
  const boxes: Box[] = [];
  for (let at = from; at < to; ) {
    const box = boxAt(bytes, at);
    if (!box || box.end > to || box.end < box.body) break;
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

/** The first box at the end of a path of types below a box. */
export function boxBelow(bytes: Uint8Array, box: Pick<Box, 'body' | 'end'>, path: string): Box | undefined {
  let found: Box | undefined;
  let within = box;
  for (const type of path.split('/')) {
    found = boxesIn(bytes, within.body, within.end).find((each) => each.type === type);
    if (!found) return undefined;
    within = found;
  }
  return found;
}

/** Returns the unsigned 32-bit number at a place, the highest byte first; bytes past the end count as 0. */
export const u32 = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) * 2 ** 24 + ((bytes[at + 1] ?? 0) << 16) + ((bytes[at + 2] ?? 0) << 8) + (bytes[at + 3] ?? 0);

/** Returns the unsigned 64-bit number at a place, exact up to 2^53. */
export const u64 = (bytes: Uint8Array, at: number): number => u32(bytes, at) * 2 ** 32 + u32(bytes, at + 4);

/** Returns the unsigned 16-bit number at a place. */
export const u16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) + (bytes[at + 1] ?? 0);

/** Returns the four letters at a place. */
export const typeAt = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));

/** Returns a copy of all parts, one behind the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
