import { bitsOf } from '../../core/bytes/bits.ts';
import type { ByteSource } from './byte-source.ts';
import { broken, truncated } from './refusals.ts';

/** Types of the units of AV1 (OBU), and the bits of their headers (AV1 specification, 5.3.2). */
const [SEQUENCE_HEADER, TEMPORAL_DELIMITER] = [1, 2];
const [FORBIDDEN, HAS_EXTENSION, HAS_SIZE] = [0x80, 0x04, 0x02];
const MOST_UNITS = 500_000;
const HEADER_BYTES = 16;

const typeOf = (header: number): number => (header >> 3) & 0x0f;

/** Tests for a stream of AV1 as `.obu` files have it: each unit says how long it is (5.2). It begins with a delimiter and a sequence header. */
export const isBareAv1 = (head: Buffer): boolean =>
  head[0] === ((TEMPORAL_DELIMITER << 3) | HAS_SIZE) &&
  head[1] === 0 &&
  typeOf(head[2] ?? 0) === SEQUENCE_HEADER &&
  ((head[2] ?? 0) & (FORBIDDEN | HAS_SIZE)) === HAS_SIZE;

/** Tests for a stream of AV1 in the other format (Annex B), in which sizes of whole pictures stand before their units. */
export function isAnnexB(head: Buffer): boolean {
  const picture = sizeAt(head, 0);
  const frame = picture && sizeAt(head, picture.behind);
  const unit = frame && sizeAt(head, frame.behind);
  if (!unit || frame.value >= picture.value || unit.value > 2 || unit.value >= frame.value) return false;
  const first = head[unit.behind] ?? 0;
  const next = sizeAt(head, unit.behind + unit.value);
  return (
    (first & FORBIDDEN) === 0 &&
    typeOf(first) === TEMPORAL_DELIMITER &&
    next !== undefined &&
    typeOf(head[next.behind] ?? 0) === SEQUENCE_HEADER
  );
}

/** ffmpeg takes this rate for every bare stream of AV1. */
const TAKEN_RATE = 25;

/**
 * Throws `truncated` where a unit of a bare stream of AV1 is not all there, and `bad-input` where its header names another rate than
 * ffmpeg takes, since the film would be too fast or too slow. A warning says the rate where the stream names none.
 */
export async function judgeBareAv1(source: ByteSource): Promise<string[]> {
  let rate: number | undefined;
  let [at, units] = [0, 0];
  for (; at < source.size && units < MOST_UNITS; units += 1) {
    const head = await source.read(at, HEADER_BYTES);
    const header = head[0] ?? 0;
    const size = header & HAS_SIZE ? sizeAt(head, header & HAS_EXTENSION ? 2 : 1) : undefined;
    if (header & FORBIDDEN || !size) throw broken(source, `what stands at byte ${at} is no unit of AV1 with a length`);
    const end = at + size.behind + size.value;
    if (end > source.size) throw truncated(source, `its unit at byte ${at} is not all there`);
    if (typeOf(header) === SEQUENCE_HEADER) rate ??= rateIn(await source.read(at + size.behind, HEADER_BYTES));
    at = end;
  }
  const rest = at < source.size ? [`it has more than ${units} units, of which the others were not checked`] : [];
  const remedy = (named: string) => `ffmpeg -framerate ${named} -i SOURCE -c copy NEW.mkv`;
  if (rate === undefined)
    return [
      ...rest,
      `it does not say how many pictures it shows a second: ${TAKEN_RATE} are taken; for another number: ${remedy('RATE')}`,
    ];
  if (Math.abs(rate - TAKEN_RATE) < 0.001) return rest;
  const named = `${Number(rate.toFixed(3))}`;
  throw broken(
    source,
    `it shows ${named} pictures a second, of which ffmpeg would make ${TAKEN_RATE}; put it into a container: ${remedy(named)}`,
  );
}

/** Returns how many pictures a second a sequence header names; undefined where it names none (5.5.1, 5.5.3). */
function rateIn(header: Buffer): number | undefined {
  const { take, number } = bitsOf(header);
  take(4); // the profile, and whether it is a still picture
  const isReduced = take(1) === 1;
  if (isReduced || take(1) === 0) return undefined;
  const [units, scale] = [take(32), take(32)];
  if (units === 0 || scale === 0 || take(1) === 0) return undefined;
  return scale / units / (number() + 1);
}

/** Reads a size of seven bits a byte, the lowest first (4.10.5); undefined where it is longer than four bytes, which no real one is. */
function sizeAt(bytes: Buffer, from: number): { readonly value: number; readonly behind: number } | undefined {
  let value = 0;
  for (let i = 0; i < 4 && from + i < bytes.length; i++) {
    const byte = bytes[from + i] ?? 0;
    value += (byte & 0x7f) * 128 ** i;
    if (byte < 0x80) return { value, behind: from + i + 1 };
  }
  return undefined;
}
