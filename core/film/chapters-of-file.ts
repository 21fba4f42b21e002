import { isMovie, type Probe } from './probe.ts';

/**
 * Returns what a file's chapters are, by their titles as ffprobe tells them. A chapter of an MP4 always has a title, which may be
 * empty: what has none is a moment that a camera marked (GoPro's `HMMT`).
 */
export function chaptersIn(
  titles: readonly (string | undefined)[],
  format: string,
): Pick<Probe, 'chapters' | 'chapterTitles' | 'hasUntitledChapters' | 'hasMarkedMoments'> {
  const titled = titles.filter((title) => title !== undefined);
  const isAll = titled.length === titles.length;
  if (isMovie({ format }))
    return {
      chapters: titled.length,
      ...(titled.length > 0 && { chapterTitles: titled }),
      ...(!isAll && { hasMarkedMoments: true as const }),
    };
  return { chapters: titles.length, ...(!isAll && { hasUntitledChapters: true as const }) };
}
