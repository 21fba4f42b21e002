import { jsonOf } from '../../core/json.ts';
import type { Documents } from './api-ports.ts';

/** What reads a value; `data` is undefined for one of another form. */
type Reader<T> = { safeParse(value: unknown): { readonly data?: T | undefined } };

/** Reads a JSON document; undefined if there is none, or what is there is not of this form. */
export async function readDocument<T>(
  key: string,
  schema: Reader<T>,
  documents: Pick<Documents, 'read'>,
): Promise<T | undefined> {
  const bytes = await documents.read(key);
  return bytes && schema.safeParse(jsonOf(bytes)).data;
}

/** Writes a value as a JSON document under a key, in place of what was there. Throws what the store throws. */
export const writeDocument = (key: string, value: unknown, documents: Pick<Documents, 'write'>): Promise<void> =>
  documents.write(key, `${JSON.stringify(value)}\n`, 'application/json');
