import { checkOfStream } from '../job/check-list.ts';
import type { Check } from '../job/manifest.ts';
import { copyCheckOf, streamsWithPicture, textCheckOf, trackCheckOf } from '../streams/another-way.ts';
import { besideChecks, checksOf, saysTimecode } from './checks.ts';
import type { Evidence } from './evidence.ts';

/** Returns the manifest's warning for a rendition that failed at first. Readers, and our own count, recognise it by its beginning. */
export const madeAnotherWay = (how: string, failure: string): string => `${SECOND_WAY} (${how}); at first ${failure}`;

export const SECOND_WAY = 'a second way was taken';

/**
 * Returns the streams that should be made another way: those whose own copy check failed, since they may cause the other
 * failures; else all streams, where only checks of streams beside the picture failed. Returns none where a check of the
 * picture failed, or no check did.
 */
export function streamsToBlame(evidence: Evidence): ReadonlySet<number> {
  const { plans, mainStream } = evidence;
  const failed = checksOf(evidence).filter(({ passed }) => !passed);
  const all = streamsWithPicture(plans, mainStream);
  const copies = [...all].filter((stream) =>
    failed.some(({ name }) => [copyCheckOf, trackCheckOf, textCheckOf].some((nameOf) => name === nameOf(stream))),
  );
  if (copies.length > 0) return new Set(copies);
  const beside = new Set(besideChecks(evidence).map(({ name }) => name));
  const isComplete = evidence.decoded.frames === evidence.seconds.length;
  if (failed.length === 0 || !failed.every(({ name }) => beside.has(name) || (name === DECODES && isComplete)))
    return new Set();
  // the picture's index stands for its timecode track
  return saysTimecode(evidence) ? all : new Set([mainStream]);
}

/** Returns the converted sounds that are not in their place. */
export function soundsOutOfPlace(evidence: Evidence): ReadonlySet<number> {
  const wrong = checksOf(evidence).filter((each) => !each.passed);
  const failed = new Set(wrong.map((each) => each.name));
  const sounds = evidence.plans.filter(
    ({ stream: { index, type } }) => type === 'audio' && failed.has(placeCheckOf(index)),
  );
  return new Set(sounds.map(({ stream }) => stream.index));
}

const placeCheckOf = (stream: number) => checkOfStream('sound of stream N is in its place', stream, true, '').name;

/** Whether failed checks can come from pictures that differ from decode to decode: what a file says of itself does not. */
export const areOfPictures = (failed: readonly Check[]): boolean =>
  failed.some(({ name }) => name !== 'metadata as planned');

/** This check also fails on errors in sound; if every frame decoded, the error is not the picture's. */
const DECODES = 'decodes to the last frame';
