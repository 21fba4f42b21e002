/** The bytes [start, end) of a representation. */
export type SentRange = { readonly start: number; readonly end: number };

/** A list of more ranges than this is not a player's; it is answered with the whole. */
const LONGEST_HEADER = 1_000;

/**
 * Reads a Range header (RFC 9110 14.1.2) for a representation of `bytes` bytes. Undefined is the whole: no header, another
 * unit, a header that is malformed, or several ranges, which a server may ignore and players never ask for; ranges that
 * join each other count as one.
 */
export function askedRange(header: string | undefined, bytes: number): SentRange | 'unsatisfiable' | undefined {
  const list =
    header !== undefined && header.length <= LONGEST_HEADER ? /^bytes\s*=(.+)$/i.exec(header)?.[1] : undefined;
  if (list === undefined) return undefined;
  const specs = list.split(',').map((spec) => spec.trim());
  const ranges = specs.map((spec) => rangeOf(spec, bytes));
  if (ranges.includes(undefined)) return undefined;
  const sent = ranges.filter((range) => range !== undefined && range !== 'unsatisfiable');
  if (sent.length === 0) return 'unsatisfiable';
  const [first, ...others] = sent.toSorted((a, b) => a.start - b.start);
  if (!first) return undefined;
  let { end } = first;
  for (const range of others) {
    if (range.start > end) return undefined;
    end = Math.max(end, range.end);
  }
  return { start: first.start, end };
}

function rangeOf(spec: string, bytes: number): SentRange | 'unsatisfiable' | undefined {
  const [, from = '', to = ''] = /^(\d*)-(\d*)$/.exec(spec) ?? [];
  if (from === '' && to === '') return undefined;
  if (from === '') {
    const last = Math.min(Number(to), bytes);
    return last === 0 ? 'unsatisfiable' : { start: bytes - last, end: bytes };
  }
  const start = Number(from);
  if (to !== '' && Number(to) < start) return undefined;
  if (start >= bytes) return 'unsatisfiable';
  return { start, end: to === '' ? bytes : Math.min(Number(to) + 1, bytes) };
}
