import { annexBUnits, type SeiMessage, seiMessages, withoutEscapes } from '../bytes/nal-units.ts';
import { framePackingOf, framePackingOfUserData } from './frame-packing.ts';

const USER_DATA_UNREGISTERED = 5;
const ID_BYTES = 16;

/** The ids under which x264 and x265 write which settings they were given; they hold for what they made. */
const OF_ENCODERS: ReadonlySet<string> = new Set([
  'dc45e9bde6d948b7962cd820d923eeef',
  '2ca2de09b51747dbbb55a4fe7fc2fc4e',
]);

/** Returns the id of a message by which a camera or a program says something of a picture; undefined for other messages, and those of encoders. */
export function userDataId({ type, payload }: SeiMessage): string | undefined {
  if (type !== USER_DATA_UNREGISTERED || payload.length < ID_BYTES) return undefined;
  const id = payload.toString('hex', 0, ID_BYTES);
  return OF_ENCODERS.has(id) ? undefined : id;
}

/** How captions begin (ATSC A/53 part 4): a message by ITU-T T.35 in H.264 and HEVC, user data of MPEG-2. */
const CAPTIONS: Readonly<Record<string, Buffer>> = {
  h264: Buffer.from('b500314741393403', 'hex'),
  hevc: Buffer.from('b500314741393403', 'hex'),
  mpeg2video: Buffer.from('000001b24741393403', 'hex'),
};

/** Whether a part of a file has closed captions, whatever container it is of. */
export const hasCaptions = (bytes: Buffer, codec: string): boolean =>
  CAPTIONS[codec] !== undefined && bytes.includes(CAPTIONS[codec]);

/** How the active format of a picture begins (ETSI TS 101 154 annex B), in the same places. */
const ACTIVE_FORMAT: Readonly<Record<string, Buffer>> = {
  h264: Buffer.from('b5003144544731', 'hex'),
  hevc: Buffer.from('b5003144544731', 'hex'),
  mpeg2video: Buffer.from('000001b244544731', 'hex'),
};

/** Whether pictures in a part of a file say which part of them is to be seen, whatever container it is of. */
export const hasActiveFormat = (bytes: Buffer, codec: string): boolean =>
  ACTIVE_FORMAT[codec] !== undefined && bytes.includes(ACTIVE_FORMAT[codec]);

type UnitHeader = { readonly bytes: number; readonly first: number; is(unit: Buffer): boolean };

/** How the units that hold messages begin (H.264 table 7-1, H.265 table 7-1). */
const HEADERS: Readonly<Record<string, UnitHeader>> = {
  h264: { bytes: 1, first: 6, is: (unit) => unit[0] === 6 },
  hevc: { bytes: 2, first: 78, is: (unit) => unit[0] === 78 && unit[1] === 1 },
};

/** No real message is larger. */
const LARGEST_UNIT = 2 ** 16;

/** Returns the ids of user data in a part of a file, and how two eyes lie in its pictures, whatever container it is of. */
export function saidInPart(
  bytes: Buffer,
  codec: string,
): { readonly userData: readonly string[]; readonly framePacking: string | undefined } {
  const ids = new Set<string>();
  let framePacking = codec === 'mpeg2video' ? packingInMpeg2(bytes) : undefined;
  for (const message of messagesIn(bytes, codec)) {
    const id = userDataId(message);
    if (id !== undefined) ids.add(id);
    framePacking ??= framePackingOf(message, codec)?.packing;
  }
  return { userData: [...ids], framePacking };
}

const MPEG2_USER_DATA = 0xb2;
const JP3D = 'JP3D';

function packingInMpeg2(bytes: Buffer): string | undefined {
  if (!bytes.includes(JP3D)) return undefined;
  for (const unit of annexBUnits(bytes)) {
    const packed = unit[0] === MPEG2_USER_DATA ? framePackingOfUserData(unit.subarray(1)) : undefined;
    if (packed?.packing !== undefined) return packed.packing;
  }
  return undefined;
}

/** Units are looked at for so many bytes as a part has, times this: those of a real film lie apart, those of a made one may overlap. */
const MOST_LOOKS = 4;

/**
 * Yields the messages in a part of a file: those of units behind start codes, or behind their length, whose messages fill them to
 * the last byte.
 */
function* messagesIn(bytes: Buffer, codec: string): Generator<SeiMessage> {
  const header = HEADERS[codec];
  if (!header) return;
  const inUnit = (unit: Buffer) => seiMessages(withoutEscapes(unit.subarray(header.bytes)));
  for (const unit of annexBUnits(bytes)) if (header.is(unit) && isFilled(unit, header)) yield* inUnit(unit);
  let left = MOST_LOOKS * bytes.length;
  const zeroAfter = (at: number) => (bytes[at + 1] === 0 ? at + 1 : bytes.indexOf(0, at + 2));
  for (let at = bytes.indexOf(0); at >= 0 && at + 4 < bytes.length && left > 0; at = zeroAfter(at)) {
    if (bytes[at + 1] !== 0 || bytes[at + 4] !== header.first) continue;
    const length = bytes.readUInt32BE(at);
    const unit = bytes.subarray(at + 4, at + 4 + length);
    if (length >= LARGEST_UNIT || !header.is(unit)) continue;
    left -= unit.length;
    if (isFilled(unit, header)) yield* inUnit(unit);
  }
}

const STOP = 0x80;

/** Whether messages fill a unit up to its stop bit, as bytes that only look like a unit do not. */
function isFilled(unit: Buffer, header: UnitHeader): boolean {
  if (unit[unit.length - 1] !== STOP) return false; // hardly any other bytes end so, and most units are not read for it
  const payload = withoutEscapes(unit.subarray(header.bytes));
  let bytes = 0;
  for (const { type, payload: inner } of seiMessages(payload)) {
    bytes += Math.floor(type / 255) + 1 + Math.floor(inner.length / 255) + 1 + inner.length;
  }
  return bytes > 0 && bytes === payload.length - 1 && payload[bytes] === STOP;
}

/** A video parameter set of HEVC (H.265 7.3.2.1): its head, the number, a base layer in the stream, layers and sub-layers, and 16 bits that are set. */
const [PARAMETERS, RESERVED, SET_BYTES] = [Buffer.from('4001', 'hex'), 0xffff, 6];
const HAS_BASE_LAYER = 0x0c;

/**
 * Whether pictures of HEVC have layers above the base: a second eye (MV-HEVC), transparency, or a finer picture. The parameter set that says
 * it stands in the stream, behind a start code, or in a configuration, behind its length.
 */
export function hasFurtherLayers(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(PARAMETERS); at >= 0; at = bytes.indexOf(PARAMETERS, at + 1)) {
    if (at < 3 || at + SET_BYTES > bytes.length || bytes.readUInt16BE(at + 4) !== RESERVED) continue;
    const isBehindCode = bytes.readUIntBE(at - 3, 3) === 1;
    const isBehindLength = bytes[at - 2] === 0 && (bytes[at - 1] ?? 0) >= SET_BYTES;
    const [first = 0, second = 0] = bytes.subarray(at + 2);
    const layers = ((first & 3) << 4) | (second >> 4);
    if ((isBehindCode || isBehindLength) && (first & HAS_BASE_LAYER) === HAS_BASE_LAYER && layers > 0) return true;
  }
  return false;
}
