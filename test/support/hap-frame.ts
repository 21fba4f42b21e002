/** What a HAP frame's header says, read as Vidvox's specification has it and by no ffmpeg. */
export type HapFrame = {
  readonly texture: 'DXT1' | 'DXT5' | 'YCoCg-DXT5';
  readonly compressor: 'none' | 'snappy' | 'chunks';
  readonly bytes: number;
};

const TEXTURES = { 11: 'DXT1', 14: 'DXT5', 15: 'YCoCg-DXT5' } as const;
const COMPRESSORS = { 10: 'none', 11: 'snappy', 12: 'chunks' } as const;

/** Throws where the section is no HAP frame, or longer or shorter than its packet. */
export function readHapFrame(packet: Buffer): HapFrame {
  const short = packet.readUIntLE(0, 3);
  const header = short === 0 ? 8 : 4;
  const bytes = short === 0 ? packet.readUInt32LE(4) : short;
  const type = packet.readUInt8(3);
  const texture = TEXTURES[(type & 0xf) as keyof typeof TEXTURES];
  const compressor = COMPRESSORS[(type >> 4) as keyof typeof COMPRESSORS];
  if (!texture || !compressor || header + bytes !== packet.length)
    throw new Error(`no HAP frame: type ${type.toString(16)}, ${header + bytes} of ${packet.length} bytes`);
  return { texture, compressor, bytes };
}
