import type { Stats } from 'node:fs';
import * as z from 'zod/mini';
import type { KnownResults } from '../../core/ports/known-results.ts';
import { quickStat } from './quick-stat.ts';
import { openJobTable } from './sqlite-job-table.ts';

type SqliteKnownResults = {
  /** What is known of one folder of results. */
  in(store: string): KnownResults;
  close(): void;
};

const row = z.object({ location: z.string(), record: z.string() });
const knownResult = z.object({
  source: z.string(),
  asked: z.string(),
  job: z.string(),
  manifest: z.string(),
  files: z.array(z.object({ path: z.string(), bytes: z.number(), modifiedMs: z.number() })),
  resultOf: z.optional(z.object({ recipe: z.optional(z.string()) })),
});

type PublishedThen = { readonly bytes: number; readonly modifiedMs: number };

/** Keeps what is known in the file of the job table. */
export function sqliteKnownResults(path: string): SqliteKnownResults {
  const { db, attempt, close } = openJobTable(path);
  const select = db.prepare(
    'SELECT location, record FROM known WHERE store = ? AND recipe = ? AND location IN (SELECT value FROM json_each(?))',
  );
  const stateOf = quickStat();
  const replace = db.prepare('INSERT OR REPLACE INTO known (store, location, recipe, record) VALUES (?, ?, ?, ?)');
  return {
    in: (store) => ({
      of: (locations, recipe) =>
        attempt(() => {
          const rows = select.all(store, recipe, JSON.stringify(locations)).map((each) => row.parse(each));
          return new Map(rows.map(({ location, record }) => [location, knownResult.parse(JSON.parse(record))]));
        }),
      put: (location, recipe, result) =>
        attempt(() => {
          replace.run(store, location, recipe, JSON.stringify(result));
        }),
      async areThere(files) {
        for (const file of files) if (!isSame(file, await stateOf(file.path).catch(() => undefined))) return false;
        return true;
      },
    }),
    close,
  };
}

const isSame = ({ bytes, modifiedMs }: PublishedThen, now: Stats | undefined): boolean =>
  now?.isFile() === true && now.size === bytes && now.mtimeMs === modifiedMs;
