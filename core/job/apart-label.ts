import { nameOf } from '../path-parts.ts';
import { contentHash } from '../small-file.ts';
import { extended } from './result-place.ts';

/**
 * Returns the path under which a film is kept where another one, whose name a file system may take for the same, has its own
 * path already: the path and a mark of where the film lies.
 */
export const apartLabel = (path: string, location: string): string => extended(path, markOf(location));

/** Returns the path that a label was made of, so that people read no mark. Any other path is returned as it is. */
export function withoutApartMark(label: string, location: string): string {
  const mark = markOf(location);
  if (!label.endsWith(mark)) return label;
  const path = label.slice(0, -mark.length);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const whole = `${folder}${nameOf(location)}`;
  return apartLabel(whole, location) === label ? whole : path; // a long name was shortened before it got the mark
}

const markOf = (location: string) => `~${contentHash(location).slice(0, 8)}`;
