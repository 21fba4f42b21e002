import type { MemoryBox } from '../bytes/boxes.ts';
import { behindDates } from '../bytes/boxes.ts';
import { shownType } from '../bytes/shown-type.ts';
import { type EditList, readEditList } from './edit-list.ts';
import { boxInside, childrenInside, type MovieBytes, neededBox } from './movie-boxes.ts';
import { unfragmentable } from './refuse.ts';
import { countsInSamples } from './sound-entry.ts';
import { type TrackTables, trackTables } from './track-tables.ts';

/** A track of picture or sound with samples, as the movie box describes it. */
export type SourceTrack = {
  readonly kind: 'picture' | 'sound';
  readonly id: number;
  readonly box: MemoryBox;
  readonly timescale: number;
  readonly tables: TrackTables;
  /** Counted in the track's times as its tables give them, with the shifts raised by `lift`. */
  readonly edits: EditList;
};

/** A track that fragments do not hold, and why. */
export type LeftOut = { readonly id: number; readonly handler: string; readonly why: string };

/** A progressive MP4 by its movie box. */
export type SourceMovie = {
  readonly movie: MovieBytes;
  readonly box: MemoryBox;
  readonly timescale: number;
  readonly tracks: readonly SourceTrack[];
  readonly leftOut: readonly LeftOut[];
};

const MOST_TRACKS = 256;
const KINDS: Readonly<Record<string, SourceTrack['kind']>> = { vide: 'picture', soun: 'sound' };

/**
 * Reads a movie box. It keeps the first enabled picture and the first enabled sound, as a SourceBuffer takes one of each; `only`
 * chooses tracks by their numbers instead. Throws with the reason where the file cannot be served in fragments.
 */
export function readMovie(movie: MovieBytes, only: readonly number[]): SourceMovie {
  const box = neededBox(boxInside(movie, { type: '', start: 0, body: 0, end: movie.bytes.length }, 'moov'), 'moov', 8);
  if (boxInside(movie, box, 'cmov')) throw unfragmentable('its movie box is compressed (cmov)');
  const header = neededBox(boxInside(movie, box, 'mvhd'), 'mvhd', 32);
  const timescale = timescaleIn(movie, header);
  const boxes = childrenInside(movie, box).filter(({ type }) => type === 'trak');
  if (boxes.length > MOST_TRACKS)
    throw unfragmentable(`it has ${boxes.length} tracks, and at most ${MOST_TRACKS} are read`);
  const heads = boxes.map((trak) => headOf(movie, trak));
  const ids = new Set(heads.map(({ id }) => id));
  if (ids.size < heads.length || ids.has(0)) throw unfragmentable('two of its tracks have one number, or one has none');
  const missing = only.filter((id) => !ids.has(id));
  if (missing.length > 0) throw unfragmentable(`it has no track ${missing.join(' and ')}`);
  const why = (head: TrackHead) => whyLeftOut(head, heads, only);
  const kept = heads.filter((head) => why(head) === undefined);
  const tracks = kept.flatMap((head) => trackOf(movie, head, timescale));
  if (tracks.length === 0) throw unfragmentable('it has no picture and no sound with samples');
  const leftOut = heads.flatMap((head) => {
    const because = why(head) ?? (tracks.some(({ id }) => id === head.id) ? undefined : 'has no samples');
    return because ? [{ id: head.id, handler: shownType(head.handler), why: because }] : [];
  });
  return { movie, box, timescale, tracks, leftOut };
}

type TrackHead = {
  readonly id: number;
  readonly handler: string;
  readonly isEnabled: boolean;
  readonly samples: number;
  readonly box: MemoryBox;
};

function headOf(movie: MovieBytes, box: MemoryBox): TrackHead {
  const { bytes, view } = movie;
  const tkhd = neededBox(boxInside(movie, box, 'tkhd'), 'tkhd', 84);
  const hdlr = boxInside(movie, box, 'mdia', 'hdlr');
  const stbl = boxInside(movie, box, 'mdia', 'minf', 'stbl');
  const sizes = stbl && childrenInside(movie, stbl).find(({ type }) => type === 'stsz' || type === 'stz2');
  return {
    id: view.getUint32(behindDates(bytes, tkhd.body)),
    handler: hdlr && hdlr.end - hdlr.body >= 12 ? bytes.toString('latin1', hdlr.body + 8, hdlr.body + 12) : '',
    isEnabled: (view.getUint32(tkhd.body) & 1) === 1,
    samples: sizes && sizes.end - sizes.body >= 12 ? view.getUint32(sizes.body + 8) : 0,
    box,
  };
}

/** A track that is not enabled counts as not there (ISO/IEC 14496-12 8.3.1): further languages, covers, previews. */
function whyLeftOut(head: TrackHead, all: readonly TrackHead[], only: readonly number[]): string | undefined {
  if (!KINDS[head.handler]) return 'is no picture and no sound';
  if (only.length > 0) return only.includes(head.id) ? undefined : 'is not asked for';
  const alike = all.filter(({ handler, samples }) => handler === head.handler && samples > 0);
  const first = alike.find(({ isEnabled }) => isEnabled) ?? alike[0];
  if (!first || head.samples === 0 || head === first) return undefined;
  return head.isEnabled ? `comes after track ${first.id}` : 'is not enabled';
}

function trackOf(movie: MovieBytes, { id, handler, samples, box }: TrackHead, movieScale: number): SourceTrack[] {
  const kind = KINDS[handler];
  if (!kind || samples === 0) return [];
  const minf = neededBox(boxInside(movie, box, 'mdia', 'minf'), 'minf', 8);
  const stbl = neededBox(boxInside(movie, minf, 'stbl'), 'stbl', 8);
  const timescale = timescaleIn(movie, neededBox(boxInside(movie, box, 'mdia', 'mdhd'), 'mdhd', 24));
  const entries = checkedEntries(movie, minf, stbl);
  const tables = trackTables(movie, stbl);
  if (tables.syncs?.entries === 0) throw unfragmentable(`its track ${id} has no sample at which decoding can begin`);
  const elst = boxInside(movie, box, 'edts', 'elst');
  const edits = (elst && readEditList(movie, elst, { timescale, movieScale })) ?? WHOLE;
  const { lift } = tables;
  if (kind === 'sound' && tables.sizes.each === 1 && entries.some((entry) => countsInSamples(movie, entry)))
    throw unfragmentable('its sound is counted in samples instead of bytes, as old QuickTime does');
  const lifted = { ...edits, from: edits.from + lift, to: edits.to + lift };
  return [{ kind, id, box, timescale, tables, edits: lifted }];
}

const WHOLE: EditList = { empty: 0, from: 0, to: Number.POSITIVE_INFINITY };

/** Reads the timescale of `mvhd` or `mdhd`. */
function timescaleIn({ bytes, view }: MovieBytes, { body }: MemoryBox): number {
  const timescale = view.getUint32(behindDates(bytes, body));
  if (timescale === 0) throw unfragmentable('it counts its times in 0 ticks a second');
  return timescale;
}

/** Sample entries of encrypted tracks: ISO/IEC 14496-12 8.12, and Apple's. */
const PROTECTED_SAMPLES = /^(enc[a-z0-9]|drm[a-z])$/;
const MOST_DESCRIPTIONS = 1024;

/** Returns the sample descriptions of a track. Refuses encrypted samples, and samples in another file. */
function checkedEntries(movie: MovieBytes, minf: MemoryBox, stbl: MemoryBox): readonly MemoryBox[] {
  const { bytes, view } = movie;
  const stsd = neededBox(boxInside(movie, stbl, 'stsd'), 'stsd', 8);
  const entries = childrenInside(movie, stsd, 8);
  if (entries.length === 0 || entries.length > MOST_DESCRIPTIONS)
    throw unfragmentable(`a track of it has ${entries.length} sample descriptions`);
  const dref = boxInside(movie, minf, 'dinf', 'dref');
  const places = dref ? childrenInside(movie, dref, 8) : [];
  for (const entry of entries) {
    if (PROTECTED_SAMPLES.test(entry.type)) throw unfragmentable(`it is encrypted (${entry.type})`);
    const place = entry.end - entry.body >= 8 ? places[view.getUint16(entry.body + 6) - 1] : undefined;
    const isElsewhere = place && place.end - place.body > 4 && (view.getUint32(place.body) & 1) === 0;
    if (isElsewhere) throw unfragmentable('its samples lie in another file');
  }
  for (const { type, body, end } of childrenInside(movie, stbl)) {
    const isSeig = type === 'sgpd' && end - body >= 8 && bytes.toString('latin1', body + 4, body + 8) === 'seig';
    if (isSeig || type === 'senc') throw unfragmentable('it is encrypted (seig or senc)');
  }
  return entries;
}
