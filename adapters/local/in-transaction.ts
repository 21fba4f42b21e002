import type Database from 'libsql';

/**
 * Runs work in a transaction that takes the table's lock at once. Unlike libsql's own wrapper it throws the error of the work: a full disk
 * ends the transaction by itself, and the wrapper's rollback would fail with an error that hides why.
 */
export function inTransaction<T>(db: Database.Database, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
