import { createHash } from 'node:crypto';
import { keyFault } from '../object-key.ts';
import { companionOf } from './companions.ts';

/** A source and what was asked for it: `input/<recipe>/<path>`, where a mix may stand for several recipes. */
export type Drop = { readonly recipe: string; readonly path: string };

export type DropReading =
  | ({ readonly kind: 'drop' } & Drop)
  /** A subtitle that lies beside a film, which takes it along. */
  | ({ readonly kind: 'companion' } & Drop)
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'ignored' };

/** Where a job writes: everything it publishes lies below `outputPrefix`, the reason of a failure under `failureKey`. */
export type OutputKeys = { readonly outputPrefix: string; readonly failureKey: string };

export const INPUT_PREFIX = 'input/';
export const USER_RECIPES_KEY = 'recipes.json';
export const RECIPE_ID = /^[a-z0-9-]{1,40}$/;
/** Top folders of a store, which no recipe may be called after: `run` writes to `<recipe>/<file name>`. */
export const RESERVED_IDS: readonly string[] = ['input', 'output', 'failed', 'work', 'cache'];

/** S3 ends at 1024 bytes: this leaves room for the longest key that is made of a source's. */
const LONGEST_KEY_BYTES = 900;
const LONGEST_NAME_BYTES = 255;
const DROP_SETTINGS = '.reelmill.json';
const PARTIAL = /(?:\.part|\.partial|\.crdownload|\.tmp|\.filepart|~)$/i;

/**
 * What a key in the store asks for. The name's extension plays no part: what a file is, its bytes decide. Refused is
 * what someone meant as a drop and has to be told about; ignored is everything else, our own outputs among it.
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
      reason: `${JSON.stringify(recipe)} is no recipe's name; it takes a-z, 0-9 and -, at most 40`,
    };
  }
  const bytes = Buffer.byteLength(key);
  if (bytes > LONGEST_KEY_BYTES) {
    return {
      kind: 'refused',
      reason: `its path is ${bytes} bytes long; at most ${LONGEST_KEY_BYTES} leave room for the outputs'`,
    };
  }
  return { kind: companion ? 'companion' : 'drop', recipe, path: parts.join('/') };
}

function isIgnored(parts: readonly string[]): boolean {
  const name = parts.at(-1) ?? '';
  return parts.some((part) => part.startsWith('.')) || name.toLowerCase().endsWith(DROP_SETTINGS) || PARTIAL.test(name);
}

/** Where a drop lies in the bucket or the folder. */
export const inputKey = ({ recipe, path }: Drop): string => `${INPUT_PREFIX}${recipe}/${path}`;

/** The settings of one drop lie beside it. */
export const dropSettingsKey = (sourceKey: string) => `${sourceKey}${DROP_SETTINGS}`;

/** In a bucket or a watched folder the outputs mirror the inputs. */
export const mirroredKeys = ({ recipe, path }: Drop): OutputKeys => ({
  outputPrefix: `output/${recipe}/${path}`,
  failureKey: failureKey(recipe, path),
});

/** Each recipe of a mix has a folder of its own below the drop's. */
export const mixedKeys = ({ recipe: mix, path }: Drop, recipe: string): OutputKeys =>
  mirroredKeys({ recipe: mix, path: `${path}/${recipe}` });

/** `run` collects its results by file name, wherever the files lie. */
export const collectedKeys = (recipe: string, fileName: string): OutputKeys => ({
  outputPrefix: `${recipe}/${fileName}`,
  failureKey: failureKey(recipe, fileName),
});

function failureKey(recipe: string, path: string): string {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  return ['failed', recipe, ...parts, `${shortened(name, LONGEST_NAME_BYTES - '.json'.length)}.json`].join('/');
}

/** A name that fits into `bytes`: cut between characters, and told apart from others cut there by a hash. */
function shortened(name: string, bytes: number): string {
  if (Buffer.byteLength(name) <= bytes) return name;
  const mark = `~${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
  let kept = '';
  for (const character of name) {
    if (Buffer.byteLength(kept + character) > bytes - mark.length) break;
    kept += character;
  }
  return kept + mark;
}
