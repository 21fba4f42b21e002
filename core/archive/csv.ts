import { ServiceError } from '../errors.ts';

/** A line that is longer than this is no line of a list of objects: a key has at most 1024 bytes. */
const LONGEST_ROW = 1 << 20;

/**
 * Reads CSV (RFC 4180) as it comes, in pieces of any size, and gives one row after another: never more than a row is in memory.
 * Throws `bad-input` where a quote is never closed, or a row has no end.
 */
export async function* csvRows(pieces: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  let row: string[] = [];
  let field = '';
  let length = 0;
  // `quoted`: inside quotes. `closed`: a quote inside quotes came last, which ends them unless another follows.
  let state: 'plain' | 'quoted' | 'closed' = 'plain';
  let isEmpty = true;
  for await (const piece of pieces) {
    for (const char of piece) {
      if (++length > LONGEST_ROW)
        throw new ServiceError(
          'bad-input',
          'a row of the list has no end, so that it is not CSV; give a list of an inventory as CSV',
        );
      isEmpty = false;
      if (state === 'quoted') {
        if (char === '"') state = 'closed';
        else field += char;
      } else if (char === '"' && (state === 'closed' || field === '')) {
        if (state === 'closed') field += char;
        state = 'quoted';
      } else if (char === ',') {
        row.push(field);
        [field, state] = ['', 'plain'];
      } else if (char === '\n') {
        row.push(field.endsWith('\r') && state === 'plain' ? field.slice(0, -1) : field);
        if (row.length > 1 || row[0] !== '') yield row;
        [row, field, state, length, isEmpty] = [[], '', 'plain', 0, true];
      } else if (!(state === 'closed' && char === '\r')) field += char;
    }
  }
  if (state === 'quoted')
    throw new ServiceError(
      'bad-input',
      'a quote in the list is never closed, so that the list is cut off; fetch it again',
    );
  if (!isEmpty) yield [...row, field];
}

/** Returns a field in quotes, as every reader of CSV takes it. */
export const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Keys are percent-encoded in S3's lists, with `+` for a space in older ones. Undefined where one is not. */
export function keyInList(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
