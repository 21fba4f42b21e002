import { vintBytes } from '../../core/bytes/ebml.ts';
import type { ByteSource } from './byte-source.ts';

/** One EBML element (RFC 8794). Positions are bytes from the file's beginning. */
export type EbmlElement = {
  readonly id: number;
  readonly start: number;
  readonly dataStart: number;
  /** The end that the file claims, or the end of the parent element where the size is unknown. */
  readonly end: number;
  /** Whether its size is unknown, so that only the elements behind it tell where it ends. */
  readonly open: boolean;
};

/** Reads the element that begins at `at` inside `[at, limit)`; undefined where no whole element header is there. */
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

/** Yields the elements of `[from, to)` in order, up to bytes that are no element; one that reaches past `to` is the last. */
export async function* elementsIn(source: ByteSource, from: number, to: number): AsyncGenerator<EbmlElement> {
  let at = from;
  while (at < to) {
    const element = await elementAt(source, at, to);
    if (!element) return;
    yield element;
    at = element.end;
  }
}

/** Reads the elements inside an element one by one. */
export const elementsOf = (source: ByteSource, { dataStart, end }: EbmlElement) => elementsIn(source, dataStart, end);

/** Reads an unsigned integer element; undefined if it is longer than 6 bytes, which no real size or count is. */
export async function uintOf(source: ByteSource, { dataStart, end }: EbmlElement): Promise<number | undefined> {
  const length = end - dataStart;
  if (length === 0) return 0;
  if (length > 6) return undefined;
  const data = await source.read(dataStart, length);
  return data.length === length ? data.readUIntBE(0, length) : undefined;
}

/** Returns the value of a variable-size integer; undefined if all its bits are set, which means "unknown". */
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
