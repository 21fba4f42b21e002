import type { EditList } from './edit-list.ts';
import type { SourceTrack } from './movie.ts';
import { unfragmentable } from './refuse.ts';
import { firstSample, type SampleCursor, toNextSample } from './sample-cursor.ts';

/** The samples [first, last) of a track that are served, and where the first one of them lies on the film's clock. */
type ShownSpan = {
  readonly first: number;
  readonly last: number;
  /** Ticks by which the track's own times are later than the film's; negative where the film's are later. */
  readonly skipped: number;
  /**
   * Ticks by which the first picture begins before the film does: its edit begins within a picture, or its times below 0.
   * Players drop what begins before 0, so all tracks together are moved by it.
   */
  readonly ahead: number;
};

/** How much of a sound is kept before the place where it begins to be heard: decoders need a frame or two, Opus 80 ms. */
const PREROLL_SECONDS = 0.1;

/**
 * Returns which samples of a track are shown. Pictures that an edit list hides at the beginning are left out; where decoding
 * cannot begin with the first shown picture the file is refused, because players of fragments would drop all up to the next
 * keyframe. Samples that begin behind the end of the edit are left out as well.
 */
export function shownSpan(track: SourceTrack, movieScale: number): ShownSpan {
  const { kind, tables, timescale, edits } = track;
  const tolerance = Math.ceil(timescale / movieScale);
  const start = kind === 'picture' ? firstPicture(track, edits) : firstSound(track, edits);
  const isOpen = edits.to === Number.POSITIVE_INFINITY;
  const last = isOpen ? tables.samples : lastShown(track, edits.to + tolerance) + 1;
  if (last <= start.first) throw unfragmentable(`the edit list of its track ${track.id} shows none of its samples`);
  return { first: start.first, last, skipped: edits.from - edits.empty, ahead: start.ahead };
}

type Beginning = Pick<ShownSpan, 'first' | 'ahead'>;

function firstPicture({ tables }: SourceTrack, { from }: EditList): Beginning {
  const cursor = firstSample(tables);
  while (cursor.time + cursor.shift + cursor.lasts <= from && cursor.lasts > 0) {
    if (cursor.sample + 1 === tables.samples) break;
    toNextSample(tables, cursor);
  }
  const { sample: first, isSync } = cursor;
  const shownFrom = cursor.time + cursor.shift;
  if (first > 0 && !isSync)
    throw unfragmentable('its edit list begins between two keyframes, where players of fragments cannot begin');
  // pictures that are decoded later and shown before the first one belong to the pictures that were left out
  for (let i = 0; i < MOST_LEADING && cursor.sample + 1 < tables.samples; i += 1) {
    toNextSample(tables, cursor);
    if (cursor.time + cursor.shift < Math.min(shownFrom, from))
      throw unfragmentable('pictures before its first keyframe are decoded behind it, which players of fragments drop');
  }
  return { first, ahead: Math.max(0, from - shownFrom) };
}

/** No encoder puts more pictures than this behind a keyframe that are shown before it. */
const MOST_LEADING = 32;

function firstSound({ tables, timescale }: SourceTrack, { from }: EditList): Beginning {
  const cursor = firstSample(tables);
  const enough = from - PREROLL_SECONDS * timescale;
  while (cursor.time + cursor.lasts < enough && cursor.sample + 1 < tables.samples) toNextSample(tables, cursor);
  return { first: cursor.sample, ahead: 0 };
}

/** Returns the last sample, in the order of decoding, that is shown before a time. */
function lastShown({ tables }: SourceTrack, time: number): number {
  const cursor: SampleCursor = firstSample(tables);
  let last = -1;
  for (;;) {
    if (cursor.time + cursor.shift < time) last = cursor.sample;
    if (cursor.sample + 1 === tables.samples) return last;
    toNextSample(tables, cursor);
  }
}
