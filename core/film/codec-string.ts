import { av1Colour } from './av1-sequence.ts';

/** A stream's codec, its sample entry's four characters, and its decoder configuration record (hvcC, avcC, av1C). */
type CodecFacts = { readonly codec: string; readonly tag: string; readonly configuration: Uint8Array };

/** RFC 6381's codecs parameter; for codecs without a rule of their own, the sample entry's name. */
export function codecString({ codec, tag, configuration }: CodecFacts): string {
  const isRecord = configuration[0] === 1;
  if (codec === 'hevc' && isRecord && configuration.length >= 13)
    return hevc(tag === 'hev1' ? 'hev1' : 'hvc1', configuration);
  if (codec === 'h264' && isRecord && configuration.length >= 4) {
    return `avc1.${[1, 2, 3].map((i) => hex(configuration[i]).padStart(2, '0')).join('')}`;
  }
  if (codec === 'av1' && configuration[0] === AV1_RECORD && configuration.length >= 4) return av1(configuration);
  return /^[\w-]{4}$/.test(tag) ? tag : codec;
}

/** The marker and the version with which av1C begins. */
const AV1_RECORD = 0x81;

/**
 * AV1 in ISO base media files, section 5: profile, level and tier, depth, and, where it is not BT.709 in limited range or
 * unknown, chroma and colour.
 */
function av1(record: Uint8Array): string {
  const [, profileAndLevel = 0, flags = 0] = record;
  const bits = flags & 64 ? (flags & 32 ? 12 : 10) : 8;
  const short = `av01.${profileAndLevel >> 5}.${two(profileAndLevel & 31)}${flags & 128 ? 'H' : 'M'}.${two(bits)}`;
  const colour = av1Colour(record.subarray(4));
  if (!colour) return short;
  const { monochrome, chroma, primaries, transfer, matrix, fullRange } = colour;
  const isUsual = [primaries, transfer, matrix].every((each) => each === 1 || each === 2);
  if (isUsual && !monochrome && !fullRange && chroma === '110') return short;
  return [short, monochrome, chroma, ...[primaries, transfer, matrix].map(two), fullRange].join('.');
}

const two = (value: number) => String(value).padStart(2, '0');

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
