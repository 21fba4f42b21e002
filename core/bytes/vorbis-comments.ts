/**
 * Returns the comments in the second packet of a stream of Ogg, by their names in small letters with all values of each (Vorbis I, 5;
 * Theora 6.3; RFC 7845 5.2; RFC 9639 8.6). Names of one value are left out. Damage ends the list.
 */
export function severalComments(packet: Buffer): readonly (readonly [string, readonly string[]])[] {
  const found = new Map<string, string[]>();
  const start = startOf(packet);
  let at = start + 4 + (lengthAt(packet, start) ?? 0);
  const count = lengthAt(packet, at) ?? 0;
  at += 4;
  for (let i = 0; i < count; i++) {
    const length = lengthAt(packet, at);
    if (length === undefined || at + 4 + length > packet.length) break;
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(packet.toString('utf8', at + 4, at + 4 + length)) ?? [];
    if (name !== undefined && value !== undefined) {
      const key = name.toLowerCase();
      found.set(key, [...(found.get(key) ?? []), value]);
    }
    at += 4 + length;
  }
  return [...found].filter(([, values]) => values.length > 1);
}

const lengthAt = (bytes: Buffer, at: number): number | undefined =>
  at + 4 <= bytes.length ? bytes.readUInt32LE(at) : undefined;

/** Where the comments begin: behind the word of the codec, behind the head of FLAC's block, or, as in Speex, at once. */
function startOf(packet: Buffer): number {
  const word = ['\x81theora', '\x03vorbis', 'OpusTags', 'OVP80\x02 '].find(
    (each) => packet.toString('latin1', 0, each.length) === each,
  );
  if (word !== undefined) return word.length;
  return ((packet[0] ?? 0) & 0x7f) === FLAC_COMMENTS && packet.readUIntBE(1, 3) + 4 === packet.length ? 4 : 0;
}

const FLAC_COMMENTS = 4;
