import type * as z from 'zod/mini';
import { usage } from '../errors.ts';

/** Reads a part of a request. Throws `usage`, which names the field, the value, and what would be right. */
export function readInput<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
  where: 'body' | 'query' | 'path',
): z.output<Schema> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const path = issue?.path ?? [];
  const at = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  throw usage(`${where}${at} is ${shown(valueAt(value, path))}, and has to be ${wanted(issue)}`);
}

function wanted(issue: z.core.$ZodIssue | undefined): string {
  switch (issue?.code) {
    case 'invalid_type':
      return KINDS[issue.expected] ?? 'of another kind';
    case 'too_small':
      return sized(issue.origin, 'least', issue.minimum);
    case 'too_big':
      return sized(issue.origin, 'most', issue.maximum);
    case 'unrecognized_keys':
      return `without ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}`;
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_format':
      return issue.message === UNTOLD ? 'as /api/openapi.json says' : issue.message;
    default:
      return 'as /api/openapi.json says';
  }
}

/** The library's words for a check that has none of its own. */
const UNTOLD = 'Invalid input';

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function sized(origin: string, end: 'least' | 'most', limit: unknown): string {
  const count = `at ${end} ${limit}`;
  if (origin === 'string') return `a text of ${count} ${limit === 1 ? 'character' : 'characters'}`;
  if (origin === 'array') return `a list of ${count} ${limit === 1 ? 'entry' : 'entries'}`;
  return count;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Object.entries(at).find(([name]) => name === String(part))?.[1];
  }
  return at;
}

const LONGEST_SHOWN = 80;

/** The value as people would see it, cut short. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
}
