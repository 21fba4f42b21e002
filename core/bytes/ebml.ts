/** The position of an EBML element (RFC 8794) in a buffer, in bytes from its beginning: its header begins at `start`, its data is `[body, end)`. */
type MemoryElement = {
  readonly id: number;
  readonly start: number;
  readonly body: number;
  readonly end: number;
};

/** Returns the whole elements of `[from, to)` in order, up to the first bytes that are no whole element. */
export function ebmlElements(bytes: Buffer, from = 0, to = bytes.length): readonly MemoryElement[] {
  const found: MemoryElement[] = [];
  for (let at = from; at < to; ) {
    const element = ebmlElement(bytes, at, to);
    if (!element) break;
    found.push(element);
    at = element.end;
  }
  return found;
}

function ebmlElement(bytes: Buffer, at: number, to: number): MemoryElement | undefined {
  const idBytes = vintBytes(bytes, at);
  if (idBytes === undefined || idBytes > 4 || at + idBytes >= to) return undefined;
  const sizeBytes = vintBytes(bytes, at + idBytes);
  const body = at + idBytes + (sizeBytes ?? 0);
  if (sizeBytes === undefined || sizeBytes > 8 || body > to) return undefined;
  let size = (bytes[at + idBytes] ?? 0) & (2 ** (8 - sizeBytes) - 1);
  for (let i = 1; i < sizeBytes; i++) size = size * 256 + (bytes[at + idBytes + i] ?? 0);
  return body + size > to ? undefined : { id: bytes.readUIntBE(at, idBytes), start: at, body, end: body + size };
}

/** Returns the length in bytes of the variable-size integer at `at`, which is one more than its leading zero bits; undefined where there is none. */
export function vintBytes(bytes: Buffer, at: number): number | undefined {
  const first = bytes[at];
  return first === undefined || first === 0 ? undefined : Math.clz32(first) - 23;
}

const elementBytes = (bytes: Buffer, { start, end }: MemoryElement): Buffer => bytes.subarray(start, end);

/** The elements inside a buffer that holds one whole element, as buffers of their own; none where it holds no element. */
export function childElements(parent: Buffer): readonly Buffer[] {
  const [whole] = ebmlElements(parent);
  return whole ? ebmlElements(parent, whole.body, whole.end).map((child) => elementBytes(parent, child)) : [];
}

/** Returns the id with which an element begins; 0 where there is no whole element. */
export const idOf = (element: Buffer): number => ebmlElements(element)[0]?.id ?? 0;

/** The data of a buffer that holds one whole element. */
export function dataOf(element: Buffer): Buffer {
  const [whole] = ebmlElements(element);
  return whole ? element.subarray(whole.body, whole.end) : Buffer.alloc(0);
}

/** The first element with this id inside the element that the buffer holds. */
export const childOf = (parent: Buffer, id: number): Buffer | undefined =>
  childElements(parent).find((child) => idOf(child) === id);

/** Returns an element with these parts as its data. */
export function newElement(id: number, ...parts: readonly Buffer[]): Buffer {
  const data = Buffer.concat(parts);
  return Buffer.concat([idBytesOf(id), sizeBytesOf(data.length), data]);
}

/** An element's id as it stands in the file. */
export function idBytesOf(id: number): Buffer {
  const length = id > 0xffffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1;
  const bytes = Buffer.alloc(length);
  bytes.writeUIntBE(id, 0, length);
  return bytes;
}

/** A size in as few bytes as it needs, or in `least`. The value whose bits are all set means that the size is unknown. */
export function sizeBytesOf(size: number, least = 1): Buffer {
  let length = least;
  while (length < 8 && size >= 2 ** (7 * length) - 1) length++;
  const bytes = Buffer.alloc(length);
  const marked = BigInt(size) | (1n << BigInt(7 * length));
  for (let i = 0; i < length; i++) bytes[length - 1 - i] = Number((marked >> BigInt(8 * i)) & 0xffn);
  return bytes;
}

/** An unsigned integer; a value beyond 2^53 is given as bigint. */
export function uintElement(id: number, value: number | bigint): Buffer {
  const hex = value.toString(16);
  return newElement(id, Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'));
}

/** Returns an element that holds a text in UTF-8 (RFC 8794 section 7.5). */
export const textElement = (id: number, value: string): Buffer => newElement(id, Buffer.from(value, 'utf8'));

/** The unsigned integer that an element holds; undefined where there is no element, or it has more than 8 bytes. */
export function uintIn(element: Buffer | undefined): bigint | undefined {
  const data = element && dataOf(element);
  if (!data || data.length > 8) return undefined;
  return data.length === 0 ? 0n : BigInt(`0x${data.toString('hex')}`);
}

/** The text that an element holds; zeros may follow it (RFC 8794 7.4). */
export const textIn = (element: Buffer | undefined): string | undefined =>
  element && dataOf(element).toString('utf8').replace(/\0.*$/s, '');

/** An element of exactly so many bytes that means nothing; 2 bytes are the least. */
export function voidElement(bytes: number): Buffer {
  const least = bytes - 2 < 127 ? 1 : 8;
  return Buffer.concat([Buffer.from([0xec]), sizeBytesOf(bytes - 1 - least, least), Buffer.alloc(bytes - 1 - least)]);
}
