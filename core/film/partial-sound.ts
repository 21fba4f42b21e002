import { mpegAudioHeader } from './sound-headers.ts';

/** Returns what all frames of a sound have in their first bytes, by codec; undefined for bytes that are no beginning of a frame. */
const KINDS: Readonly<Record<string, (packet: Uint8Array) => number | undefined>> = {
  mp1: kindOfMpeg,
  mp2: kindOfMpeg,
  mp3: kindOfMpeg,
  ac3: kindOfAc3,
  eac3: kindOfAc3,
};

/** The bits of version, layer and sample rate (ISO/IEC 11172-3 2.4.1.3), which all frames of a sound have. */
function kindOfMpeg(packet: Uint8Array): number | undefined {
  const header = mpegAudioHeader(packet);
  const [, second = 0, third = 0] = packet;
  return header?.layer !== undefined && header.hasBitRate ? ((second & 0xfe) << 8) | (third & 12) : undefined;
}

/** The sync word (ETSI TS 102 366 4.4.1.1). */
function kindOfAc3([first, second]: Uint8Array): number | undefined {
  return first === 0x0b && second === 0x77 ? 0x0b77 : undefined;
}

/** Returns whether a sound of a file may begin with a part of a frame: broadcasts, and films that were divided at bytes, do. */
export const mayBeginPartly = (format: string, codec: string): boolean =>
  /^(mpeg|mpegts|avi)$/.test(format) && codec in KINDS;

/** So many packets one behind the other begin with a frame of one kind where a parser knows where the frames begin. */
export const SURE_PACKETS = 3;

/** So many packets at most are no whole frame until then. */
export const MOST_PARTIAL_PACKETS = 64;

/**
 * Returns how many packets at the beginning of a sound are parts of frames, or hold what only looks like a frame, given its first
 * packets; 0 where the first ones are whole, and undefined where none are.
 */
export function partialPackets(codec: string, packets: readonly Uint8Array[]): number | undefined {
  const kindOf = KINDS[codec];
  if (!kindOf) return 0;
  const kinds = packets.map(kindOf);
  const first = kinds.findIndex(
    (kind, i) => kind !== undefined && kinds.slice(i, i + SURE_PACKETS).every((next) => next === kind),
  );
  return first < 0 ? undefined : first;
}

/** What decoders of these sounds say of a part of a frame, and how ffmpeg goes on. */
const OF_PART = /Header missing|frame sync error|Invalid data found|^\s*Last message repeated/;
/** A decoder says two lines when a file is opened, and two when it is decoded. */
const LINES_EACH = 4;

/**
 * Returns what decoders of sounds said in the order of their log, without the lines at its beginning about so many parts of frames with
 * which the sounds begin. A line about anything else ends them.
 */
export function behindPartialFrames(said: readonly string[], packets: number): readonly string[] {
  const other = said.findIndex((line) => !OF_PART.test(line));
  return said.slice(Math.min(LINES_EACH * packets, other < 0 ? said.length : other));
}
