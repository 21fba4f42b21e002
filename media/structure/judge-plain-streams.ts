import type { ByteSource } from './byte-source.ts';
import { broken, noFrames, truncated } from './refusals.ts';

const NUT_INDEX = Buffer.from('4e58dd672f23e64e', 'hex');

/** Throws `truncated` unless a NUT file ends with its index, whose length stands before the checksum of the last four bytes. */
export async function judgeNut(source: ByteSource): Promise<string[]> {
  const tail = await source.read(source.size - 12, 12);
  const indexBytes = tail.length === 12 ? Number(tail.readBigUInt64BE(0)) : 0;
  const index = await source.read(source.size - indexBytes, NUT_INDEX.length);
  if (!index.equals(NUT_INDEX)) throw truncated(source, 'it has no index at its end, which is written last');
  return [];
}

const IVF_FRAME_HEADER = 12;
const IVF_FRAMES_TO_WALK = 500_000;

/** Throws `truncated` unless all frames of an IVF file are there: its header counts them, and each follows its size (little-endian). */
export async function judgeIvf(source: ByteSource): Promise<string[]> {
  const header = await source.read(0, 32);
  if (header.length < 32) throw truncated(source, 'it ends within its header');
  let at = header.readUInt16LE(6);
  let frames = 0;
  for (; at < source.size && frames < IVF_FRAMES_TO_WALK; frames += 1) {
    const frame = await source.read(at, IVF_FRAME_HEADER);
    const end =
      frame.length < IVF_FRAME_HEADER ? Number.POSITIVE_INFINITY : at + IVF_FRAME_HEADER + frame.readUInt32LE(0);
    if (end > source.size) throw truncated(source, `its frame ${frames} at byte ${at} is not all there`);
    at = end;
  }
  if (at < source.size) return [`it has more than ${frames} frames, of which the others were not checked`];
  if (frames === 0) throw noFrames(source);
  const announced = header.readUInt32LE(24);
  if (announced > frames) throw truncated(source, `it has ${frames} of ${announced} frames`);
  return [];
}

const DV_NTSC_BYTES = 120_000;
const DV_PAL_BYTES = 144_000;

/** Throws `truncated` where a DV file ends within a frame; a bit of the first block tells the size of all frames (IEC 61834-2). */
export async function judgeDv(source: ByteSource): Promise<string[]> {
  const system = (await source.read(3, 1))[0] ?? 0;
  return refusePart(source, 0, system & 0x80 ? DV_PAL_BYTES : DV_NTSC_BYTES);
}

const Y4M_FRAME = 'FRAME\n';
/** The bytes of a picture with one byte for each sample; the chroma's sides are rounded up where the picture's are odd. */
const Y4M_PLANES: Readonly<Record<string, (width: number, height: number) => number>> = {
  '420': (width, height) => width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2),
  '422': (width, height) => width * height + 2 * Math.ceil(width / 2) * height,
  '444': (width, height) => 3 * width * height,
  mono: (width, height) => width * height,
};

/** Throws `truncated` where a YUV4MPEG2 file ends within a frame: a line of text precedes it, and one precedes each frame. */
export async function judgeY4m(source: ByteSource): Promise<string[]> {
  const header = (await source.read(0, 1024)).toString('latin1').split('\n', 1).join('');
  const [width, height] = ['W', 'H'].map((mark) => Number(new RegExp(` ${mark}(\\d+)`).exec(header)?.[1]));
  if (!width || !height) throw broken(source, 'its header names no width and height');
  const [, planes = '420', deep, alpha] = / C(420|422|444|mono)(p?\d\d)?(alpha)?/.exec(header) ?? [];
  const pixels = Y4M_PLANES[planes]?.(width, height) ?? 0;
  const first = (await source.read(header.length + 1, Y4M_FRAME.length)).toString('latin1');
  if (alpha || (first.length === Y4M_FRAME.length && first !== Y4M_FRAME)) return [UNCHECKED];
  return refusePart(source, header.length + 1, Y4M_FRAME.length + pixels * (deep ? 2 : 1));
}

function refusePart(source: ByteSource, from: number, frameBytes: number): string[] {
  if (source.size <= from) throw noFrames(source);
  const rest = (source.size - from) % frameBytes;
  if (rest > 0) throw truncated(source, `it ends within a frame, of which ${rest} of ${frameBytes} bytes are there`);
  return [];
}

const UNCHECKED = 'it is a bare stream, in which nothing tells whether it is whole';

/** Judges a bare stream, which has no structure that would show whether it is whole: returns what cannot be checked. */
export const judgeBareStream = async (): Promise<string[]> => [UNCHECKED];
