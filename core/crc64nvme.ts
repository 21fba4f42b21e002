/** A CRC64NVME of bytes that come piece by piece. `digest` may be asked at any time. */
type RunningSum = { update(bytes: Uint8Array): void; digest(): string };

/**
 * Returns a running CRC-64/NVME, the sum that S3 stores of whole objects. The digest is in base64, as S3 writes it. It finds
 * damage and not forgery: the SHA-256 beside it does that.
 */
export function crc64nvme(): RunningSum {
  tables ??= makeTables();
  const [high, low] = tables;
  // The two halves of the register, because numbers of 64 bits are slow in JavaScript.
  let one = 0xffffffff;
  let two = 0xffffffff;
  return {
    update(bytes) {
      let i = 0;
      for (const whole = bytes.length - (bytes.length % SLICES); i < whole; i += SLICES) {
        const a = SLICE7 | ((two ^ byteAt(bytes, i)) & 255);
        const b = SLICE6 | (((two >>> 8) ^ byteAt(bytes, i + 1)) & 255);
        const c = SLICE5 | (((two >>> 16) ^ byteAt(bytes, i + 2)) & 255);
        const d = SLICE4 | (((two >>> 24) ^ byteAt(bytes, i + 3)) & 255);
        const e = SLICE3 | ((one ^ byteAt(bytes, i + 4)) & 255);
        const f = SLICE2 | (((one >>> 8) ^ byteAt(bytes, i + 5)) & 255);
        const g = SLICE1 | (((one >>> 16) ^ byteAt(bytes, i + 6)) & 255);
        const h = ((one >>> 24) ^ byteAt(bytes, i + 7)) & 255;
        one =
          at(high, a) ^ at(high, b) ^ at(high, c) ^ at(high, d) ^ at(high, e) ^ at(high, f) ^ at(high, g) ^ at(high, h);
        two = at(low, a) ^ at(low, b) ^ at(low, c) ^ at(low, d) ^ at(low, e) ^ at(low, f) ^ at(low, g) ^ at(low, h);
      }
      for (; i < bytes.length; i++) {
        const index = (two ^ byteAt(bytes, i)) & 255;
        two = ((two >>> 8) | ((one & 255) << 24)) ^ at(low, index);
        one = (one >>> 8) ^ at(high, index);
      }
    },
    digest() {
      const bytes = Buffer.alloc(8);
      bytes.writeUInt32BE(~one >>> 0, 0);
      bytes.writeUInt32BE(~two >>> 0, 4);
      return bytes.toString('base64');
    },
  };
}

/** Returns the CRC64NVME of bytes that are all there, in base64. */
export function crc64nvmeOf(bytes: Uint8Array): string {
  const sum = crc64nvme();
  sum.update(bytes);
  return sum.digest();
}

/** Eight bytes are taken at a time, each by a table of its own. Slice n begins at n * 256. */
const SLICES = 8;
const [SLICE1, SLICE2, SLICE3, SLICE4, SLICE5, SLICE6, SLICE7] = [256, 512, 768, 1024, 1280, 1536, 1792] as const;

/** An index that lies inside; the compiler does not know that. */
const at = (from: Int32Array, index: number): number => from[index] ?? 0;
const byteAt = (from: Uint8Array, index: number): number => from[index] ?? 0;

type Tables = readonly [high: Int32Array, low: Int32Array];
let tables: Tables | undefined;

const POLYNOMIAL = 0x9a6c9329ac4bc9b5n; // 0xAD93D23594C93659 with its bits in reverse

function makeTables(): Tables {
  const high = new Int32Array(SLICES * 256);
  const low = new Int32Array(SLICES * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = BigInt(byte);
    for (let slice = 0; slice < SLICES; slice++) {
      for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ POLYNOMIAL : crc >> 1n;
      high[slice * 256 + byte] = Number(crc >> 32n);
      low[slice * 256 + byte] = Number(crc & 0xffffffffn);
    }
  }
  return [high, low];
}
