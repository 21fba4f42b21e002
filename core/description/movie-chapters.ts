import { plainList } from './matroska-chapters.ts';
import type { MetadataFate } from './metadata.ts';
import { markedText } from './tag-values.ts';

/** A chapter of an MP4 or MOV, in seconds from the film's beginning. */
type MovieChapter = { readonly from: number; readonly to: number; readonly title: string };

/** The chapters of a track of them as its edit list shows them, and the titles of those of which it shows nothing. */
export type MovieChapters = { readonly shown: readonly MovieChapter[]; readonly hidden: readonly string[] };

type ChapterText = { readonly from: number; readonly to: number; readonly bytes: Buffer };

/**
 * Returns the chapters of a track of texts; `all` are those that lie in it, `shown` what its edit list shows of them. A chapter that goes on in the
 * next edit is one chapter.
 */
export function chaptersOfTexts(all: readonly ChapterText[], shown: readonly ChapterText[]): MovieChapters {
  const chapters: (MovieChapter & Pick<ChapterText, 'bytes'>)[] = [];
  for (const { from, to, bytes } of shown) {
    const last = chapters.at(-1);
    const goesOn = last && last.bytes === bytes && Math.abs(last.to - from) < SAME_SECONDS;
    if (goesOn) chapters.pop();
    chapters.push({ from: goesOn ? last.from : from, to, title: titleIn(bytes), bytes });
  }
  const seen = new Set(chapters.map(({ bytes }) => bytes));
  return {
    shown: chapters.map(({ from, to, title }) => ({ from, to, title })),
    hidden: all.filter(({ bytes }) => !seen.has(bytes)).map(({ bytes }) => titleIn(bytes)),
  };
}

const SAME_SECONDS = 1e-6;

/** A text has its length before it, and boxes behind it (QuickTime File Format, "Text Media"). */
const titleIn = (bytes: Buffer): string =>
  bytes.length < 2 ? '' : markedText(bytes.subarray(2, 2 + bytes.readUInt16BE()));

type OfFilm = {
  readonly factor: Parameters<typeof plainList>[1]['factor'];
  /** 0 where the length of the film is not known. */
  readonly filmSeconds: number;
};

/** Returns the chapters of a movie as ffmpeg's metadata file, without those that begin behind the film. */
export function listOfMovie({ shown }: MovieChapters, { factor, filmSeconds }: OfFilm): string {
  const inside = shown.filter((chapter) => !isBehind(chapter, filmSeconds));
  const end = inside.at(-1)?.to ?? 0;
  const chapters = inside.map(({ from, title }) => ({ start: BigInt(Math.round(from * 1e9)), title }));
  const endSeconds = filmSeconds === 0 ? end : Math.min(filmSeconds, end);
  return plainList(chapters, { nanoseconds: 0, factor }, endSeconds);
}

const isBehind = ({ from }: MovieChapter, filmSeconds: number): boolean => filmSeconds > 0 && from > filmSeconds;

/** Returns the lines of the chapters of which the film shows nothing. */
export function movieChapterFates({ shown, hidden }: MovieChapters, filmSeconds: number): readonly MetadataFate[] {
  const behind = shown.filter((chapter) => isBehind(chapter, filmSeconds)).map(({ title }) => title);
  const told = (name: string, titles: readonly string[], why: string): readonly MetadataFate[] =>
    titles.length === 0
      ? []
      : [{ place: 'movie', name, fate: 'dropped', why: `${why}: ${namesOf(titles)}; they stay in the source` }];
  return [
    ...told('chapters (hidden by edits)', hidden, 'the edit list of their track shows nothing of these chapters'),
    ...told('chapters (behind the end)', behind, 'these chapters begin behind the end of the film'),
  ];
}

const [MOST_NAMED, LONGEST_NAME] = [5, 80];

/** The first titles, and how many more there are. */
export function namesOf(titles: readonly string[]): string {
  const named = titles.slice(0, MOST_NAMED).map((title) => `"${title.slice(0, LONGEST_NAME)}"`);
  const others = titles.length - named.length;
  return others > 0 ? `${named.join(', ')} and ${others} more` : named.join(', ');
}
