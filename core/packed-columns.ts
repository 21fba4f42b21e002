/** A column of numbers, by its name. Others than these are in the header. */
type PackedColumns = Readonly<Record<string, Uint8Array | Float64Array>>;

const LENGTH_BYTES = 4;

/**
 * Packs a JSON value and columns of numbers into one block of bytes: the length of a header, the header with the value and the
 * bytes of each column, and the columns. Infinity and NaN, which JSON does not have, are kept.
 */
export function packColumns(value: unknown, columns: PackedColumns): Uint8Array {
  const lengths = Object.entries(columns).map(([name, { byteLength }]) => [name, byteLength]);
  const header = new TextEncoder().encode(JSON.stringify({ value, lengths }, asJson));
  const size = lengths.reduce((sum, [, length]) => sum + Number(length), LENGTH_BYTES + header.length);
  const packed = new Uint8Array(size);
  new DataView(packed.buffer).setUint32(0, header.length);
  packed.set(header, LENGTH_BYTES);
  let at = LENGTH_BYTES + header.length;
  for (const column of Object.values(columns)) {
    packed.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += column.byteLength;
  }
  return packed;
}

/** Returns what packColumns packed, the columns as bytes. Throws for other bytes. */
export function unpackColumns(packed: Uint8Array): {
  readonly value: unknown;
  readonly columns: ReadonlyMap<string, Uint8Array>;
} {
  const headerBytes = new DataView(packed.buffer, packed.byteOffset, packed.byteLength).getUint32(0);
  const header = packed.subarray(LENGTH_BYTES, LENGTH_BYTES + headerBytes);
  const { value, lengths } = JSON.parse(new TextDecoder().decode(header), fromJson);
  let at = LENGTH_BYTES + headerBytes;
  const columns = new Map<string, Uint8Array>();
  for (const [name, length] of lengths) {
    columns.set(String(name), packed.slice(at, at + Number(length))); // a copy of its own, because numbers want to be aligned
    at += Number(length);
  }
  if (at !== packed.byteLength) throw new Error(`the columns end at byte ${at} of ${packed.byteLength}`);
  return { value, columns };
}

/** The numbers of a column that packColumns got as Float64Array. */
export const numbersOf = (column: Uint8Array | undefined): Float64Array =>
  column ? new Float64Array(column.buffer, column.byteOffset, column.byteLength / 8) : new Float64Array();

const NUMBER = 'number that JSON does not have';

const asJson = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? { [NUMBER]: String(value) } : value;

const fromJson = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && NUMBER in value ? Number(value[NUMBER]) : value;
