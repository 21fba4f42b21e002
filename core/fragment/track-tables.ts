import type { MemoryBox } from '../bytes/boxes.ts';
import { shownType } from '../bytes/shown-type.ts';
import { childrenInside, type MovieBytes, neededBox } from './movie-boxes.ts';
import { unfragmentable } from './refuse.ts';

/** A table of `entries` rows, of which the first begins at byte `at` of the movie box. It is never copied. */
type BoxTable = { readonly at: number; readonly entries: number };

/** The tables that place a track's samples in time and in the file (ISO/IEC 14496-12 8.6 and 8.7). */
export type TrackTables = {
  readonly view: DataView;
  readonly samples: number;
  /** stts: how many samples last how long. */
  readonly times: BoxTable;
  /** ctts: how many samples are shown how much later than they are decoded; undefined where none is. */
  readonly shifts: BoxTable | undefined;
  /**
   * Ticks that are added to all shifts, so that none is negative. ffmpeg, and with it browsers that play a file as it is,
   * show fragments with negative shifts too late by the largest of them; the edit list takes the ticks away again.
   */
  readonly lift: number;
  /** stsc: from which chunk on chunks have how many samples, of which description. */
  readonly runs: BoxTable;
  /** stco or co64: where chunks begin. */
  readonly chunks: BoxTable & { readonly wide: boolean };
  /** stsz or stz2: `each` is the size of all samples, or 0 where they are listed in `bits` bits. */
  readonly sizes: { readonly at: number; readonly bits: number; readonly each: number };
  /** stss: the numbers of the samples at which decoding can begin; undefined where it can at all of them. */
  readonly syncs: BoxTable | undefined;
  readonly groupings: readonly SampleGrouping[];
};

/** A sample-to-group box (sbgp, ISO/IEC 14496-12 8.9.2): how many samples belong to which group of a kind. */
export type SampleGrouping = BoxTable & {
  /** Type and, in version 1, parameter, as they stand in the box behind its version. */
  readonly kind: Buffer;
  readonly version: number;
  /** The entry at which the last search ended, and its first sample. Fragments are searched in order, so the next one begins there. */
  readonly place: { entry: number; begins: number };
};

/** More samples than any film of a day has in picture and sound. Raw sound, with a sample for each instant, has more. */
const MOST_SAMPLES = 20_000_000;

/** What fragments say of groups: how far to decode before a sample can be heard (roll, prol), and kinds of access points. */
export const GROUPINGS: readonly string[] = ['roll', 'prol', 'rap ', 'sync', 'tsas', 'stsa'];

/** Finds and measures the tables of a track. Throws where one is absent, or announces more than it holds. */
export function trackTables(movie: MovieBytes, stbl: MemoryBox): TrackTables {
  const { view } = movie;
  const boxes = childrenInside(movie, stbl);
  const named = (type: string) => boxes.find((box) => box.type === type);
  const table = (box: MemoryBox, bytes: number) => tableOf(view, box, { bytes, headBytes: 4 });
  const [ctts, stss] = [named('ctts'), named('stss')];
  const chunks = neededBox(named('stco') ?? named('co64'), 'stco', 8);
  const shifts = ctts && table(ctts, 8);
  const sizes = sizesOf(view, neededBox(named('stsz') ?? named('stz2'), 'stsz', 12));
  return {
    view,
    samples: sizes.samples,
    times: table(neededBox(named('stts'), 'stts', 8), 8),
    shifts,
    lift: shifts ? liftOf(view, shifts) : 0,
    runs: table(neededBox(named('stsc'), 'stsc', 8), 12),
    chunks: { ...table(chunks, chunks.type === 'co64' ? 8 : 4), wide: chunks.type === 'co64' },
    sizes,
    syncs: stss && table(stss, 4),
    groupings: boxes.filter(({ type }) => type === 'sbgp').flatMap((box) => groupingOf(movie, box)),
  };
}

/** Negative shifts stand in version 1 of ctts, and in version 0 of QuickTime's. */
function liftOf(view: DataView, { at, entries }: BoxTable): number {
  let lowest = 0;
  for (let i = 0; i < entries; i += 1) {
    if (view.getUint32(at + 8 * i) > 0) lowest = Math.min(lowest, view.getInt32(at + 8 * i + 4));
  }
  return -lowest;
}

function tableOf(
  view: DataView,
  box: MemoryBox,
  { bytes, headBytes }: { readonly bytes: number; readonly headBytes: number },
): BoxTable {
  neededBox(box, box.type, headBytes + 4);
  const entries = view.getUint32(box.body + headBytes);
  const at = box.body + headBytes + 4;
  const room = Math.floor((box.end - at) / bytes);
  if (entries > room)
    throw unfragmentable(`its ${shownType(box.type)} box announces ${entries} entries and has room for ${room}`);
  return { at, entries };
}

function sizesOf(view: DataView, box: MemoryBox) {
  const samples = view.getUint32(box.body + 8);
  if (samples > MOST_SAMPLES)
    throw unfragmentable(`a track has ${samples} samples, and at most ${MOST_SAMPLES} are served in fragments`);
  const each = box.type === 'stsz' ? view.getUint32(box.body + 4) : 0;
  if (each > 0) return { at: 0, bits: 0, each, samples };
  const bits = box.type === 'stsz' ? 32 : view.getUint8(box.body + 7);
  if (![4, 8, 16, 32].includes(bits)) throw unfragmentable(`its stz2 box has sizes of ${bits} bits`);
  const room = Math.floor(((box.end - box.body - 12) * 8) / bits);
  if (samples > room) throw unfragmentable(`its ${box.type} box announces ${samples} sizes and has room for ${room}`);
  return { at: box.body + 12, bits, each, samples };
}

function groupingOf({ bytes, view }: MovieBytes, box: MemoryBox): readonly SampleGrouping[] {
  neededBox(box, 'sbgp', 12);
  const version = view.getUint8(box.body);
  const headBytes = version === 1 ? 12 : 8;
  if (!GROUPINGS.includes(bytes.toString('latin1', box.body + 4, box.body + 8))) return [];
  const kind = bytes.subarray(box.body + 4, box.body + headBytes);
  return [{ ...tableOf(view, box, { bytes: 8, headBytes }), kind, version, place: { entry: 0, begins: 0 } }];
}
