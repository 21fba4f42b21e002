import * as z from 'zod/mini';
import { jobSchema } from '../../core/job/job.ts';
import type { JobListing, JobPage, JobQuestion, JobSort, JobTotals } from '../../core/ports/job-listing.ts';
import { openJobTable } from './sqlite-job-table.ts';

export type SqliteJobListing = JobListing & { close(): void };

/** The column and the direction of each order. */
const ORDERS: Readonly<Record<JobSort, { readonly column: string; readonly direction: 'ASC' | 'DESC' }>> = {
  newest: { column: 'created_ms', direction: 'DESC' },
  oldest: { column: 'created_ms', direction: 'ASC' },
  changed: { column: 'updated_ms', direction: 'DESC' },
  largest: { column: 'bytes_before', direction: 'DESC' },
};

const MOST_ANSWERS = 100;
const versionRow = z.object({ data_version: z.int() });
const row = z.object({ id: z.string(), value: z.number(), record: z.string(), notes: z.string() });
const count = z.object({
  status: z.string(),
  jobs: z.int(),
  bytes_after: z.nullable(z.number()),
  usd: z.nullable(z.number()),
});
const filmCount = z.object({ films: z.int(), bytes_before: z.nullable(z.number()) });

/** A drop is one film whatever is made of it. Below other folders, two films may have one path, and each job counts as one. */
const FILM = "CASE WHEN source LIKE 'input/%' THEN source ELSE id END";

/** Lists the jobs of a job table. All that questions ask for is in indexes, so that no record is read but those that are shown. */
export function sqliteJobListing(path: string): SqliteJobListing {
  const { db, attempt, close } = openJobTable(path);
  const versions = db.prepare('PRAGMA data_version');
  const version = () => versionRow.parse(versions.get()).data_version;
  const pages = onceForEach<JobPage>(version);
  const totals = onceForEach<JobTotals>(version);

  return {
    page: (question, { sort, limit, after }) =>
      attempt(() =>
        pages({ question, sort, limit, after }, () => {
          const { where, values } = conditionOf(question);
          const { column, direction } = ORDERS[sort];
          const beyond = `${column} ${direction === 'ASC' ? '>' : '<'}`;
          // the first condition alone lets the index begin there
          const behind = after ? ` AND ${beyond}= ? AND (${beyond} ? OR id > ?)` : '';
          const order = `ORDER BY ${column} ${direction}, id`;
          const ids = `SELECT id AS at, ${column} AS value FROM jobs WHERE ${where}${behind} ${order} LIMIT ?`;
          const rows = db
            .prepare(
              `SELECT id, value, record, notes FROM (${ids}) JOIN jobs ON id = at ORDER BY value ${direction}, id`,
            )
            .all(...values, ...(after ? [after.value, after.value, after.id] : []), limit + 1)
            .map((each) => row.parse(each));
          const shown = rows.slice(0, limit);
          const last = shown.at(-1);
          return {
            jobs: shown.map(({ record, notes }) => jobSchema.parse({ ...JSON.parse(record), ...JSON.parse(notes) })),
            next: last && rows.length > limit ? { value: last.value, id: last.id } : undefined,
          };
        }),
      ),
    totals: (question) =>
      attempt(() =>
        totals(question, () => {
          const { where, values } = conditionOf(question);
          const counted = db
            .prepare(
              `SELECT status, count(*) AS jobs, sum(bytes_after) AS bytes_after, sum(usd) AS usd FROM jobs WHERE ${where} GROUP BY status`,
            )
            .all(...values)
            .map((each) => count.parse(each));
          const sum = (of: (each: z.infer<typeof count>) => number | null) =>
            counted.reduce((total, each) => total + (of(each) ?? 0), 0);
          const each = `SELECT max(max(bytes_before), 0) AS bytes FROM jobs WHERE ${where} GROUP BY ${FILM}`;
          const counting = db.prepare(`SELECT count(*) AS films, sum(bytes) AS bytes_before FROM (${each})`);
          const all = filmCount.parse(counting.get(...values));
          return {
            jobs: sum(({ jobs }) => jobs),
            films: all.films,
            byState: Object.fromEntries(counted.map(({ status, jobs }) => [status, jobs])),
            bytesBefore: all.bytes_before ?? 0,
            bytesAfter: sum((each) => each.bytes_after),
            usd: sum(({ usd }) => usd),
            isPartial: false,
          };
        }),
      ),
    close,
  };
}

/** Answers a question once for each state of the table: many pages ask the same while nothing changes. */
function onceForEach<T>(version: () => number): (question: object, answer: () => T) => T {
  let of: number | undefined;
  const known = new Map<string, T>();
  return (question, answer) => {
    const now = version();
    if (now !== of || known.size >= MOST_ANSWERS) known.clear();
    of = now;
    const key = JSON.stringify(question);
    const there = known.get(key) ?? answer();
    known.set(key, there);
    return there;
  };
}

/** The condition of a question in SQL, and the values of its question marks. */
function conditionOf({ states, recipe, text, owner, changedSinceMs }: JobQuestion) {
  const parts = [
    states && { sql: `status IN (${states.map(() => '?').join(', ')})`, values: states },
    recipe !== undefined && { sql: 'recipe = ?', values: [recipe] },
    text !== undefined && {
      sql: String.raw`source LIKE ? ESCAPE '\'`,
      values: [`%${text.replace(/[\\%_]/g, '\\$&')}%`],
    },
    owner !== undefined && { sql: OWNED, values: [`${owner}/`, owner.length + 1] },
    changedSinceMs !== undefined && { sql: 'updated_ms >= ?', values: [changedSinceMs] },
  ].filter((part) => part !== false && part !== undefined);
  return {
    where: parts.length === 0 ? 'true' : parts.map(({ sql }) => sql).join(' AND '),
    values: parts.flatMap(({ values }): readonly (string | number)[] => values),
  };
}

/** input/<recipe>/<owner>/...: what follows the second slash begins with the owner. */
const OWNED = `? = substr(source, 7 + instr(substr(source, 7), '/'), ?) AND source LIKE 'input/%/%/%'`;
