import { bitsOf } from '../bytes/bits.ts';
import type { SeiMessage } from '../bytes/nal-units.ts';
import { packingOfType } from './two-eyes.ts';

/** What a picture says of how two eyes lie in it and in those behind it. */
export type FramePacking = {
  /** The word for it; undefined where it ends what an earlier picture said, and for a way that nobody knows. */
  readonly packing: string | undefined;
  /** Whether it holds for its own picture, for all up to the next message, or ends what held. */
  readonly holds: 'here' | 'onward' | 'ends';
  /** The payload of the message in HEVC; undefined where HEVC has none for it. */
  readonly inHevc: Buffer | undefined;
};

/** The number of the message, in H.264 as in HEVC. */
export const FRAME_PACKING = 45;
/** The types of H.264 (table D-8), of which HEVC has the last three (H.265 table D.8), by ffprobe's words. */
const TYPES = [
  'checkerboard',
  'interleaved columns',
  'interleaved lines',
  'side by side',
  'top and bottom',
  'frame alternate',
] as const;
const FIRST_IN_HEVC = 3;
const FRAME_ALTERNATE = 5;
const RIGHT_FIRST = 2;
/** No real message is longer. */
const MOST_BYTES = 64;

/** Whether HEVC has a message for this way, by its word. */
export const isInHevc = (packing: string): boolean =>
  TYPES.slice(FIRST_IN_HEVC).some(
    (type) => packing === type || packing.startsWith(`${type}, `) || packing.startsWith(`${type} (`),
  );

/** Reads the message of H.264 (D.1.26) or HEVC (D.2.16) that says how two eyes lie in a picture; undefined of any other message. */
export function framePackingOf({ type, payload }: SeiMessage, codec: string): FramePacking | undefined {
  if (type !== FRAME_PACKING || payload.length === 0 || payload.length > MOST_BYTES) return undefined;
  const bits = bitsOf(payload);
  bits.number(); // which of several messages it is
  if (bits.bit() === 1) return { packing: undefined, holds: 'ends', inHevc: payload };
  const arrangement = bits.take(7);
  const isQuincunx = bits.bit() === 1;
  const interpretation = bits.take(6);
  bits.take(6); // turned and flipped eyes, fields, and which eye it is
  if (!isQuincunx && arrangement !== FRAME_ALTERNATE) bits.take(16); // where the grid of samples lies
  bits.take(8);
  const common = bits.at();
  const persists = codec === 'hevc' ? bits.bit() === 1 : bits.number() > 0;
  const word = TYPES[arrangement];
  const named = word === 'side by side' && isQuincunx ? `${word} (quincunx subsampling)` : word;
  const isKnown = word !== undefined && arrangement >= FIRST_IN_HEVC;
  return {
    packing: named && packingOfType(named, interpretation === RIGHT_FIRST),
    holds: persists ? 'onward' : 'here',
    inHevc: codec === 'hevc' ? payload : isKnown ? hevcPayload(payload, common, persists) : undefined,
  };
}

/** HEVC's message begins as H.264's, and ends with whether it goes on holding and whether the picture is one of full size. */
function hevcPayload(payload: Buffer, common: number, persists: boolean): Buffer {
  const said = [...payload].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bytesOf(`${said.slice(0, common)}${persists ? '1' : '0'}0`);
}

/** Bits as bytes. A payload that does not fill its last byte ends with a bit of its own (H.265 7.3.5). */
function bytesOf(bits: string): Buffer {
  const whole = bits.length % 8 === 0 ? bits : `${bits}1`;
  const bytes = whole.match(/.{1,8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)));
}

const MPEG2_HEAD = Buffer.from('JP3D\u0003');
/** The types of MPEG-2 (ISO/IEC 13818-2:2013, table L-1) by those of H.264. */
const MPEG2_TYPES: Readonly<Record<number, { readonly type: number; readonly isQuincunx: boolean }>> = {
  3: { type: 3, isQuincunx: false },
  4: { type: 4, isQuincunx: false },
  35: { type: 3, isQuincunx: true },
};

/** Reads the same of the user data of a picture of MPEG-2, as a message of HEVC; undefined of any other user data. */
export function framePackingOfUserData(data: Buffer): FramePacking | undefined {
  if (!data.subarray(0, MPEG2_HEAD.length).equals(MPEG2_HEAD)) return undefined;
  const said = MPEG2_TYPES[(data[MPEG2_HEAD.length] ?? 0) & 127];
  if (!said) return undefined;
  const arrangement = said.type.toString(2).padStart(7, '0');
  const grid = said.isQuincunx ? '' : '0'.repeat(16);
  const bits = `10${arrangement}${said.isQuincunx ? '1' : '0'}000001000000${grid}0000000000`;
  return framePackingOf({ type: FRAME_PACKING, payload: bytesOf(bits) }, 'hevc');
}
