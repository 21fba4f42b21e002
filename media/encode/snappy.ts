/** Blocks are compressed by themselves, so that every copy reaches back by less than 2^16 bytes. */
const BLOCK_BYTES = 1 << 16;
const HASH_BITS = 14;
const SHORTEST_COPY = 4;
const LONGEST_COPY = 64;

/** Compresses by Snappy's format description: the length, then literals and copies with offsets of two bytes. */
export function snappy(data: Buffer): Buffer {
  const out = Buffer.allocUnsafe(mostBytes(data.length));
  let at = 0;
  for (let rest = data.length; ; rest = Math.floor(rest / 128)) {
    out[at++] = rest < 128 ? rest : 128 + (rest % 128);
    if (rest < 128) break;
  }
  const seen = new Uint16Array(1 << HASH_BITS);
  for (let start = 0; start < data.length; start += BLOCK_BYTES)
    at = compressed(data.subarray(start, start + BLOCK_BYTES), { out, at, seen });
  return out.subarray(0, at);
}

/** A literal of up to 2^16 bytes costs 3 more, and nothing else makes data longer. */
const mostBytes = (bytes: number) => 8 + bytes + 3 * Math.ceil(bytes / BLOCK_BYTES) + Math.ceil(bytes / 32);

type Output = { readonly out: Buffer; readonly at: number; readonly seen: Uint16Array };

/** Writes one block to `out` at `at`, and returns where it ends. */
function compressed(block: Buffer, { out, at: from, seen }: Output): number {
  seen.fill(0);
  const last = block.length - SHORTEST_COPY;
  let at = from;
  let literal = 0;
  for (let i = 1; i <= last; ) {
    const word = block.readUInt32LE(i);
    const slot = Math.imul(word, 0x1e35a7bd) >>> (32 - HASH_BITS);
    const before = seen[slot] ?? 0;
    seen[slot] = i;
    if (before >= i || block.readUInt32LE(before) !== word) {
      i += 1 + ((i - literal) >> 6); // bytes that do not repeat are looked at less and less often
      continue;
    }
    let end = i + SHORTEST_COPY;
    while (end < block.length && block[end] === block[end - i + before]) end++;
    at = writeLiteral(block.subarray(literal, i), out, at);
    at = writeCopies(end - i, i - before, { out, at });
    i = end;
    literal = end;
  }
  return writeLiteral(block.subarray(literal), out, at);
}

function writeLiteral(bytes: Buffer, out: Buffer, from: number): number {
  if (bytes.length === 0) return from;
  let at = from;
  const length = bytes.length - 1;
  if (length < 60) out[at++] = length << 2;
  else if (length < 256) {
    out[at++] = 60 << 2;
    out[at++] = length;
  } else {
    out[at++] = 61 << 2;
    at = out.writeUInt16LE(length, at);
  }
  out.set(bytes, at);
  return at + bytes.length;
}

/** Tag 2: a length of 1 to 64, and an offset of two bytes. */
function writeCopies(bytes: number, offset: number, { out, at: from }: { readonly out: Buffer; readonly at: number }) {
  let at = from;
  for (let left = bytes; left > 0; left -= LONGEST_COPY) {
    out[at++] = ((Math.min(left, LONGEST_COPY) - 1) << 2) | 2;
    at = out.writeUInt16LE(offset, at);
  }
  return at;
}
