import { childElements, childOf, idOf, uintIn } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';
import { isOfOtherFile, titleOf } from './matroska-chapters.ts';
import type { MetadataFate } from './metadata.ts';

/**
 * Returns the line of what an edition says of how its chapters are played, and MP4 cannot say: each of its chapters lasts until the next
 * one begins. `filmSeconds` is when the film ends by the clock of the chapters; 0 where that is unknown.
 */
export function orderLosses(edition: Buffer, filmSeconds: number): readonly MetadataFate[] {
  const isOrdered = uintIn(childOf(edition, MKV.EditionFlagOrdered)) === 1n;
  return isOrdered ? partsLeft(edition, filmSeconds) : endsLeft(spansIn(edition));
}

/** A chapter with the chapters in it, in nanoseconds. */
type ChapterSpan = {
  readonly start: bigint;
  readonly end: bigint | undefined;
  readonly title: string;
  readonly inside: readonly ChapterSpan[];
};

const spansIn = (parent: Buffer): readonly ChapterSpan[] =>
  childElements(parent)
    .filter((element) => idOf(element) === MKV.ChapterAtom && !isOfOtherFile(element))
    .map((atom) => ({
      start: uintIn(childOf(atom, MKV.ChapterTimeStart)) ?? 0n,
      end: uintIn(childOf(atom, MKV.ChapterTimeEnd)),
      title: titleOf(atom),
      inside: spansIn(atom),
    }));

/**
 * The line of an ordered edition (RFC 9559 20.2.3), of which players of Matroska play the chapters one after the other, and
 * nothing else of the film. Nothing is lost where each begins where the one before ends, and the last one ends with the film.
 */
function partsLeft(edition: Buffer, filmSeconds: number): readonly MetadataFate[] {
  const spans = spansIn(edition);
  if (spans.length === 0) return []; // all of it is of other files
  const follow = spans.every(({ start }, i) => start === (i === 0 ? 0n : spans[i - 1]?.end));
  const last = spans.at(-1)?.end;
  const isWhole = last === undefined || filmSeconds === 0 || Number(last) / 1e9 >= filmSeconds - LONGEST_FRAME_SECONDS;
  if (follow && isWhole) return [];
  const parts = spans.slice(0, MOST_NAMED).map(({ start, end }) => `${seconds(start)} to ${seconds(end)} s`);
  const order = `${parts.join(', then ')}${spans.length > MOST_NAMED ? ', and more' : ''}`;
  const why = `players of Matroska play ${order}; MP4 plays all of the film in its own order, and each chapter until the next${KEEPER}`;
  return [{ place: 'movie', name: 'ordered edition', fate: 'dropped', why }];
}

/** The line of the chapters that end before or behind the start of the next one. The last one of all keeps its end. */
function endsLeft(spans: readonly ChapterSpan[]): readonly MetadataFate[] {
  const lost = endingElsewhere(spans, undefined);
  if (lost.length === 0) return [];
  const named = lost
    .slice(0, MOST_NAMED)
    .map(({ title, end }) => `"${title.slice(0, LONGEST_NAME)}" at ${seconds(end)} s`);
  const others = lost.length > MOST_NAMED ? ` and ${lost.length - MOST_NAMED} more` : '';
  const why = `each chapter of an MP4 lasts until the next one begins; these end elsewhere: ${named.join(', ')}${others}${KEEPER}`;
  return [{ place: 'movie', name: 'chapters (gaps and overlaps)', fate: 'dropped', why }];
}

/** Chapters within another one are expected to last until that one ends. One that ends before it starts has no end. */
function endingElsewhere(spans: readonly ChapterSpan[], until: bigint | undefined): readonly ChapterSpan[] {
  const sorted = [...spans].sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  return sorted.flatMap((span, i) => {
    const end = span.end !== undefined && span.end >= span.start ? span.end : undefined;
    const next = sorted[i + 1]?.start ?? until;
    const isElsewhere = end !== undefined && next !== undefined && distance(end, next) >= TICK_NANOSECONDS;
    return [...(isElsewhere ? [span] : []), ...endingElsewhere(span.inside, end ?? next)];
  });
}

const distance = (a: bigint, b: bigint): bigint => (a > b ? a - b : b - a);

/** Chapters of MP4 are counted in milliseconds. */
const TICK_NANOSECONDS = 1_000_000n;
/** An edition may end a picture before the film, whose sound may last longer. */
const LONGEST_FRAME_SECONDS = 0.1;
const [MOST_NAMED, LONGEST_NAME] = [5, 80];
const KEEPER = '; container=mkv keeps them';

const seconds = (nanoseconds: bigint | undefined): string => (Number(nanoseconds ?? 0n) / 1e9).toFixed(1);
