import type { ByteSource } from './byte-source.ts';

/** One EBML element (RFC 8794). Positions are bytes from the file's beginning. */
export type EbmlElement = {
  readonly id: number;
  readonly start: number;
  readonly dataStart: number;
  /** As the file claims it; where the size is unknown, the end of what holds it. */
  readonly end: number;
  /** Its size is unknown: only what follows tells where it ends. */
  readonly open: boolean;
};

/** The element that begins at `at` inside `[at, limit)`; undefined where no element header is whole. */
export async function elementAt(source: ByteSource, at: number, limit: number): Promise<EbmlElement | undefined> {
  const head = await source.read(at, Math.min(12, limit - at));
  const idBytes = vintBytes(head, 0);
  if (idBytes === undefined || idBytes > 4) return undefined;
  const sizeBytes = vintBytes(head, idBytes);
  if (sizeBytes === undefined || head.length < idBytes + sizeBytes) return undefined;
  const dataStart = at + idBytes + sizeBytes;
  const size = vintValue(head.subarray(idBytes, idBytes + sizeBytes));
  const open = size === undefined;
  return { id: head.readUIntBE(0, idBytes), start: at, dataStart, end: open ? limit : dataStart + size, open };
}

/** The elements of `[from, to)` in order, until bytes that are none; one that reaches past `to` is the last. */
export async function* elementsIn(source: ByteSource, from: number, to: number): AsyncGenerator<EbmlElement> {
  let at = from;
  while (at < to) {
    const element = await elementAt(source, at, to);
    if (!element) return;
    yield element;
    at = element.end;
  }
}

export const elementsOf = (source: ByteSource, { dataStart, end }: EbmlElement) => elementsIn(source, dataStart, end);

/** An unsigned integer element; undefined if it is longer than 6 bytes, which no size or count here is. */
export async function uintOf(source: ByteSource, { dataStart, end }: EbmlElement): Promise<number | undefined> {
  const length = end - dataStart;
  if (length === 0) return 0;
  if (length > 6) return undefined;
  const data = await source.read(dataStart, length);
  return data.length === length ? data.readUIntBE(0, length) : undefined;
}

/** How long the variable-size integer at `at` is: one more than its leading zero bits. */
function vintBytes(head: Buffer, at: number): number | undefined {
  const first = head[at];
  return first === undefined || first === 0 ? undefined : Math.clz32(first) - 23;
}

/** Undefined if all its bits are set, which means "unknown". */
function vintValue(bytes: Buffer): number | undefined {
  const mask = 2 ** (8 - bytes.length) - 1;
  let value = (bytes[0] ?? 0) & mask;
  let allSet = value === mask;
  for (const byte of bytes.subarray(1)) {
    value = value * 256 + byte;
    allSet &&= byte === 255;
  }
  return allSet ? undefined : value;
}
