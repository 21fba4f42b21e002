import { indexBox, indexBytes } from '../bytes/fragment-header.ts';
import type { FileOrder, OrderedTrack } from './file-order.ts';

/**
 * A reference of the index covers whole fragments of about this share of the film, so that the index of a long film does not
 * delay its first picture (12 bytes a reference), and at most 10 s, so that a jump does not read too much.
 */
const REFERENCES = 600;
const SHORTEST_SECONDS = 0.5;
const LONGEST_SECONDS = 10;
const MOST_REFERENCE_BYTES = 2 ** 31 - 1;

/** A reference begins with a fragment, which is `number` in its track and lies at `start` behind the header. */
type Reference = { readonly number: number; readonly start: number; readonly isAccessPoint: boolean };

type IndexedTrack = OrderedTrack & { readonly id: number };

/** Returns how long a reference is, for a film of a length. */
const referenceSeconds = (seconds: number) =>
  Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, seconds / REFERENCES));

/**
 * Returns the indexes (sidx) of the tracks in one buffer. A reference reaches from its first fragment to the first one of
 * the next reference of the track, the other tracks' fragments between them included.
 */
export function trackReferences(tracks: readonly IndexedTrack[], order: FileOrder, seconds: number): Buffer {
  const all = tracks.map((track, i) => ({ track, references: referencesOf(track, i, order, seconds) }));
  const rows = all.map(({ track, references }) => rowsOf(track, references, order.start(order.count)));
  const indexed = all.flatMap((each, i) => {
    const own = rows[i] ?? [];
    return own.every(({ bytes, ticks }) => bytes <= MOST_REFERENCE_BYTES && ticks < 2 ** 32)
      ? [{ ...each, rows: own }]
      : [];
  });
  return Buffer.concat(
    indexed.map(({ track: { ledger, id, timescale, offsetTicks }, references, rows: own }, i) => {
      const behind = indexed.slice(i + 1).reduce((sum, other) => sum + indexBytes(other.rows.length), 0);
      return indexBox({
        track: id,
        timescale,
        earliestTicks: Math.max(0, ledger.shownFrom(0) + offsetTicks),
        firstOffset: behind + (references[0]?.start ?? 0),
        references: own,
      });
    }),
  );
}

function referencesOf(
  { ledger, timescale }: IndexedTrack,
  track: number,
  order: FileOrder,
  seconds: number,
): readonly Reference[] {
  const enough = referenceSeconds(seconds) * timescale;
  const references: Reference[] = [];
  let begins = Number.NEGATIVE_INFINITY;
  for (let position = 0; position < order.count; position += 1) {
    if (order.track(position) !== track) continue;
    const number = order.fragment(position);
    const cursor = ledger.cursor(number);
    const passed = cursor.time - begins;
    // fragments are a little shorter or longer than half a second, as frames and keyframes have it
    if (passed < enough * 0.7 || (!cursor.isSync && passed < 2 * enough)) continue;
    references.push({ number, start: order.start(position), isAccessPoint: cursor.isSync });
    begins = cursor.time;
  }
  return references;
}

function rowsOf({ ledger }: IndexedTrack, references: readonly Reference[], end: number) {
  return references.map(({ number, start, isAccessPoint }, i) => {
    const next = references[i + 1];
    const from = ledger.shownFrom(number);
    const until = next ? ledger.shownFrom(next.number) : ledger.fragment(ledger.count - 1).shownTo;
    return {
      bytes: (next?.start ?? end) - start,
      ticks: Math.max(0, until - from),
      startsWithAccessPoint: isAccessPoint,
    };
  });
}
