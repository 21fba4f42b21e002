import { headBytesOf, SHAPE } from './fragment-head.ts';
import { type FragmentLedger, fragmentLedger, type PlannedFragment } from './fragment-ledger.ts';
import { fragmentStretches, type Stretches } from './fragment-stretches.ts';
import { groupBoxesBytes } from './group-runs.ts';
import { unfragmentable } from './refuse.ts';
import { firstSample, type SampleCursor, toNextSample } from './sample-cursor.ts';
import type { TrackTables } from './track-tables.ts';

/** A fragment has at most as many samples and bytes, so that its header and an index can hold it. */
const MOST_SAMPLES_EACH = 65_536;
const MOST_BYTES_EACH = 64 * 2 ** 20;
/** The index of a track (sidx) counts its fragments in 16 bits. */
const MOST_FRAGMENTS = 65_535;

type CutTrack = {
  readonly ledger: FragmentLedger;
  readonly dataBytes: number;
};

/**
 * Cuts the samples [first, last) of a track into fragments of about `ticks`. Each keyframe from which enough follows begins
 * one, and longer stretches are divided evenly. Throws where samples lie beyond `fileBytes`.
 */
export function cutTrack(
  tables: TrackTables,
  { first, last }: { readonly first: number; readonly last: number },
  { ticks, fileBytes }: { readonly ticks: number; readonly fileBytes: number },
): CutTrack {
  const ledger = fragmentLedger(tables);
  const cursor = firstSample(tables);
  while (cursor.sample < first) toNextSample(tables, cursor);
  const stretches = fragmentStretches(tables, last, ticks);
  const growing = { start: { ...cursor }, facts: emptyFacts() };
  let dataBytes = 0;
  const close = () => {
    if (ledger.count === MOST_FRAGMENTS)
      throw unfragmentable(`a track would have more than ${MOST_FRAGMENTS} fragments`);
    ledger.add(finished(tables, growing.facts, growing.start), growing.start);
  };
  for (;;) {
    if (cursor.offset + cursor.bytes > fileBytes)
      throw unfragmentable(`a sample of it reaches to byte ${cursor.offset + cursor.bytes}, and it has ${fileBytes}`);
    dataBytes += cursor.bytes;
    if (begins(stretches, cursor, growing)) {
      close();
      Object.assign(growing.start, cursor);
      growing.facts = emptyFacts();
    }
    take(growing.facts, cursor);
    if (cursor.sample + 1 >= last) break;
    toNextSample(tables, cursor);
  }
  close();
  return { ledger, dataBytes };
}

/** What is known of the samples of a fragment so far. */
type FragmentFacts = {
  samples: number;
  bytes: number;
  shownFrom: number;
  shownTo: number;
  /** Whether duration, size and shift differ between samples, or a shift is not 0. */
  durations: boolean;
  sizes: boolean;
  shifts: boolean;
  firstLasts: number;
  firstBytes: number;
  firstIsSync: boolean;
  /** How many of the samples behind the first are sync samples. */
  laterSyncs: number;
};

const emptyFacts = (): FragmentFacts => ({
  samples: 0,
  bytes: 0,
  shownFrom: Number.POSITIVE_INFINITY,
  shownTo: Number.NEGATIVE_INFINITY,
  durations: false,
  sizes: false,
  shifts: false,
  firstLasts: 0,
  firstBytes: 0,
  firstIsSync: false,
  laterSyncs: 0,
});

function begins(
  stretches: Stretches,
  cursor: SampleCursor,
  { start, facts }: { readonly start: SampleCursor; readonly facts: FragmentFacts },
): boolean {
  const isDue = stretches.beginsWith(cursor);
  if (facts.samples === 0) return false;
  return (
    isDue ||
    cursor.description !== start.description ||
    facts.samples >= MOST_SAMPLES_EACH ||
    facts.bytes + cursor.bytes > MOST_BYTES_EACH
  );
}

function take(facts: FragmentFacts, { time, shift, lasts, bytes, isSync }: SampleCursor): void {
  if (facts.samples === 0) {
    facts.firstLasts = lasts;
    facts.firstBytes = bytes;
    facts.firstIsSync = isSync;
  } else {
    if (lasts !== facts.firstLasts) facts.durations = true;
    if (bytes !== facts.firstBytes) facts.sizes = true;
    if (isSync) facts.laterSyncs += 1;
  }
  if (shift !== 0) facts.shifts = true;
  facts.samples += 1;
  facts.bytes += bytes;
  if (time + shift < facts.shownFrom) facts.shownFrom = time + shift;
  if (time + shift + lasts > facts.shownTo) facts.shownTo = time + shift + lasts;
}

function finished(tables: TrackTables, facts: FragmentFacts, start: SampleCursor): PlannedFragment {
  const { samples, bytes: dataBytes, shownFrom, shownTo } = facts;
  if (dataBytes >= 2 ** 31) throw unfragmentable(`a sample of it has ${dataBytes} bytes`);
  const shape = shapeOf(facts);
  const groupBytes = groupBoxesBytes(tables, start.sample, start.sample + samples);
  const headBytes = headBytesOf(samples, shape, start.description) + groupBytes;
  return { samples, dataBytes, headBytes, shownFrom, shownTo, shape };
}

function shapeOf({ samples, durations, sizes, shifts, firstIsSync, laterSyncs }: FragmentFacts): number {
  const later = samples - 1;
  const isMixed = laterSyncs > 0 && laterSyncs < later;
  const laterAreSync = later === 0 ? firstIsSync : laterSyncs === later;
  return (
    (durations ? SHAPE.durations : 0) |
    (sizes ? SHAPE.sizes : 0) |
    (shifts ? SHAPE.shifts : 0) |
    (isMixed ? SHAPE.flags : 0) |
    (!isMixed && laterAreSync ? SHAPE.syncs : 0) |
    (!isMixed && laterAreSync !== firstIsSync ? SHAPE.firstFlags : 0)
  );
}
