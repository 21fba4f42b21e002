import { keyFault } from '../object-key.ts';
import { companionOf } from './companions.ts';
import { HIDDEN_FOLDER, LONGEST_NAME_BYTES, type ResultPlace } from './result-place.ts';
import { shortName } from './short-name.ts';

/** A source and the recipe asked for it, from the key `input/<recipe>/<path>`. `recipe` may name a mix of recipes. */
export type Drop = { readonly recipe: string; readonly path: string };

export type DropReading =
  | ({ readonly kind: 'drop' } & Drop)
  /** A subtitle beside a film. It becomes part of the film's job. */
  | ({ readonly kind: 'companion' } & Drop)
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'ignored' };

/** Where a job writes: its results, and the reason for a failure at `failureKey`. */
export type OutputKeys = ResultPlace & { readonly failureKey: string };

export const INPUT_PREFIX = 'input/';
export const USER_RECIPES_KEY = 'recipes.json';
export const RECIPE_ID = /^[a-z0-9-]{1,40}$/;
/** Top folders of a store. No recipe may have their names, because `run` writes to `<recipe>/<file name>`. */
export const RESERVED_IDS: readonly string[] = ['input', 'output', 'failed', 'work', 'cache'];

/** S3 allows keys of 1024 bytes; the difference leaves room for the longest key that is made from a source's key. */
const LONGEST_KEY_BYTES = 900;
const DROP_SETTINGS = '.reelmill.json';
const PARTIAL = /(?:\.part|\.partial|\.crdownload|\.tmp|\.filepart|~)$/i;

/**
 * Returns what a key in the store asks for. The extension plays no part: the bytes decide what a file is. A key is refused
 * if somebody meant it as a drop and has to be told why it is none. Every other key is ignored, our own outputs too.
 */
export function dropFromKey(key: string): DropReading {
  if (!key.startsWith(INPUT_PREFIX) || key.endsWith('/')) return { kind: 'ignored' };
  const fault = keyFault(key);
  if (fault) return { kind: 'refused', reason: `${JSON.stringify(key)} ${fault}` };
  const [recipe = '', ...parts] = key.slice(INPUT_PREFIX.length).split('/');
  const companion = companionOf([recipe, ...parts].join('/'));
  if (companion?.kind === 'litter' || isIgnored([recipe, ...parts])) return { kind: 'ignored' };
  if (parts.length === 0) {
    return { kind: 'refused', reason: `${JSON.stringify(key)} names no recipe; drop it into input/<recipe>/` };
  }
  if (!RECIPE_ID.test(recipe)) {
    return {
      kind: 'refused',
      reason: `${JSON.stringify(recipe)} cannot be a recipe's name; a name has up to 40 characters of a-z, 0-9 and -`,
    };
  }
  const bytes = Buffer.byteLength(key);
  if (bytes > LONGEST_KEY_BYTES) {
    return {
      kind: 'refused',
      reason: `its path is ${bytes} bytes long; at most ${LONGEST_KEY_BYTES} are allowed, so that the outputs' paths fit`,
    };
  }
  return { kind: companion ? 'companion' : 'drop', recipe, path: parts.join('/') };
}

/** Whether a key or a name is that of a file that some program still writes, by its end. What is hidden is none. */
export const isUnfinished = (key: string): boolean => PARTIAL.test(key) && !/(^|\/)\./.test(key);

function isIgnored(parts: readonly string[]): boolean {
  const name = parts.at(-1) ?? '';
  return parts.some((part) => part.startsWith('.')) || isSettingsFile(name) || PARTIAL.test(name);
}

/** Whether a key or a name is that of a file with the settings of a drop. What is hidden is none. */
export const isSettingsFile = (key: string): boolean =>
  key.toLowerCase().endsWith(DROP_SETTINGS) && !/(^|\/)\./.test(key);

/** The key of a drop in the bucket or the folder. */
export const inputKey = ({ recipe, path }: Drop): string => `${INPUT_PREFIX}${recipe}/${path}`;

/** The key of a drop's settings, in a file beside the drop. */
export const dropSettingsKey = (sourceKey: string) => `${sourceKey}${DROP_SETTINGS}`;

/** The output keys in a bucket or a watched folder, where outputs mirror the inputs. */
export const mirroredKeys = ({ recipe, path }: Drop): OutputKeys => ({
  outputPrefix: `output/${recipe}/${path}`,
  failureKey: failureKey(recipe, path),
});

/** The output keys of one recipe of a mix: its own folder below the drop's. */
export const mixedKeys = ({ recipe: mix, path }: Drop, recipe: string): OutputKeys =>
  mirroredKeys({ recipe: mix, path: `${path}/${recipe}` });

/** How `run` lays results out: a film under its own name, or a folder for each film with all that belongs to it. */
export type Layout = 'files' | 'folders';

/** The output keys of `run` in the layout `folders`. The path is below the folder that was named. */
export const collectedKeys = (recipe: string, path: string): OutputKeys => ({
  outputPrefix: `${recipe}/${path}`,
  failureKey: failureKey(recipe, path),
});

/** The output keys of `run` in the layout `files`, without the names of the films. */
export const hiddenKeys = (recipe: string, path: string): OutputKeys => ({
  outputPrefix: `${HIDDEN_FOLDER}/${recipe}/${path}`,
  failureKey: `${HIDDEN_FOLDER}/${failureKey(recipe, path)}`,
});

function failureKey(recipe: string, path: string): string {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  return ['failed', recipe, ...parts, `${shortName(name, LONGEST_NAME_BYTES - '.json'.length)}.json`].join('/');
}

/** Why a file without a byte is refused before anything is made of it. */
export const NO_BYTES = 'the file is empty (0 bytes); copy it again';
