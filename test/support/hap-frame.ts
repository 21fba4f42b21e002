import { unsnapped } from './unsnapped.ts';

/** One image of a HAP frame, read as Vidvox's specification has it and by no ffmpeg. */
export type HapImage = {
  readonly texture: 'DXT1' | 'DXT5' | 'YCoCg-DXT5' | 'BC4';
  readonly compressor: 'none' | 'snappy' | 'chunks';
  readonly chunks: number;
  /** The texture itself. */
  readonly data: Buffer;
};

type Section = { readonly type: number; readonly body: Buffer };

const TEXTURES = { 11: 'DXT1', 14: 'DXT5', 15: 'YCoCg-DXT5', 1: 'BC4' } as const;
const COMPRESSORS = { 10: 'none', 11: 'snappy', 12: 'chunks' } as const;
const MULTIPLE_IMAGES = 0x0d;

/** The images of a frame: one, or YCoCg and BC4 together. Throws where anything is not as the specification has it. */
export function readHapFrame(packet: Buffer): readonly HapImage[] {
  const [whole, ...more] = sectionsIn(packet);
  if (!whole || more.length > 0) throw new Error(`${1 + more.length} sections at the top of a frame`);
  if (whole.type !== MULTIPLE_IMAGES) return [imageOf(whole)];
  const images = sectionsIn(whole.body).map(imageOf);
  const kinds = images
    .map(({ texture }) => texture)
    .sort()
    .join(' ');
  if (images.length > 1 && kinds !== 'BC4 YCoCg-DXT5') throw new Error(`images of ${kinds} are not permitted together`);
  return images;
}

/** Sections that fill these bytes, one behind the other. */
function sectionsIn(bytes: Buffer): readonly Section[] {
  const found: Section[] = [];
  for (let at = 0; at < bytes.length; ) {
    const section = sectionAt(bytes, at);
    found.push(section);
    at = section.end;
  }
  return found;
}

function sectionAt(bytes: Buffer, at: number): Section & { readonly end: number } {
  const short = bytes.readUIntLE(at, 3);
  const start = at + (short === 0 ? 8 : 4);
  const end = start + (short === 0 ? bytes.readUInt32LE(at + 4) : short);
  if (end > bytes.length) throw new Error(`a section ends at ${end} of ${bytes.length} bytes`);
  return { type: bytes.readUInt8(at + 3), body: bytes.subarray(start, end), end };
}

function imageOf({ type, body }: Section): HapImage {
  const texture = TEXTURES[(type & 0xf) as keyof typeof TEXTURES];
  const compressor = COMPRESSORS[(type >> 4) as keyof typeof COMPRESSORS];
  if (!texture || !compressor) throw new Error(`no image: type ${type.toString(16)}`);
  if (compressor !== 'chunks')
    return { texture, compressor, chunks: 1, data: compressor === 'snappy' ? unsnapped(body) : body };
  const chunks = chunksOf(body);
  return { texture, compressor, chunks: chunks.length, data: Buffer.concat(chunks) };
}

const [INSTRUCTIONS, BY_COMPRESSOR, BY_SIZE, BY_OFFSET] = [1, 2, 3, 4];

/** What the decode instructions make of the frame data behind them. */
function chunksOf(body: Buffer): readonly Buffer[] {
  const instructions = sectionAt(body, 0);
  if (instructions.type !== INSTRUCTIONS) throw new Error(`decode instructions of type ${instructions.type}`);
  const tables = new Map(sectionsIn(instructions.body).map((table) => [table.type, table.body]));
  const [compressors, sizes] = [tables.get(BY_COMPRESSOR ?? 0), tables.get(BY_SIZE ?? 0)];
  if (!compressors || sizes?.length !== 4 * compressors.length) throw new Error('tables that do not agree');
  const offsets = tables.get(BY_OFFSET ?? 0);
  const data = body.subarray(instructions.end);
  let next = 0;
  const chunks = [...compressors].map((compressor, i) => {
    const at = offsets?.readUInt32LE(4 * i) ?? next;
    next = at + sizes.readUInt32LE(4 * i);
    if (next > data.length) throw new Error(`chunk ${i} ends at ${next} of ${data.length} bytes`);
    if (compressor !== 0x0a && compressor !== 0x0b) throw new Error(`chunk ${i} by compressor ${compressor}`);
    return compressor === 0x0b ? unsnapped(data.subarray(at, next)) : data.subarray(at, next);
  });
  if (next !== data.length) throw new Error(`${data.length - next} bytes behind the last chunk`);
  return chunks;
}
