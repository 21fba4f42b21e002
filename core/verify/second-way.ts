import { copyCheckOf, streamsWithPicture } from '../streams/another-way.ts';
import { besideChecks, checksOf, saysTimecode } from './checks.ts';
import type { Evidence } from './evidence.ts';

/** What the manifest's warnings say of a rendition that failed at first: readers, and our own count of such, go by its beginning. */
export const madeAnotherWay = (how: string, failure: string): string => `${SECOND_WAY} (${how}); at first ${failure}`;

export const SECOND_WAY = 'a second way was taken';

/**
 * The streams that are to be made another way: those whose own copy failed, for they may spoil all else; all where only
 * checks of what is beside the picture failed. None where the picture failed, or nothing did.
 */
export function streamsToBlame(evidence: Evidence): ReadonlySet<number> {
  const { plans, mainStream } = evidence;
  const failed = checksOf(evidence).filter(({ passed }) => !passed);
  const all = streamsWithPicture(plans, mainStream);
  const copies = [...all].filter((stream) => failed.some(({ name }) => name === copyCheckOf(stream)));
  if (copies.length > 0) return new Set(copies);
  const beside = new Set(besideChecks(evidence).map(({ name }) => name));
  const isComplete = evidence.decoded.frames === evidence.seconds.length;
  if (failed.length === 0 || !failed.every(({ name }) => beside.has(name) || (name === DECODES && isComplete)))
    return new Set();
  // the picture's own number stands for the timecode that goes with it
  return saysTimecode(evidence) ? all : new Set([mainStream]);
}

/** A decoder's complaint where every frame came is one about sound: all of a file is opened. */
const DECODES = 'decodes to the last frame';
