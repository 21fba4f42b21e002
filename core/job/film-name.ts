import { nameOf } from '../path-parts.ts';
import { extended, sameNameAs } from './result-place.ts';

/** A film that gets a name in the folder of results. */
type FilmToName = {
  /** Its path below the folder that was named, as 2019/clip.mov. */
  readonly path: string;
  /** The name of the folder that it is in; empty for a root. */
  readonly parent: string;
  readonly recipe: string;
  readonly job: string;
};

/** What is added to a film's name because another has the name without it. */
export type Addition = 'extension' | 'folder' | 'recipe' | 'job' | 'whole job';

/** Who has a name that a film would get: the source of another job, or a file that no job made. */
export type Rival = { readonly isSameSource: boolean; readonly fileName: string | undefined };

/** Longest name of what comes behind a stem: a rendition and an extension. */
const ROOM_BYTES = 24;

/** Returns the key of a film without extension: `clip`, or told apart `clip.mov`, `clip.card-2`, `clip.downscale`. */
export function stemOf({ path, parent, recipe, job }: FilmToName, additions: readonly Addition[]): string {
  const has = (addition: Addition) => additions.includes(addition);
  const parts = [has('folder') && parent !== '' && parent, has('recipe') && recipe].filter((part) => part !== false);
  const mark = has('whole job') ? `~${job}` : has('job') ? `~${job.slice(0, 8)}` : '';
  const stem = has('extension') ? path : plainStem(path);
  return extended(stem, `${parts.map((part) => `.${part}`).join('')}${mark}`, ROOM_BYTES);
}

/** Returns what else to add to a film's name because of a rival; undefined if nothing is left. */
export function toldApart(film: FilmToName, additions: readonly Addition[], rival: Rival): Addition | undefined {
  const own = sameNameAs(nameOf(film.path));
  const isSameName = rival.fileName !== undefined && sameNameAs(rival.fileName) === own;
  const order: readonly Addition[] = rival.isSameSource
    ? ['recipe', 'job', 'whole job']
    : [...(isSameName ? [] : (['extension'] as const)), 'folder', 'recipe', 'job', 'whole job'];
  return order.find((addition) => !additions.includes(addition));
}

/** The extension that the source's own bytes keep. */
export const extensionOf = (path: string): string => /\.([A-Za-z0-9]{1,8})$/.exec(path)?.[1] ?? 'video';

/** Returns a film's path without its extension, which is the stem of its results unless another has that name. */
export function plainStem(path: string): string {
  const name = nameOf(path);
  return /[^.]\.[^.]*$/.test(name) ? path.slice(0, path.length - (name.length - name.lastIndexOf('.'))) : path;
}
