import type { FragmentLedger } from './fragment-ledger.ts';

/** A track whose fragments are to be put in order. `offsetTicks` is added to its times to get the film's. */
export type OrderedTrack = {
  readonly ledger: FragmentLedger;
  readonly timescale: number;
  readonly offsetTicks: number;
};

/**
 * The fragments of all tracks as they lie in the file: by when they are shown, sound before picture where both begin together
 * (the tracks are given in that order), so that a player that reads on from anywhere gets both by half seconds.
 */
export type FileOrder = {
  readonly count: number;
  track(position: number): number;
  /** The fragment's number within its track. */
  fragment(position: number): number;
  /** Where it begins, in bytes from the first fragment, and at `count` where the last one ends. */
  start(position: number): number;
  /** Returns the position of the last fragment that begins at or before a byte; -1 before the first one. */
  positionAt(byte: number): number;
};

/** Bytes of the box that holds the samples (mdat) in front of them. */
export const MDAT_HEADER_BYTES = 8;

/** Returns the order of all fragments, 14 bytes of memory for each: the next one is that of the track that is shown first. */
export function fileOrder(tracks: readonly OrderedTrack[]): FileOrder {
  const count = tracks.reduce((sum, { ledger }) => sum + ledger.count, 0);
  const owners = new Uint16Array(count);
  const numbers = new Uint32Array(count);
  const starts = new Float64Array(count + 1);
  const next = tracks.map(() => 0);
  const heads = tracks.map((track) => beginSeconds(track, 0));
  let at = 0;
  for (let position = 0; position < count; position += 1) {
    const owner = earliest(heads);
    const track = tracks[owner];
    const number = next[owner] ?? 0;
    owners[position] = owner;
    numbers[position] = number;
    starts[position] = at;
    next[owner] = number + 1;
    if (!track) break;
    at += track.ledger.bytes(number) + MDAT_HEADER_BYTES;
    heads[owner] = beginSeconds(track, number + 1);
  }
  starts[count] = at;
  return {
    count,
    track: (position) => owners[position] ?? 0,
    fragment: (position) => numbers[position] ?? 0,
    start: (position) => starts[position] ?? at,
    positionAt: (byte) => lastAtOrBefore(starts, count, byte),
  };
}

/** Returns when a fragment of a track is shown, and infinity behind the last one. */
const beginSeconds = ({ ledger, timescale, offsetTicks }: OrderedTrack, number: number): number =>
  number < ledger.count ? Math.max(0, (ledger.shownFrom(number) + offsetTicks) / timescale) : Number.POSITIVE_INFINITY;

function earliest(seconds: readonly number[]): number {
  let best = 0;
  for (let i = 1; i < seconds.length; i += 1) if ((seconds[i] ?? 0) < (seconds[best] ?? 0)) best = i;
  return best;
}

function lastAtOrBefore(starts: Float64Array, count: number, byte: number): number {
  let [low, high] = [-1, count - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= byte) low = middle;
    else high = middle - 1;
  }
  return low;
}
