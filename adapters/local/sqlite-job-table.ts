import { dirname } from 'node:path';
import Database from 'libsql';
import * as z from 'zod/mini';
import { $ZodError } from 'zod/v4/core';
import { type FailureCode, ServiceError } from '../../core/errors.ts';
import { codeOf, writeFailure } from '../../core/system-failure.ts';
import { makeFolderSync } from '../shared/make-folder.ts';
import { holdFolder } from './hold-folder.ts';
import { inTransaction } from './in-transaction.ts';

/** Copies what lists ask for out of the record. */
const LISTED = `UPDATE jobs SET
  recipe = json_extract(record, '$.recipe'), source = json_extract(record, '$.source'),
  updated_ms = json_extract(record, '$.updatedMs'),
  bytes_before = coalesce(json_extract(record, '$.figures.bytesBefore'), -1),
  bytes_after = json_extract(record, '$.figures.bytesAfter'), usd = json_extract(record, '$.figures.usd')`;

/** The migrations: each leads from the version of its index to the next. Migrations that shipped never change. */
const STEPS: readonly string[] = [
  `CREATE TABLE jobs (
     id TEXT PRIMARY KEY, created_ms REAL NOT NULL, status TEXT NOT NULL, owner TEXT, lease_until REAL, record TEXT NOT NULL
   ) STRICT;
   CREATE INDEX jobs_newest ON jobs (created_ms DESC, id);`,
  `ALTER TABLE jobs ADD COLUMN notes TEXT NOT NULL DEFAULT '{}';`,
  `CREATE TABLE demand (
     output_prefix TEXT NOT NULL, rendition TEXT NOT NULL, views INTEGER NOT NULL, downloads INTEGER NOT NULL,
     used_ms REAL NOT NULL, PRIMARY KEY (output_prefix, rendition)
   ) STRICT, WITHOUT ROWID;`,
  'CREATE TABLE once (name TEXT PRIMARY KEY, until_ms REAL) STRICT, WITHOUT ROWID;',
  `CREATE TABLE names (
     store TEXT NOT NULL, name TEXT NOT NULL, job TEXT NOT NULL, location TEXT NOT NULL, PRIMARY KEY (store, name)
   ) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE known (
     store TEXT NOT NULL, location TEXT NOT NULL, recipe TEXT NOT NULL, record TEXT NOT NULL,
     PRIMARY KEY (store, location, recipe)
   ) STRICT, WITHOUT ROWID;`,
  // Lists are sorted, filtered and counted within an index, for which no record has to be read.
  `ALTER TABLE jobs ADD COLUMN recipe TEXT;
   ALTER TABLE jobs ADD COLUMN source TEXT;
   ALTER TABLE jobs ADD COLUMN updated_ms REAL;
   ALTER TABLE jobs ADD COLUMN bytes_before REAL NOT NULL DEFAULT -1;
   ALTER TABLE jobs ADD COLUMN bytes_after REAL;
   ALTER TABLE jobs ADD COLUMN usd REAL;
   CREATE TRIGGER jobs_inserted AFTER INSERT ON jobs BEGIN ${LISTED} WHERE id = new.id; END;
   CREATE TRIGGER jobs_updated AFTER UPDATE OF record ON jobs BEGIN ${LISTED} WHERE id = new.id; END;
   ${LISTED};
   CREATE INDEX jobs_by_creation ON jobs (created_ms, id, status, recipe, updated_ms, source, bytes_before, bytes_after, usd);
   CREATE INDEX jobs_by_change ON jobs (updated_ms, id, status, recipe, source);
   CREATE INDEX jobs_by_size ON jobs (bytes_before, id, status, recipe, updated_ms, source);`,
];

const BUSY_MS = 10_000;
const versionRow = z.object({ user_version: z.int() });

type JobTable = {
  readonly db: Database.Database;
  /** Runs synchronous calls, and returns their failures as rejections with one cause. */
  attempt<T>(work: () => T): Promise<T>;
  close(): void;
};

/** Opens the job table, and creates or migrates it if needed. Throws `usage` if a later version of Reelmill made it. */
export function openJobTable(path: string): JobTable {
  const { db, letGo } = openMigrated(path);
  return {
    db,
    async attempt(work) {
      try {
        return work();
      } catch (error) {
        throw sqliteFailure(error, path);
      }
    },
    close: () => {
      db.close();
      letGo();
    },
  };
}

function openMigrated(path: string): { readonly db: Database.Database; readonly letGo: () => void } {
  const letGo = holdFolderOf(path);
  let db: Database.Database | undefined;
  try {
    const opened = openDatabase(path);
    db = opened;
    patiently(() => opened.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL'));
    migrate(opened, path);
    for (const table of TABLES) opened.prepare(`SELECT 1 FROM ${table} LIMIT 1`); // throws where one is gone
    return { db: opened, letGo };
  } catch (error) {
    db?.close();
    letGo();
    throw sqliteFailure(error, path);
  }
}

function holdFolderOf(path: string): () => void {
  try {
    makeFolderSync(dirname(path));
  } catch (error) {
    throw writeFailure(error, path);
  }
  return holdFolder(dirname(path));
}

function openDatabase(path: string): Database.Database {
  try {
    return new Database(path, { timeout: BUSY_MS });
  } catch (error) {
    // libsql gives no code if it cannot open a file.
    if (codeOf(error)) throw writeFailure(error, path);
    throw new ServiceError(
      'cannot-write',
      `the job table ${path} cannot be opened; check that its folder may be written to, or choose another --work`,
      {},
      { cause: error },
    );
  }
}

/** Retries work that is busy. SQLite does not wait for the lock of a change to WAL, which processes at the same time need. */
function patiently(work: () => void): void {
  for (const started = performance.now(); ; ) {
    try {
      work();
      return;
    } catch (error) {
      if (!codeOf(error)?.startsWith('SQLITE_BUSY') || performance.now() - started > BUSY_MS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

function migrate(db: Database.Database, path: string): void {
  if (versionOf(db) === STEPS.length) return;
  inTransaction(db, () => {
    const version = versionOf(db);
    if (version > STEPS.length) {
      throw new ServiceError(
        'usage',
        `a later version of Reelmill made the job table ${path} (version ${version}; this one knows ${STEPS.length}): upgrade, or choose another --work`,
      );
    }
    for (const step of STEPS.slice(version)) db.exec(step);
    db.exec(`PRAGMA user_version = ${STEPS.length}`);
  });
}

/** The names of all tables. */
const TABLES = STEPS.flatMap((step) => /^CREATE TABLE (\w+)/.exec(step)?.[1] ?? []);

const versionOf = (db: Database.Database) => versionRow.parse(db.prepare('PRAGMA user_version').get()).user_version;

const FAILURES: Readonly<Record<string, { code: FailureCode; why: string }>> = {
  SQLITE_BUSY: { code: 'busy', why: 'another process has held it for too long; try again' },
  SQLITE_LOCKED: { code: 'busy', why: 'another process has held it for too long; try again' },
  SQLITE_FULL: { code: 'disk-full', why: 'the disk is full' },
  SQLITE_IOERR_SHMSIZE: { code: 'disk-full', why: 'no room is left for its index' },
  SQLITE_READONLY: { code: 'cannot-write', why: 'it is read-only' },
  SQLITE_PERM: { code: 'cannot-write', why: 'permission denied' },
  SQLITE_CANTOPEN: { code: 'cannot-write', why: 'it, or a file beside it, cannot be opened' },
  SQLITE_IOERR: { code: 'cannot-write', why: 'the disk reported an error' },
  SQLITE_NOTADB: { code: 'cannot-write', why: 'it is not a job table; move it away' },
  SQLITE_CORRUPT: { code: 'cannot-write', why: 'it is damaged; move it away' },
};

/**
 * Whether a record is no longer what was written, or a table is gone. SQLite keeps no sums of its pages, so that a bit that flips within a
 * record is found only when the record is read.
 */
const isDamage = (error: unknown): boolean => {
  const { name = '', message = '' } = z.object({ name: z.string(), message: z.string() }).safeParse(error).data ?? {};
  if (codeOf(error) === 'SQLITE_ERROR')
    return /no such (table|column)|already exists|has no column|malformed JSON/.test(message);
  return name === 'SyntaxError' || error instanceof $ZodError;
};

/** Returns the ServiceError for a failure of SQLite. Other errors are bugs and returned unchanged. */
function sqliteFailure(error: unknown, path: string): unknown {
  if (error instanceof ServiceError) return error;
  // extended codes such as SQLITE_IOERR_WRITE belong to the same failure
  const fine = codeOf(error) ?? '';
  const name = isDamage(error) ? 'SQLITE_CORRUPT' : fine in FAILURES ? fine : fine.split('_').slice(0, 2).join('_');
  const failure = FAILURES[name];
  if (!failure) return error;
  return new ServiceError(
    failure.code,
    `cannot use the job table ${path}: ${failure.why}`,
    { system: name },
    { cause: error },
  );
}
