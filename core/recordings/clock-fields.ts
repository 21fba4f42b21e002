/** Times of transport and program streams are counts of 33 bits, at 90 kHz, which begin again at 0. */
export const CLOCK_RANGE = 2 ** 33;

const moved = (time: number, ticks: number): number => (((time + ticks) % CLOCK_RANGE) + CLOCK_RANGE) % CLOCK_RANGE;

/** The ids of streams whose PES packets have no header with times (ISO/IEC 13818-1 table 2-21). */
const WITHOUT_HEADER: ReadonlySet<number> = new Set([0xbc, 0xbe, 0xbf, 0xf0, 0xf1, 0xf2, 0xf8, 0xff]);

/**
 * Moves the times of a PES packet that begins at `at` by `ticks`, in place. Reads the headers of MPEG-2 (ISO/IEC 13818-1 2.4.3.6) and of
 * MPEG-1 (ISO/IEC 11172-1 2.4.3.3), and does nothing where the header is cut or there is none.
 */
export function movePes(bytes: Buffer, at: number, ticks: number): void {
  const id = bytes[at + 3];
  if (id === undefined || bytes.readUIntBE(at, 3) !== 1 || WITHOUT_HEADER.has(id)) return;
  const first = bytes[at + 6];
  if (first === undefined) return;
  const times = first >> 6 === 0b10 ? timesOfMpeg2(bytes, at) : timesOfMpeg1(bytes, at + 6);
  if (!times || times.some((field) => field + 5 > bytes.length)) return;
  for (const field of times) moveField(bytes, field, ticks);
}

/** Reads when a PES packet of MPEG-2 that begins at `at` is shown, in ticks of 90 kHz; undefined where its header does not say it. */
export function shownTicks(bytes: Buffer, at: number): number | undefined {
  if (at + 9 > bytes.length || bytes.readUIntBE(at, 3) !== 1 || bytes.readUInt8(at + 6) >> 6 !== 0b10) return undefined;
  const [field] = timesOfMpeg2(bytes, at) ?? [];
  return field === undefined || field + 5 > bytes.length ? undefined : fieldIn(bytes, field);
}

/** Returns the places of PTS and DTS in a header of MPEG-2; undefined where it is cut. */
function timesOfMpeg2(bytes: Buffer, at: number): readonly number[] | undefined {
  const flags = bytes[at + 7];
  if (flags === undefined) return undefined;
  return fieldsFrom(at + 9, flags >> 6);
}

/** Returns the places of PTS and DTS in a header of MPEG-1; undefined where it is cut. */
function timesOfMpeg1(bytes: Buffer, begin: number): readonly number[] | undefined {
  let at = begin;
  while (bytes[at] === 0xff && at < begin + 16) at++;
  if ((bytes[at] ?? 0) >> 6 === 0b01) at += 2;
  const marker = bytes[at];
  return marker === undefined ? undefined : fieldsFrom(at, marker >> 4);
}

/** `0b10` announces a PTS, and `0b11` a DTS behind it. */
const fieldsFrom = (at: number, marker: number): readonly number[] =>
  marker === 0b10 ? [at] : marker === 0b11 ? [at, at + 5] : [];

/** Moves a time of 5 bytes: 4 bits of its own, then 3, 15 and 15 bits, each with a marker behind it. */
function moveField(bytes: Buffer, at: number, ticks: number): void {
  const [a, b, c] = [bytes.readUInt8(at), bytes.readUInt16BE(at + 1), bytes.readUInt16BE(at + 3)];
  const now = moved(fieldIn(bytes, at), ticks);
  bytes.writeUInt8((a & 0xf1) | (Math.floor(now / 2 ** 30) << 1), at);
  bytes.writeUInt16BE((b & 1) | ((Math.floor(now / 2 ** 15) & 0x7fff) << 1), at + 1);
  bytes.writeUInt16BE((c & 1) | ((now & 0x7fff) << 1), at + 3);
}

const fieldIn = (bytes: Buffer, at: number): number =>
  ((bytes.readUInt8(at) >> 1) & 7) * 2 ** 30 +
  (bytes.readUInt16BE(at + 1) >> 1) * 2 ** 15 +
  (bytes.readUInt16BE(at + 3) >> 1);

/** Moves the program clock reference of the transport packet whose sync byte is at `sync`, if it has one (ISO/IEC 13818-1 2.4.3.4). */
export function movePcr(bytes: Buffer, sync: number, ticks: number): void {
  const hasAdaptation = (bytes.readUInt8(sync + 3) & 0x20) !== 0;
  if (!hasAdaptation || bytes.readUInt8(sync + 4) < 7 || (bytes.readUInt8(sync + 5) & 0x10) === 0) return;
  const [high, low] = [bytes.readUInt32BE(sync + 6), bytes.readUInt8(sync + 10)];
  const now = moved(high * 2 + (low >> 7), ticks);
  bytes.writeUInt32BE(Math.floor(now / 2), sync + 6);
  bytes.writeUInt8((low & 0x7f) | ((now & 1) << 7), sync + 10);
}

/** Reads the system clock reference of a pack header, whose start code is at `at`, in ticks of 90 kHz. */
export function scrIn(bytes: Buffer, at: number): number {
  if (bytes.readUInt8(at + 4) >> 4 === 0b0010) return fieldIn(bytes, at + 4);
  const all = bytes.readUIntBE(at + 4, 5);
  const bits = (from: number, count: number) => Math.floor(all / 2 ** from) % 2 ** count;
  return bits(35, 3) * 2 ** 30 + bits(19, 15) * 2 ** 15 + bits(3, 15);
}

/** Moves the system clock reference of a pack header, whose start code is at `at`: MPEG-1's is written as a time of PES, MPEG-2's is not. */
export function moveScr(bytes: Buffer, at: number, ticks: number): void {
  const isMpeg1 = bytes.readUInt8(at + 4) >> 4 === 0b0010;
  if (isMpeg1) moveField(bytes, at + 4, ticks);
  else moveMpeg2Scr(bytes, at, ticks);
}

function moveMpeg2Scr(bytes: Buffer, at: number, ticks: number): void {
  // '01', 3 bits, a marker, 15 bits, a marker, 15 bits, a marker, then the extension
  const all = bytes.readUIntBE(at + 4, 5);
  const bits = (from: number, count: number) => Math.floor(all / 2 ** from) % 2 ** count;
  const time = bits(35, 3) * 2 ** 30 + bits(19, 15) * 2 ** 15 + bits(3, 15);
  const now = moved(time, ticks);
  const others = all - bits(35, 3) * 2 ** 35 - bits(19, 15) * 2 ** 19 - bits(3, 15) * 2 ** 3;
  const [high, middle, low] = [Math.floor(now / 2 ** 30), Math.floor(now / 2 ** 15) % 2 ** 15, now % 2 ** 15];
  bytes.writeUIntBE(others + high * 2 ** 35 + middle * 2 ** 19 + low * 2 ** 3, at + 4, 5);
}
