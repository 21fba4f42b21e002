/** The distances between the packets of a transport stream: bare, behind a time stamp of 4 bytes, and before 16 bytes of parity. */
const STRIDES = [188, 192, 204];
const SYNC = 0x47;
/** So many sync bytes at one distance are no chance. */
const ENOUGH = 5;

/** The start code of a pack, with which a program stream begins (ISO/IEC 13818-1 2.5.3.4). */
const PACK = [0, 0, 1, 0xba];

/** Whether a file that begins with these bytes is a transport or program stream (ISO/IEC 13818-1), the only kinds that are made by putting files together. */
export const isMultiplex = (head: Uint8Array): boolean => PACK.every((byte, i) => head[i] === byte) || hasPackets(head);

function hasPackets(head: Uint8Array): boolean {
  return STRIDES.some((stride) => {
    for (let first = 0; first < stride; first++) if (isSynced(head, first, stride)) return true;
    return false;
  });
}

function isSynced(head: Uint8Array, first: number, stride: number): boolean {
  for (let i = 0; i < ENOUGH; i++) if (head[first + i * stride] !== SYNC) return false;
  return true;
}
