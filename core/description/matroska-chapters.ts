import { childElements, childOf, idOf, newElement, textIn, uintElement, uintIn } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';
import type { Rational } from '../units.ts';

/** How a film's times become those of its rendition: `nanoseconds` is added, then they are multiplied. */
export type TimeMove = { readonly nanoseconds: number; readonly factor: Rational | undefined };

/** What is known of a film whose chapters are made one list: 0 s where its length is not. */
type ReadChapters = { readonly filmSeconds: number; readonly read: number };

const MASTERS: ReadonlySet<number> = new Set([MKV.Chapters, MKV.EditionEntry, MKV.ChapterAtom]);
const UNMOVED: TimeMove = { nanoseconds: 0, factor: undefined };
const TIMES: ReadonlySet<number> = new Set([MKV.ChapterTimeStart, MKV.ChapterTimeEnd]);

/**
 * Returns chapters with all of their editions, the nested ones included, at the rendition's times. An end before the chapter's own
 * start is left out: ffmpeg reads no such chapter, and calls the file damaged.
 */
export function movedChapters(element: Buffer, move: TimeMove): Buffer {
  const id = idOf(element);
  if (TIMES.has(id)) return uintElement(id, movedTime(uintIn(element) ?? 0n, move));
  if (!MASTERS.has(id)) return element;
  const left = new Set<number>([MKV.CRC32, ...(endsBeforeStart(element) ? [MKV.ChapterTimeEnd] : [])]);
  const children = childElements(element).filter((child) => !left.has(idOf(child)));
  const inside = isOfOtherFile(element) ? UNMOVED : move;
  return newElement(id, ...children.map((child) => movedChapters(child, inside)));
}

/**
 * Returns chapters that are as much later as their film, in nanoseconds: Matroska has no time before 0, so that a film begins
 * later by the delay of its sound's encoder. What begins with the film still begins with the file.
 */
export function laterChapters(element: Buffer, nanoseconds: number): Buffer {
  const id = idOf(element);
  if (TIMES.has(id)) {
    const time = uintIn(element) ?? 0n;
    return time === 0n ? element : uintElement(id, movedTime(time, { nanoseconds, factor: undefined }));
  }
  if (!MASTERS.has(id) || isOfOtherFile(element)) return element;
  const children = childElements(element).filter((child) => idOf(child) !== MKV.CRC32);
  return newElement(id, ...children.map((child) => laterChapters(child, nanoseconds)));
}

function movedTime(time: bigint, { nanoseconds, factor }: TimeMove): bigint {
  const moved = time + BigInt(Math.round(nanoseconds));
  const scaled = factor ? (moved * BigInt(factor.num)) / BigInt(factor.den) : moved;
  return scaled < 0n ? 0n : scaled;
}

/**
 * Whether an element is a chapter for which players play another file (RFC 9559 5.1.7.1.4.5: the id is never that of its own Segment).
 * Its times are those of that file.
 */
export const isOfOtherFile = (element: Buffer): boolean =>
  idOf(element) === MKV.ChapterAtom && childOf(element, MKV.ChapterSegmentUID) !== undefined;

/** Whether an element is a chapter whose end lies before its start. */
export function endsBeforeStart(element: Buffer): boolean {
  const end = idOf(element) === MKV.ChapterAtom ? uintIn(childOf(element, MKV.ChapterTimeEnd)) : undefined;
  return end !== undefined && end < startOf(element);
}

const startOf = (atom: Buffer): bigint => uintIn(childOf(atom, MKV.ChapterTimeStart)) ?? 0n;

/**
 * Returns the chapters of the edition that players play, as ffmpeg's metadata file, for containers that have one plain list:
 * nested chapters stand in it among the others, by their times, and none begins behind the film, which it would make longer.
 * Undefined where ffmpeg's own reading is such a list: of the chapters of one edition it takes those that have an id of their own and
 * begin behind all before them, from the head of the file or where its list of positions says. `read` is how many it took.
 */
export function plainChapters(
  chapters: Buffer,
  move: TimeMove,
  { filmSeconds, read }: ReadChapters,
): string | undefined {
  const played = playedEdition(chapters);
  const isBehind = behindEnd(move, filmSeconds);
  if (!played) return undefined;
  const isLeftOut = (atom: Buffer) => isBehind(atom) || isOfOtherFile(atom);
  if (!isFlattened(chapters) && read === atomsIn(played).length && !atomsIn(played).some(isLeftOut)) return undefined;
  const atoms = atomsOfFilm(played)
    .filter((atom) => !isBehind(atom))
    .map((atom) => ({ start: startOf(atom), title: titleOf(atom) }));
  const ends = lastEnd(atomsIn(played).filter((atom) => !isLeftOut(atom)));
  const endSeconds = ends === undefined ? filmSeconds : Number(movedTime(ends, { ...move, factor: undefined })) / 1e9;
  return plainList(atoms, move, filmSeconds === 0 ? endSeconds : Math.min(filmSeconds, endSeconds));
}

/** When the last chapter ends, where it says so. */
function lastEnd(atoms: readonly Buffer[]): bigint | undefined {
  const [first, ...others] = atoms;
  if (!first) return undefined;
  const last = others.reduce((latest, atom) => (startOf(atom) >= startOf(latest) ? atom : latest), first);
  return endsBeforeStart(last) ? undefined : uintIn(childOf(last, MKV.ChapterTimeEnd));
}

/** Returns the chapters that begin behind the end of the film, in the edition that players play. None where its length is unknown. */
export function behindTheFilm(chapters: Buffer, move: TimeMove, filmSeconds: number): readonly Buffer[] {
  const played = playedEdition(chapters);
  return played ? atomsOfFilm(played).filter(behindEnd(move, filmSeconds)) : [];
}

function behindEnd({ nanoseconds }: TimeMove, filmSeconds: number): (atom: Buffer) => boolean {
  const end = BigInt(Math.ceil(filmSeconds * 1e9));
  return (atom) => end > 0n && movedTime(startOf(atom), { nanoseconds, factor: undefined }) > end;
}

/** Whether chapters are more than one plain list: several editions, or nested chapters. */
export const isFlattened = (chapters: Buffer): boolean =>
  editionsIn(chapters).length > 1 || editionsIn(chapters).some((edition) => atomsIn(edition).some(hasAtoms));

const hasAtoms = (atom: Buffer): boolean => atomsIn(atom).length > 0;

/** The first name of a chapter. */
export const titleOf = (atom: Buffer): string =>
  textIn(childOf(childOf(atom, MKV.ChapterDisplay) ?? Buffer.alloc(0), MKV.ChapString)) ?? '';

/** Returns chapters, whose times are in nanoseconds, as ffmpeg's metadata file; each ends where the next one begins, the last at `endSeconds`. */
export function plainList(
  chapters: readonly { readonly start: bigint; readonly title: string }[],
  move: TimeMove,
  endSeconds: number,
): string {
  const film = movedTime(BigInt(Math.round(endSeconds * 1e9)), { ...move, nanoseconds: 0 });
  const sorted = chapters
    .map(({ start, title }) => ({ start: movedTime(start, move), title }))
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  const lines = sorted.flatMap(({ start, title }, i) => {
    const next = sorted[i + 1]?.start ?? film;
    const end = next > start ? next : start;
    return ['[CHAPTER]', 'TIMEBASE=1/1000000000', `START=${start}`, `END=${end}`, `title=${escaped(title)}`];
  });
  return [';FFMETADATA1', ...lines, ''].join('\n');
}

/** When a chapter begins and ends, in seconds; `to` is undefined where nothing says when it ends. */
export type ChapterTime = { readonly from: number; readonly to: number | undefined };

/** Returns when the chapters of such a file begin and end. */
export const timesOfList = (list: string): readonly ChapterTime[] =>
  [...list.matchAll(/^START=(\d+)\nEND=(\d+)$/gm)].map(([, start, end]) => ({
    from: Number(start) / 1e9,
    to: Number(end) / 1e9,
  }));

/** Returns when the chapters of Matroska begin and end, those of the edition that players play. */
export function chapterTimesIn(chapters: Buffer): readonly ChapterTime[] {
  const played = playedEdition(chapters);
  return (played ? allAtoms(played) : []).map((atom) => {
    const end = uintIn(childOf(atom, MKV.ChapterTimeEnd));
    return { from: Number(startOf(atom)) / 1e9, to: end === undefined ? undefined : Number(end) / 1e9 };
  });
}

const editionsIn = (chapters: Buffer) => childElements(chapters).filter((part) => idOf(part) === MKV.EditionEntry);

/** The edition that players play: the default one, or else the first. */
export function playedEdition(chapters: Buffer): Buffer | undefined {
  const editions = editionsIn(chapters);
  return editions.find((edition) => uintIn(childOf(edition, MKV.EditionFlagDefault)) === 1n) ?? editions[0];
}

const atomsIn = (parent: Buffer) => childElements(parent).filter((part) => idOf(part) === MKV.ChapterAtom);

/** The chapters in an edition, the nested ones included. */
export const allAtoms = (parent: Buffer): readonly Buffer[] =>
  atomsIn(parent).flatMap((atom) => [atom, ...allAtoms(atom)]);

/** Returns the chapters in an element, those inside others too, but for those of other files and what is in them. */
export const atomsOfFilm = (parent: Buffer): readonly Buffer[] =>
  atomsIn(parent).flatMap((atom) => (isOfOtherFile(atom) ? [] : [atom, ...atomsOfFilm(atom)]));

/** ffmpeg's metadata files escape these characters. */
const escaped = (text: string) => text.replace(/[=;#\\\n]/g, '\\$&');

/** How many editions and chapters there are, nested ones included. */
export function countChapters(element: Buffer): { readonly editions: number; readonly chapters: number } {
  const id = idOf(element);
  const inside = MASTERS.has(id) ? childElements(element).map(countChapters) : [];
  return {
    editions: inside.reduce((sum, { editions }) => sum + editions, id === MKV.EditionEntry ? 1 : 0),
    chapters: inside.reduce((sum, { chapters }) => sum + chapters, id === MKV.ChapterAtom ? 1 : 0),
  };
}
