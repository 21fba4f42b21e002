import * as z from 'zod/mini';
import type { Once } from '../../core/ports/once.ts';
import { openJobTable } from './sqlite-job-table.ts';

type SqliteOnce = Once & { close(): void };

const markRow = z.object({ until_ms: z.nullable(z.number()) });

/** Keeps marks of what was done, in the file of the job table. A mark without an end time is finished. */
export function sqliteOnce(path: string): SqliteOnce {
  const { db, attempt, close } = openJobTable(path);
  const take = db.prepare(
    `INSERT INTO once (name, until_ms) VALUES (?, ?)
     ON CONFLICT DO UPDATE SET until_ms = excluded.until_ms WHERE until_ms IS NOT NULL AND until_ms <= ?`,
  );
  const select = db.prepare('SELECT until_ms FROM once WHERE name = ?');
  const finish = db.prepare('UPDATE once SET until_ms = NULL WHERE name = ?');
  const giveUp = db.prepare('DELETE FROM once WHERE name = ? AND until_ms IS NOT NULL');
  return {
    begin: (name, untilMs, nowMs) =>
      attempt(() => {
        if (take.run(name, untilMs, nowMs).changes === 1) return 'mine';
        const row = z.optional(markRow).parse(select.get(name));
        return row?.until_ms === null ? 'done' : 'theirs';
      }),
    finish: (name) =>
      attempt(() => {
        finish.run(name);
      }),
    giveUp: (name) =>
      attempt(() => {
        giveUp.run(name);
      }),
    close,
  };
}
