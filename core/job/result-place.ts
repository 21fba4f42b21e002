import * as z from 'zod/mini';
import { nameOf } from '../path-parts.ts';
import { shortName } from './short-name.ts';

/** The names of a job's films in the layout `files`, as keys in the store of results. */
export const filmNamesSchema = z.object({
  /** What the films' names begin with: the key without extension, as 2019/clip. */
  stem: z.string(),
  /** The key of the source's own bytes, where they are published because the encode would be larger. */
  asIs: z.string(),
  /** Whether the recipe makes several renditions, so that each has its name in its file's name. */
  byRendition: z.boolean(),
  /** Whether subtitles may lie beside the films. Only one job has the subtitles of a name. */
  hasSubtitles: z.boolean(),
});
export type FilmNames = Readonly<z.infer<typeof filmNamesSchema>>;

/**
 * Where a job publishes. The manifest and everything that is not a film are below `outputPrefix`. So are the films in the
 * layout `folders`; in the layout `files` they have names of their own.
 */
export type ResultPlace = { readonly outputPrefix: string; readonly films?: FilmNames | undefined };

/** The hidden folder of everything that is not a film, below the folder of results. */
export const HIDDEN_FOLDER = '.reelmill';
export const LONGEST_NAME_BYTES = 255;

/** Returns the key of a file that a manifest names by a path relative to itself. */
export function keyAt({ outputPrefix }: Pick<ResultPlace, 'outputPrefix'>, path: string): string {
  const parts = outputPrefix.split('/');
  for (const part of path.split('/')) {
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return path; // it leads out of the store, which refuses it
  }
  return parts.join('/');
}

/** Returns the path of a rendition relative to the manifest. */
export function renditionPath(place: ResultPlace, rendition: string, extension: string): string {
  const { films } = place;
  return films ? fromManifest(place, filmKey(films, rendition, extension)) : `${rendition}.${extension}`;
}

/** Returns the path of the source's own bytes, where they are the rendition. */
export function asIsPath(place: ResultPlace, rendition: string, extension: string): string {
  const { films } = place;
  if (films && !films.byRendition) return fromManifest(place, films.asIs);
  return renditionPath(place, rendition, extension);
}

/** Returns the path of a subtitle by which players pair it with a rendition. One that cannot have this name is not beside it. */
export function subtitlePath(place: ResultPlace, rendition: string, suffix: string): string {
  const { films } = place;
  const key = films && filmKey(films, rendition, suffix);
  const fits = key !== undefined && Buffer.byteLength(nameOf(key)) <= LONGEST_NAME_BYTES;
  return films?.hasSubtitles && fits ? fromManifest(place, key) : `${rendition}.${suffix}`;
}

/** Returns the key of a rendition in the layout `files`. */
export const filmKey = (
  { stem, byRendition }: Pick<FilmNames, 'stem' | 'byRendition'>,
  rendition: string,
  extension: string,
): string => `${stem}${byRendition ? `.${rendition}` : ''}.${extension}`;

/** Names that a file system may take for one: they differ only in case or in the Unicode form of their letters. */
export const sameNameAs = (key: string): string => key.normalize('NFD').toLowerCase().normalize('NFC');

/** Adds to the last part of a key, which stays short enough for file systems. */
export function extended(key: string, addition: string, room = 0): string {
  const end = key.lastIndexOf('/') + 1;
  const name = shortName(key.slice(end), LONGEST_NAME_BYTES - room - Buffer.byteLength(addition));
  return `${key.slice(0, end)}${name}${addition}`;
}

const fromManifest = ({ outputPrefix }: Pick<ResultPlace, 'outputPrefix'>, key: string): string =>
  `${'../'.repeat(outputPrefix.split('/').length)}${key}`;
