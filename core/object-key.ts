import { ServiceError } from './errors.ts';

/**
 * Returns why a text cannot be a key, or undefined if it can. S3 and Unix allow a backslash in names, so it is refused only
 * where reading it as a separator would lead out of the store. Half a surrogate pair has no UTF-8 form and would come back
 * as another key.
 */
export function keyFault(key: string): string | undefined {
  if (key === '') return 'is empty';
  if (key.includes('\0')) return 'holds a NUL byte';
  if (/\p{Surrogate}/u.test(key)) return 'is not valid Unicode';
  if (/^[/\\]/.test(key)) return 'is absolute';
  if (key.split(/[/\\]/).includes('..')) return 'leads out of its folder (..)';
  const parts = key.split('/');
  if (parts.includes('')) return 'has an empty part (// or a / at its end)';
  if (parts.includes('.')) return 'has a part that is only a dot';
  return undefined;
}

/** Returns the key unchanged. Throws `bad-input` if it could lead out of the store or cannot name an object. */
export function checkKey(key: string): string {
  const fault = keyFault(key);
  if (fault)
    throw new ServiceError(
      'bad-input',
      `the key ${JSON.stringify(key)} ${fault}; a key is like input/preserve/clip.mov`,
    );
  return key;
}

/** Returns the prefix unchanged; it may be empty or end anywhere. Throws `bad-input` if it could lead out of the store. */
export function checkPrefix(prefix: string): string {
  if (prefix !== '') checkKey(prefix.endsWith('/') ? prefix.slice(0, -1) : prefix);
  return prefix;
}
