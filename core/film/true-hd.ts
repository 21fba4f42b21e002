const MAJOR_SYNC = Buffer.from('f8726fba', 'hex');
/** Offsets from the sync word: the count of substreams, and the substream info. */
const SUBSTREAMS_AT = 16;
const INFO_AT = 17;
const CARRIES_OBJECTS = 0x80;

/**
 * Whether a TrueHD packet with a major sync says that a fourth substream carries the objects of Dolby Atmos. Returns
 * undefined for a packet without a major sync.
 */
export function hasAtmos(packet: Uint8Array): boolean | undefined {
  const sync = Buffer.from(packet).indexOf(MAJOR_SYNC);
  const substreams = packet[sync + SUBSTREAMS_AT];
  const info = packet[sync + INFO_AT];
  if (sync < 0 || substreams === undefined || info === undefined) return undefined;
  return substreams >> 4 >= 4 && (info & CARRIES_OBJECTS) !== 0;
}
