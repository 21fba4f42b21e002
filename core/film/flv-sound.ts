import { soundKind } from './changing-sound.ts';
import { AAC_RATES, aacChannels } from './sound-headers.ts';
import type { SoundKind } from './sound-kind.ts';

/** The codecs of sound that an FLV may have, by their numbers (FLV 10.1, E.4.2.1). */
const CODECS: Readonly<Record<number, string>> = {
  0: 'PCM',
  1: 'ADPCM',
  2: 'MP3',
  3: 'PCM',
  4: 'Nellymoser',
  5: 'Nellymoser',
  6: 'Nellymoser',
  7: 'A-law',
  8: 'mu-law',
  10: 'AAC',
  11: 'Speex',
  14: 'MP3',
};

/** The number of AAC. */
const AAC = 10;
/** The numbers of MP3, the second for sound of 8000 Hz. */
const MP3 = [2, 14];

/** Returns the name of a sound codec of FLV by its number in the tags. */
export const flvCodec = (number: number): string => CODECS[number] ?? `codec ${number}`;

/**
 * Follows the sound tags of an FLV: one that describes AAC (ISO/IEC 14496-3 1.6.2) holds for the packets behind it, and a packet of MP3 has its own
 * header. Returns of which kind a packet is; undefined for a description, for other codecs, and where the kind is not told by rate and channels.
 */
export function flvSoundKinds() {
  let kind: SoundKind | undefined;
  return (codec: number, begins: Buffer): SoundKind | undefined => {
    if (MP3.includes(codec)) return soundKind('mp3', begins);
    if (codec !== AAC || begins.length < 3) return undefined;
    if (begins[0] !== 0) return kind;
    const said = begins.readUInt16BE(1);
    const [sampleRate, channels] = [AAC_RATES[(said >> 7) & 15], aacChannels((said >> 3) & 15)];
    kind = sampleRate && channels ? { ...channels, sampleRate } : undefined;
    return undefined;
  };
}
