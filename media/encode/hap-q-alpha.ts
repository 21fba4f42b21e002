import { ServiceError } from '../../core/errors.ts';
import { snappy } from './snappy.ts';

/** Section types of Vidvox's specification of HAP video. */
const MULTIPLE_IMAGES = 0x0d;
const DXT5_UNCOMPRESSED = 0xae;
const ALPHA = { uncompressed: 0xa1, snappy: 0xb1, inChunks: 0xc1 } as const;
const INSTRUCTIONS = { container: 0x01, compressors: 0x02, sizes: 0x03 } as const;
const COMPRESSOR = { none: 0x0a, snappy: 0x0b } as const;

/** A DXT5 block is a block of alpha as BC4 has it, and then one of colour. */
const DXT5_BLOCK_BYTES = 16;
const BC4_BLOCK_BYTES = 8;

/**
 * Returns a HAP Q Alpha frame: a section of two images, the HAP Q frame as ffmpeg wrote it and the alpha as BC4. The alpha is
 * taken from a HAP Alpha frame that was written without a second compressor. Throws a plain Error for any other.
 */
export function packHapQAlpha(colour: Buffer, withAlpha: Buffer, chunks: number): Buffer {
  const { type, body } = opened(colour);
  return section(MULTIPLE_IMAGES, [section(type, [body]), alphaSection(bc4Of(withAlpha), chunks)]);
}

/** ffmpeg writes every header with 8 bytes, and reads two images only where their headers have 4. */
function opened(frame: Buffer): { readonly type: number; readonly body: Buffer } {
  const short = frame.readUIntLE(0, 3);
  const header = short === 0 ? 8 : 4;
  const bytes = short === 0 ? frame.readUInt32LE(4) : short;
  if (header + bytes !== frame.length) throw new Error(`a HAP section of ${bytes} in ${frame.length} bytes`);
  return { type: frame.readUInt8(3), body: frame.subarray(header) };
}

function bc4Of(frame: Buffer): Buffer {
  const { type, body } = opened(frame);
  if (type !== DXT5_UNCOMPRESSED || body.length % DXT5_BLOCK_BYTES !== 0)
    throw new Error(`no uncompressed DXT5: type ${type}, ${body.length} bytes`);
  const alpha = Buffer.allocUnsafe(body.length / 2);
  for (let from = 0, to = 0; from < body.length; from += DXT5_BLOCK_BYTES, to += BC4_BLOCK_BYTES)
    body.copy(alpha, to, from, from + BC4_BLOCK_BYTES);
  return alpha;
}

function alphaSection(alpha: Buffer, chunks: number): Buffer {
  if (chunks === 1) {
    const { data, compressor } = packed(alpha);
    return section(compressor === COMPRESSOR.snappy ? ALPHA.snappy : ALPHA.uncompressed, [data]);
  }
  const bytes = alpha.length / chunks;
  if (bytes % BC4_BLOCK_BYTES !== 0) throw new Error(`${chunks} chunks do not divide ${alpha.length} bytes of BC4`);
  const parts = Array.from({ length: chunks }, (_, i) => packed(alpha.subarray(i * bytes, (i + 1) * bytes)));
  const sizes = Buffer.alloc(4 * chunks);
  for (const [i, { data }] of parts.entries()) sizes.writeUInt32LE(data.length, 4 * i);
  const instructions = section(INSTRUCTIONS.container, [
    section(INSTRUCTIONS.compressors, [Buffer.from(parts.map(({ compressor }) => compressor))]),
    section(INSTRUCTIONS.sizes, [sizes]),
  ]);
  return section(ALPHA.inChunks, [instructions, ...parts.map(({ data }) => data)]);
}

/** Data that Snappy does not make smaller stays as it is. */
function packed(data: Buffer): { readonly data: Buffer; readonly compressor: number } {
  const smaller = snappy(data);
  return smaller.length < data.length
    ? { data: smaller, compressor: COMPRESSOR.snappy }
    : { data, compressor: COMPRESSOR.none };
}

/** A size that three bytes cannot hold makes the header 8 bytes long. */
function section(type: number, parts: readonly Buffer[]): Buffer {
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  if (bytes > 0xffff_ffff)
    throw new ServiceError(
      'over-limit',
      `a frame of the film takes ${bytes} bytes in HAP, which counts them in 32 bits; take a smaller picture`,
    );
  const isShort = bytes > 0 && bytes < 1 << 24;
  const header = Buffer.alloc(isShort ? 4 : 8);
  header.writeUInt32LE(isShort ? bytes : 0, 0);
  header[3] = type;
  if (!isShort) header.writeUInt32LE(bytes, 4);
  return Buffer.concat([header, ...parts]);
}
