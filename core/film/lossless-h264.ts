import { bitsOf } from '../bytes/bits.ts';

/**
 * Whether an H.264 stream is coded without loss: its sequence parameter set says that blocks of the finest quantiser are not
 * transformed at all (qpprime_y_zero_transform_bypass_flag, ITU-T H.264 7.4.2.1.1), which encoders set for lossless films alone. The
 * profile says nothing, since it is that of lossy 4:4:4, too. `configuration` is an avcC record or a stream's header in Annex B form.
 */
export function isLosslessH264(configuration: Uint8Array): boolean {
  const unit = configuration[0] === 1 ? firstOfRecord(configuration) : firstOfStream(configuration);
  return unit !== undefined && bypassesTransform(unit);
}

const PARAMETER_SET = 7;
/** The start of a record up to its first parameter set (ISO/IEC 14496-15 5.3.3.1.2): six bytes, and two of the set's length. */
const RECORD_HEAD = 8;

function firstOfRecord(record: Uint8Array): Uint8Array | undefined {
  const length = ((record[6] ?? 0) << 8) | (record[7] ?? 0);
  return ((record[5] ?? 0) & 0x1f) === 0 ? undefined : record.subarray(RECORD_HEAD, RECORD_HEAD + length);
}

function firstOfStream(stream: Uint8Array): Uint8Array | undefined {
  for (let at = 0; at + 3 < stream.length; at++) {
    const isStart = stream[at] === 0 && stream[at + 1] === 0 && stream[at + 2] === 1;
    if (isStart && ((stream[at + 3] ?? 0) & 0x1f) === PARAMETER_SET) return stream.subarray(at + 3);
  }
  return undefined;
}

/** The profiles whose parameter sets have the flag (7.3.2.1.1). */
const HIGH_PROFILES = [100, 110, 122, 244, 44, 83, 86, 118, 128, 134, 135, 138, 139];

/** The unit's type, the profile, its constraints and the level take a byte each. */
const FIXED_BYTES = 4;
/** The flag is among the first bytes; sets can be longer. */
const ENOUGH_BYTES = 64;

function bypassesTransform(unit: Uint8Array): boolean {
  if (!HIGH_PROFILES.includes(unit[1] ?? 0)) return false;
  const bits = bitsOf(withoutEmulation(unit.subarray(0, ENOUGH_BYTES)).subarray(FIXED_BYTES));
  bits.number(); // the set's own id
  if (bits.number() === 3) bits.bit(); // full chroma, and whether its planes are coded apart
  bits.number(); // the depth of luma, and of chroma
  bits.number();
  return bits.bit() === 1;
}

/** Takes out the bytes that keep a start code from occurring by chance. */
const withoutEmulation = (bytes: Uint8Array): Uint8Array =>
  bytes.filter((byte, at) => !(byte === 3 && at >= 2 && bytes[at - 1] === 0 && bytes[at - 2] === 0));
