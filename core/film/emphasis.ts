import { childElements, idOf, uintElement, uintIn } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';
import { mpegAudioHeader } from './sound-headers.ts';

/** The treble that was raised when a sound was recorded, and that a player lowers: Matroska's number for it, and whether the packets say it themselves. */
export type Emphasis = { readonly number: number; readonly isInPackets: boolean };

/** Matroska's numbers (RFC 9559 5.1.4.1.29.6) as people call them. */
const NAMES: Readonly<Record<number, string>> = {
  1: '50/15 \u00b5s, as of CDs',
  3: 'CCITT J.17',
  4: '50 \u00b5s, as of FM radio in Europe',
  5: '75 \u00b5s, as of FM radio in America',
  10: 'RIAA, of gramophone records',
};

/** Returns the name by which people know an emphasis. */
export const emphasisName = ({ number }: Emphasis): string => NAMES[number] ?? `number ${number} of Matroska`;

/** Returns the emphasis that a Matroska track states; undefined where it states none. */
export function emphasisOf(entry: Buffer): Emphasis | undefined {
  const audio = childElements(entry).filter((field) => idOf(field) === MKV.Audio);
  const number = Number(uintIn(audio.flatMap(childElements).find((field) => idOf(field) === MKV.Emphasis)) ?? 0);
  return number > 0 ? { number, isInPackets: false } : undefined;
}

/** The emphasis of a frame (ISO/IEC 11172-3 2.4.2.3), as Matroska's numbers. */
const OF_MPEG: Readonly<Record<number, number>> = { 1: 1, 3: 3 };

/** Returns the emphasis that a packet of MPEG audio states; undefined where it states none. */
export function emphasisOfMpeg(packet: Uint8Array): Emphasis | undefined {
  const number = OF_MPEG[mpegAudioHeader(packet)?.emphasis ?? 0];
  return number === undefined ? undefined : { number, isInPackets: true };
}

/** The field that a Matroska track gets for the emphasis of its sound. */
export const emphasisFields = (emphasis: Emphasis | undefined): readonly Buffer[] =>
  emphasis && !emphasis.isInPackets ? [uintElement(MKV.Emphasis, emphasis.number)] : [];
