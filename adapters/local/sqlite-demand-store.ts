import * as z from 'zod/mini';
import type { DemandStore } from '../../core/ports/demand-store.ts';
import { openJobTable } from './sqlite-job-table.ts';

type SqliteDemandStore = DemandStore & { close(): void };

const demandRow = z.object({ rendition: z.string(), views: z.number(), downloads: z.number(), used_ms: z.number() });

/** Counts views and downloads of renditions, in the file of the job table. */
export function sqliteDemandStore(path: string): SqliteDemandStore {
  const { db, attempt, close } = openJobTable(path);
  const add = db.prepare(
    `INSERT INTO demand (output_prefix, rendition, views, downloads, used_ms) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET views = views + excluded.views, downloads = downloads + excluded.downloads,
       used_ms = max(used_ms, excluded.used_ms)`,
  );
  const select = db.prepare('SELECT rendition, views, downloads, used_ms FROM demand WHERE output_prefix = ?');
  return {
    count: (outputPrefix, rendition, { views, downloads }, nowMs) =>
      attempt(() => {
        add.run(outputPrefix, rendition, views, downloads, nowMs);
      }),
    of: (outputPrefix) =>
      attempt(() => {
        const rows = z.array(demandRow).parse(select.all(outputPrefix));
        return new Map(rows.map(({ rendition, used_ms: usedMs, ...uses }) => [rendition, { ...uses, usedMs }]));
      }),
    close,
  };
}
