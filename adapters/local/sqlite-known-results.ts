import { stat } from 'node:fs/promises';
import * as z from 'zod/mini';
import type { KnownResults } from '../../core/ports/known-results.ts';
import { openJobTable } from './sqlite-job-table.ts';

type SqliteKnownResults = {
  /** What is known of one folder of results. */
  in(store: string): KnownResults;
  close(): void;
};

const row = z.object({ record: z.string() });
const knownResult = z.object({
  source: z.string(),
  asked: z.string(),
  job: z.string(),
  manifest: z.string(),
  files: z.array(z.object({ path: z.string(), bytes: z.number(), modifiedMs: z.number() })),
});

/** Keeps what is known in the file of the job table. */
export function sqliteKnownResults(path: string): SqliteKnownResults {
  const { db, attempt, close } = openJobTable(path);
  const select = db.prepare('SELECT record FROM known WHERE store = ? AND location = ? AND recipe = ?');
  const replace = db.prepare('INSERT OR REPLACE INTO known (store, location, recipe, record) VALUES (?, ?, ?, ?)');
  return {
    in: (store) => ({
      get: (location, recipe) =>
        attempt(() => {
          const there = select.get(store, location, recipe);
          return there === undefined ? undefined : knownResult.parse(JSON.parse(row.parse(there).record));
        }),
      put: (location, recipe, result) =>
        attempt(() => {
          replace.run(store, location, recipe, JSON.stringify(result));
        }),
      areThere: async (files) => (await Promise.all(files.map(isThere))).every(Boolean),
    }),
    close,
  };
}

async function isThere({ path, bytes, modifiedMs }: { path: string; bytes: number; modifiedMs: number }) {
  const stats = await stat(path).catch(() => undefined);
  return stats?.isFile() === true && stats.size === bytes && stats.mtimeMs === modifiedMs;
}
