/** What Snappy made smaller, by its format description: a length, then literals and copies of what came before. */
export function unsnapped(data: Buffer): Buffer {
  let at = 0;
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = data.readUInt8(at++);
    length |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  const out = Buffer.alloc(length);
  let written = 0;
  while (at < data.length) {
    const tag = data.readUInt8(at++);
    const kind = tag & 3;
    if (kind === 0) {
      const more = Math.max(0, (tag >> 2) - 59);
      const count = 1 + (more === 0 ? tag >> 2 : data.readUIntLE(at, more));
      at += more;
      written += data.copy(out, written, at, at + count);
      at += count;
      continue;
    }
    const count = kind === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
    const bytes = kind === 1 ? 1 : kind === 2 ? 2 : 4;
    const back = data.readUIntLE(at, bytes) + (kind === 1 ? (tag >> 5) << 8 : 0);
    at += bytes;
    for (let i = 0; i < count; i++, written++) out[written] = out.readUInt8(written - back); // may overlap what it writes
  }
  if (written !== length) throw new Error(`${written} bytes of ${length}`);
  return out;
}
