import * as z from 'zod/mini';
import { sameNameAs } from '../../core/job/result-place.ts';
import type { ResultNames } from '../../core/ports/result-names.ts';
import { openJobTable } from './sqlite-job-table.ts';

export type SqliteResultNames = {
  /** The names in one folder of results. */
  in(store: string): ResultNames;
  close(): void;
};

const holderRow = z.object({ job: z.string(), location: z.string() });

/** Keeps the names in the file of the job table. */
export function sqliteResultNames(path: string): SqliteResultNames {
  const { db, attempt, close } = openJobTable(path);
  const insert = db.prepare(
    'INSERT INTO names (store, name, job, location) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const select = db.prepare('SELECT job, location FROM names WHERE store = ? AND name = ?');
  const replace = db.prepare('INSERT OR REPLACE INTO names (store, name, job, location) VALUES (?, ?, ?, ?)');
  const remove = db.prepare('DELETE FROM names WHERE store = ? AND name = ? AND job = ?');
  return {
    in: (store) => ({
      holderOf: (key) => attempt(() => z.optional(holderRow).parse(select.get(store, sameNameAs(key)))),
      take: (key, { job, location }) =>
        attempt(() => {
          const name = sameNameAs(key);
          const isNew = insert.run(store, name, job, location).changes === 1;
          return { ...holderRow.parse(select.get(store, name)), isNew };
        }),
      give: (key, { job, location }) =>
        attempt(() => {
          replace.run(store, sameNameAs(key), job, location);
        }),
      giveUp: (key, job) =>
        attempt(() => {
          remove.run(store, sameNameAs(key), job);
        }),
    }),
    close,
  };
}
