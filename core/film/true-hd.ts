const MAJOR_SYNC = Buffer.from('f8726fba', 'hex');
/** Behind the sync word: how many substreams there are, and what they are for. */
const SUBSTREAMS_AT = 16;
const INFO_AT = 17;
const CARRIES_OBJECTS = 0x80;

/**
 * Whether a packet of TrueHD that decoding can begin with says that a fourth substream has the objects of Dolby Atmos.
 * Undefined for any other packet.
 */
export function hasAtmos(packet: Uint8Array): boolean | undefined {
  const sync = Buffer.from(packet).indexOf(MAJOR_SYNC);
  const substreams = packet[sync + SUBSTREAMS_AT];
  const info = packet[sync + INFO_AT];
  if (sync < 0 || substreams === undefined || info === undefined) return undefined;
  return substreams >> 4 >= 4 && (info & CARRIES_OBJECTS) !== 0;
}
