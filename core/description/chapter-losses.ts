import { childElements, childOf, idOf, uintIn } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';
import { orderLosses } from './chapter-order.ts';
import {
  allAtoms,
  atomsOfFilm,
  behindTheFilm,
  countChapters,
  endsBeforeStart,
  isOfOtherFile,
  playedEdition,
  type TimeMove,
  titleOf,
} from './matroska-chapters.ts';
import type { MetadataFate } from './metadata.ts';
import { namesOf } from './movie-chapters.ts';

/** Whether an element is a chapter that players do not show. */
export const isHiddenChapter = (element: Buffer): boolean =>
  idOf(element) === MKV.ChapterAtom &&
  (uintIn(childOf(element, MKV.ChapterFlagHidden)) === 1n || uintIn(childOf(element, MKV.ChapterFlagEnabled)) === 0n);

/**
 * Returns the lines of what Matroska's chapters say and the one plain list of an MP4 or MOV does not. `filmSeconds` is when the film
 * ends by the clock of the chapters; 0 where that is unknown.
 */
export function chapterLosses(chapters: Buffer, filmSeconds = 0): readonly MetadataFate[] {
  const played = playedEdition(chapters);
  if (!played) return [];
  const atoms = atomsOfFilm(played);
  const hidden = atoms.filter(isHiddenChapter).length;
  const names = atoms.map((atom) => childElements(atom).filter((part) => idOf(part) === MKV.ChapterDisplay).length);
  const further = names.reduce((sum, count) => sum + Math.max(0, count - 1), 0);
  const editions = countChapters(chapters).editions - 1;
  return [
    ...(hidden > 0
      ? [line('chapters (hidden)', 'converted', `MP4 shows every chapter, these among them: ${hidden}`)]
      : []),
    ...(further > 0
      ? [
          line(
            'chapters (further names)',
            'dropped',
            `MP4 has one name for a chapter; names left out: ${further}${KEEPER}`,
          ),
        ]
      : []),
    ...orderLosses(played, filmSeconds),
    ...ofOtherFiles(played, 'MP4'),
    ...(editions > 0
      ? [line('editions', 'dropped', `MP4 has one list of chapters; editions left out: ${editions}${KEEPER}`)]
      : []),
  ];
}

/** Returns the lines of the chapters that players of Matroska do not show, or take from another file, and WebM has no mark for. */
export function hiddenInWebm(chapters: Buffer): readonly MetadataFate[] {
  const played = playedEdition(chapters);
  if (!played) return [];
  const hidden = atomsOfFilm(played).filter(isHiddenChapter).length;
  const why = `WebM shows every chapter, so that these are left out: ${hidden}${KEEPER}`;
  return [...(hidden > 0 ? [line('chapters (hidden)', 'dropped', why)] : []), ...ofOtherFiles(played, 'WebM')];
}

/** The line of the chapters for which players of Matroska play a part of another file. */
function ofOtherFiles(edition: Buffer, container: string): readonly MetadataFate[] {
  const atoms = allAtoms(edition).filter(isOfOtherFile);
  const why = `for these, players of Matroska play a part of another file, which ${container} cannot say: ${namesOf(atoms.map(titleOf))}${KEEPER}`;
  return atoms.length > 0 ? [line('chapters (of other files)', 'dropped', why)] : [];
}

/** Returns the line of the ends that lie before the start of their own chapter, in all editions: no reader takes such a chapter. */
export function endFates(chapters: Buffer): readonly MetadataFate[] {
  const atoms = childElements(chapters).flatMap(allAtoms).filter(endsBeforeStart);
  const why = `an end before the chapter's own start is no end; these chapters have none: ${namesOf(atoms.map(titleOf))}`;
  return atoms.length > 0 ? [line('chapters (ends)', 'dropped', why)] : [];
}

/** Returns the line of the chapters that begin behind the film's end, which a track of chapters would make longer. */
export function behindFates(chapters: Buffer, move: TimeMove, filmSeconds: number): readonly MetadataFate[] {
  const atoms = behindTheFilm(chapters, move, filmSeconds);
  const why = `MP4 has no chapter behind the end of the film; left out: ${namesOf(atoms.map(titleOf))}${KEEPER}`;
  return atoms.length > 0 ? [line('chapters (behind the end)', 'dropped', why)] : [];
}

const KEEPER = '; container=mkv keeps them';

const line = (name: string, fate: MetadataFate['fate'], why: string): MetadataFate => ({
  place: 'movie',
  name,
  fate,
  why,
});
