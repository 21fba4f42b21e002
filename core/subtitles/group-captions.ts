import type { CaptionBytes } from './read-captions.ts';

/** A picture shows each field at most three times (MPEG-2's repeated fields), and has one pair of bytes of CEA-608 each time. */
const MOST_OF_A_PICTURE = 3;
const [VALID, KIND] = [0x04, 0x03];
/** Pictures of a DVD are shown 25 or 30000/1001 times a second. */
const [LONGEST_SECONDS, USUAL_SECONDS] = [1 / 25, 1001 / 30000];
const ROUNDING = 1.01;

/**
 * Gives pairs of bytes that lie together in the first picture of a group, as on DVDs, the time at which each is shown: pair k
 * belongs to the picture that is shown as the group's k-th, whether it is stored or repeated. `startOf` returns when the group of a picture begins.
 */
export function spreadOverGroups(
  packets: readonly CaptionBytes[],
  startOf: (seconds: number) => number,
): readonly CaptionBytes[] {
  const starts = packets.map((packet) => (isOfGroup(packet) ? startOf(packet.seconds) : packet.seconds));
  let step = USUAL_SECONDS;
  return packets.flatMap((packet, i) => {
    if (!isOfGroup(packet)) return [packet];
    const shown = pairsByPicture(packet.data);
    const [start = packet.seconds, next = Number.NaN] = [starts[i], starts[i + 1]];
    const each = (next - start) / shown.length;
    if (each > 0 && each < LONGEST_SECONDS * ROUNDING) step = each; // else packets are missing between the two
    return shown.map((data, k) => ({ seconds: start + k * step, data: Uint8Array.from(data) }));
  });
}

/** Whether some packet has the pairs of a whole group of pictures. */
export const hasGroups = (packets: readonly CaptionBytes[]): boolean => packets.some(isOfGroup);

const isOfGroup = ({ data }: CaptionBytes): boolean =>
  data.length > 3 * MOST_OF_A_PICTURE && pairsByPicture(data).length > MOST_OF_A_PICTURE;

/** The pairs of both fields for each picture. */
function pairsByPicture(data: Uint8Array): readonly (readonly number[])[] {
  const pictures: number[][] = [];
  const counts = [0, 0];
  for (let at = 0; at + 2 < data.length; at += 3) {
    const [mark = 0, a = 0, b = 0] = data.subarray(at, at + 3);
    const picture = counts[mark & KIND];
    if (picture === undefined || (mark & VALID) === 0) continue;
    counts[mark & KIND] = picture + 1;
    pictures[picture] = [...(pictures[picture] ?? []), mark, a, b];
  }
  return pictures;
}
