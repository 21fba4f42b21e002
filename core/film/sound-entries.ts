import { boxByPath, boxBytes, boxesOf } from '../bytes/boxes.ts';
import { AAC_RATES, aacChannels } from './sound-headers.ts';
import type { SoundChange, SoundKind } from './sound-kind.ts';

/** A part of a track of sound in MP4 or MOV that one sample entry describes, and when it begins, in seconds from the beginning of the movie. */
export type DescribedPart = { readonly entry: Buffer; readonly fromSeconds: number };

/** The codecs of which each packet says what it is, so that players need no description of it. */
const DESCRIBES_ITSELF: ReadonlySet<string> = new Set(['AC-3', 'E-AC-3', 'MPEG audio']);

/**
 * Returns how a sound becomes another one by its sample entries, which ffmpeg does not follow: it passes over what an entry of another codec
 * describes, and takes all packets for those of one. Undefined where it follows, since all parts are AAC, or where it need not.
 */
export function soundGoesOn(parts: readonly DescribedPart[]): readonly DescribedPart[] | undefined {
  const codecs = new Set(parts.map(({ entry }) => codecOfEntry(entry)));
  const [only] = codecs;
  const isFollowed = parts.every(({ entry }) => aacKind(entry)) || (only !== undefined && DESCRIBES_ITSELF.has(only));
  if (codecs.size === 1 && isFollowed) return undefined;
  const different = parts.filter(({ entry }, i) => i === 0 || !describesTheSame(entry, parts[i - 1]?.entry));
  return different.length > 1 ? different : undefined;
}

/** Returns of which kinds a sound in AAC is, part by part; fewer than two where it stays as it is. */
export const kindsInEntries = (parts: readonly DescribedPart[]): readonly SoundChange[] =>
  parts
    .flatMap(({ entry, fromSeconds }) => {
      const kind = aacKind(entry);
      return kind ? [{ ...kind, fromSeconds }] : [];
    })
    .filter(({ layout, sampleRate }, i, all) => layout !== all[i - 1]?.layout || sampleRate !== all[i - 1]?.sampleRate);

/** Boxes of an entry that say nothing of how its packets are decoded. */
const OF_BYTES: ReadonlySet<string> = new Set(['btrt', 'free']);

/** Whether two entries describe packets alike: their bit rate may differ. */
export function describesTheSame(one: Buffer, other: Buffer | undefined): boolean {
  return other !== undefined && decodingBytes(one).equals(decodingBytes(other));
}

function decodingBytes(entry: Buffer): Buffer {
  const from = boxesFrom(entry);
  const description = descriptionIn(entry);
  const boxes = boxesOf(entry, from, entry.length).filter(({ type }) => !OF_BYTES.has(type) && type !== 'esds');
  return Buffer.concat([
    entry.subarray(4, from),
    ...boxes.map((each) => boxBytes(entry, each)),
    Buffer.of(description?.objectType ?? 0),
    description?.specific ?? Buffer.alloc(0),
  ]);
}

/** The name of an entry's codec, for people. */
export function codecOfEntry(entry: Buffer): string {
  const type = entry.toString('latin1', 4, 8);
  const { objectType } = descriptionIn(entry) ?? {};
  if (type !== 'mp4a') return NAMES[type] ?? `"${type.trim()}"`;
  return objectType === undefined ? 'mp4a' : (OBJECT_TYPES[objectType] ?? `object type ${objectType}`);
}

const NAMES: Readonly<Record<string, string>> = { 'ac-3': 'AC-3', 'ec-3': 'E-AC-3', '.mp3': 'MPEG audio' };
/** By ISO/IEC 14496-1 7.2.6.6 and the registration authority of MP4. */
const OBJECT_TYPES: Readonly<Record<number, string>> = {
  64: 'AAC',
  102: 'AAC',
  103: 'AAC',
  104: 'AAC',
  105: 'MPEG audio',
  107: 'MPEG audio',
  165: 'AC-3',
  166: 'E-AC-3',
};
const MPEG4_AUDIO = 64;
/** The type of AAC-LC among the types of MPEG-4 audio (ISO/IEC 14496-3 table 1.17). */
const AAC_LC = 2;

function aacKind(entry: Buffer): SoundKind | undefined {
  const { objectType, specific } = descriptionIn(entry) ?? {};
  if (objectType !== MPEG4_AUDIO || !specific || specific.length < 2) return undefined;
  const said = specific.readUInt16BE(0);
  const [sampleRate, channels] = [AAC_RATES[(said >> 7) & 15], aacChannels((said >> 3) & 15)];
  return said >> 11 === AAC_LC && sampleRate && channels ? { ...channels, sampleRate } : undefined;
}

/** QuickTime's sound entries of versions 1 and 2 have more fields before their boxes. */
function boxesFrom(entry: Buffer): number {
  const version = entry.length >= 18 ? entry.readUInt16BE(16) : 0;
  return Math.min(entry.length, 36 + (version === 1 ? 16 : version === 2 ? 36 : 0));
}

/** The decoder's configuration of an entry (ISO/IEC 14496-1 7.2.6): the type of the object, and what its decoder is told. */
function descriptionIn(
  entry: Buffer,
): { readonly objectType: number; readonly specific: Buffer | undefined } | undefined {
  const whole = { type: '', start: 0, body: boxesFrom(entry), end: entry.length };
  const esds = boxByPath(entry, whole, 'esds') ?? boxByPath(entry, whole, 'wave', 'esds');
  const decoder = esds && descriptorIn(entry.subarray(esds.body + 4, esds.end), ES, DECODER);
  if (!decoder || decoder.length < 13) return undefined;
  return { objectType: decoder.readUInt8(0), specific: descriptorIn(decoder.subarray(13), SPECIFIC) };
}

/** The tags of descriptors. */
const [ES, DECODER, SPECIFIC] = [3, 4, 5];

/** Returns the payload of the first descriptor to which a path of tags leads. */
function descriptorIn(bytes: Buffer, ...[tag, ...rest]: readonly number[]): Buffer | undefined {
  for (let at = 0; at + 2 <= bytes.length; ) {
    const found = bytes.readUInt8(at++);
    let [length, more] = [0, true];
    while (more && at < bytes.length) {
      const byte = bytes.readUInt8(at++);
      length = (length << 7) | (byte & 0x7f);
      more = (byte & 0x80) !== 0 && length < 2 ** 21;
    }
    const payload = bytes.subarray(at, at + length);
    if (found === tag)
      return rest.length === 0 ? payload : descriptorIn(tag === ES ? behindFields(payload) : payload, ...rest);
    at += length;
  }
  return undefined;
}

/** An ES descriptor has an id and fields that its flags announce. */
function behindFields(payload: Buffer): Buffer {
  const flags = payload.length >= 3 ? payload.readUInt8(2) : 0;
  const url = flags & 0x40 ? 1 + (payload[3 + (flags & 0x80 ? 2 : 0)] ?? 0) : 0;
  return payload.subarray(3 + (flags & 0x80 ? 2 : 0) + url + (flags & 0x20 ? 2 : 0));
}
