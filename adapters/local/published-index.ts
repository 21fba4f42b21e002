import { dirname } from 'node:path';
import Database from 'libsql';
import * as z from 'zod/mini';
import { makeFolderSync } from '../shared/make-folder.ts';
import { isOnSharedDrive } from './shared-drive.ts';

export type PublishedIndex = {
  note(sha256: string, manifest: string): void;
  find(sha256: string): string | undefined;
  close(): void;
};

const row = z.object({ manifest: z.string() });

/**
 * Remembers the hashes of published films in an SQLite file, which all folders of results on this machine share. It is an aid:
 * where it cannot be opened or written, nothing is remembered.
 */
export function publishedIndex(path: string): PublishedIndex {
  const db = opened(path);
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch {
      return undefined;
    }
  };
  return {
    note: (sha256, manifest) =>
      void attempt(() =>
        db?.prepare('INSERT OR REPLACE INTO published (sha256, manifest) VALUES (?, ?)').run(sha256, manifest),
      ),
    find: (sha256) =>
      attempt(
        () =>
          z.optional(row).parse(db?.prepare('SELECT manifest FROM published WHERE sha256 = ?').get(sha256))?.manifest,
      ),
    close: () => void attempt(() => db?.close()),
  };
}

function opened(path: string): Database.Database | undefined {
  try {
    makeFolderSync(dirname(path));
    const db = new Database(path, { timeout: 2_000 });
    // a home on a network drive has several machines, and WAL is for one
    const journal = isOnSharedDrive(dirname(path)) ? 'DELETE' : 'WAL';
    db.exec(`PRAGMA journal_mode = ${journal}; PRAGMA synchronous = NORMAL`);
    db.exec(
      'CREATE TABLE IF NOT EXISTS published (sha256 TEXT PRIMARY KEY, manifest TEXT NOT NULL) STRICT, WITHOUT ROWID',
    );
    return db;
  } catch {
    return undefined;
  }
}
