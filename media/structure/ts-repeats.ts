import type { ByteSource } from './byte-source.ts';
import { broken } from './refusals.ts';
import { type Packing, packetsIn } from './ts-packets.ts';

/** Fewer packets that come twice than this share of a stream's, or than so many, are taken for damage. */
const SMALLEST_SHARE = 0.25;
const FEWEST = 8;

/**
 * Throws `bad-input` for a transport stream whose packets come twice each, as ISO/IEC 13818-1 2.4.3.3 allows: ffmpeg, unlike players,
 * takes the second of each for more of the stream, so that its pictures and their times are broken.
 */
export function refuseRepeats(source: ByteSource, head: Buffer, packing: Packing): void {
  const counts = new Map<number, { packets: number; repeated: number; counter: number; payload: Buffer }>();
  for (const { pid, counter, payload } of packetsIn(head, packing)) {
    if (payload.length === 0 || pid === NULL_PID) continue;
    const before = counts.get(pid);
    const isRepeated = before?.counter === counter && before.payload.equals(payload);
    const { packets = 0, repeated = 0 } = before ?? {};
    const now = { packets: packets + 1, repeated: repeated + (isRepeated ? 1 : 0) };
    counts.set(pid, { ...now, counter, payload });
  }
  for (const [pid, { packets, repeated }] of counts)
    if (repeated >= FEWEST && repeated >= packets * SMALLEST_SHARE)
      throw broken(
        source,
        `${repeated} of the first ${packets} packets of PID ${pid} are the ones before them once more, which players leave out and ffmpeg does not; write it anew with a program that leaves them out`,
      );
}

const NULL_PID = 0x1fff;
