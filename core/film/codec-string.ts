/** A stream's codec, its sample entry's four characters, and its decoder configuration record (hvcC, avcC). */
type CodecFacts = { readonly codec: string; readonly tag: string; readonly configuration: Uint8Array };

/** RFC 6381's codecs parameter; for codecs without a rule of their own, the sample entry's name. */
export function codecString({ codec, tag, configuration }: CodecFacts): string {
  const isRecord = configuration[0] === 1;
  if (codec === 'hevc' && isRecord && configuration.length >= 13)
    return hevc(tag === 'hev1' ? 'hev1' : 'hvc1', configuration);
  if (codec === 'h264' && isRecord && configuration.length >= 4) {
    return `avc1.${[1, 2, 3].map((i) => hex(configuration[i]).padStart(2, '0')).join('')}`;
  }
  return /^[\w-]{4}$/.test(tag) ? tag : codec;
}

/** ISO/IEC 14496-15 annex E.3: profile space and idc, compatibility flags reversed, tier and level, constraints. */
function hevc(entry: string, record: Uint8Array): string {
  const profile = record[1] ?? 0;
  const space = ['', 'A', 'B', 'C'][profile >> 6] ?? '';
  const compatibility = reverse32(new DataView(record.buffer, record.byteOffset + 2, 4).getUint32(0));
  const constraints = [...record.subarray(6, 12)];
  while (constraints.length > 0 && constraints.at(-1) === 0) constraints.pop();
  return [
    entry,
    `${space}${profile & 0x1f}`,
    hex(compatibility),
    `${profile & 0x20 ? 'H' : 'L'}${record[12]}`,
    ...constraints.map(hex),
  ].join('.');
}

const hex = (value = 0) => value.toString(16).toUpperCase();

function reverse32(value: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 32; bit++) if (value & (2 ** bit)) reversed += 2 ** (31 - bit);
  return reversed;
}
