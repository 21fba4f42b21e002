/** A box of MP4 and QuickTime. */
export const box = (type: string, ...parts: readonly (Buffer | string)[]): Buffer => {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
  return Buffer.concat([u32(content.length + 8), Buffer.from(type, 'latin1'), content]);
};

export const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
};

export const u32le = (value: number): Buffer => Buffer.from(u32(value)).reverse();

/**
 * Returns the file with the first box at this path replaced by what `make` returns for its content, and the sizes of those
 * around it. The index has to stand behind the media, whose places it names.
 */
export function withBox(
  file: Buffer,
  [type = '', ...inner]: readonly string[],
  make: (content: Buffer) => Buffer,
): Buffer {
  for (let at = 0; at + 8 <= file.length; ) {
    const size = file.readUInt32BE(at);
    if (file.toString('latin1', at + 4, at + 8) === type) {
      const content = file.subarray(at + 8, at + size);
      const made = inner.length > 0 ? withBox(content, inner, make) : make(content);
      return Buffer.concat([file.subarray(0, at), box(type, made), file.subarray(at + size)]);
    }
    if (size < 8) break;
    at += size;
  }
  throw new Error(`the file has no box ${[type, ...inner].join('/')}`);
}
