import { type FailureCode, ServiceError } from './errors.ts';

/** What an error of the operating system means when a file is read and when one is written. */
type Row = { readonly reason: string; readonly read?: FailureCode; readonly write?: FailureCode };

/** ENAMETOOLONG and ELOOP on writing are `bad-input`: the name was made from the source's name, which has to be changed. */
const SYSTEM_ERRORS: Readonly<Record<string, Row>> = {
  ENOENT: { reason: 'there is no such file or folder', read: 'no-input', write: 'cannot-write' },
  ENOTDIR: { reason: 'a part of its path is a file, not a folder', read: 'no-input', write: 'cannot-write' },
  ENAMETOOLONG: { reason: 'its name is too long for this file system', read: 'no-input', write: 'bad-input' },
  EACCES: { reason: 'permission denied', read: 'no-input', write: 'cannot-write' },
  EPERM: { reason: 'the system does not permit it', read: 'no-input', write: 'cannot-write' },
  EISDIR: { reason: 'a folder has this name', read: 'no-input', write: 'cannot-write' },
  EIO: { reason: 'the disk reported an error', read: 'no-input', write: 'cannot-write' },
  ELOOP: { reason: 'its links lead in a circle', read: 'no-input', write: 'bad-input' },
  EEXIST: { reason: 'a file has the name of a folder on its path', write: 'cannot-write' },
  ENOTEMPTY: { reason: 'a folder has this name', write: 'cannot-write' },
  EROFS: { reason: 'the file system is read-only', write: 'cannot-write' },
  ENOSPC: { reason: 'the disk is full', write: 'disk-full' },
  EDQUOT: { reason: 'the disk quota is used up', write: 'disk-full' },
  EFBIG: {
    reason: 'it is larger than the file system or the limit of this process allows',
    write: 'disk-full',
  },
  EMFILE: { reason: 'too many files are open', read: 'busy', write: 'busy' },
  ENFILE: { reason: 'too many files are open on this machine', read: 'busy', write: 'busy' },
};

/** The code that Node or SQLite gives an error, such as ENOENT, EACCES or SQLITE_BUSY; undefined if it has none. */
export function codeOf(error: unknown): string | undefined {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** The reason for a system error, as the end of a sentence for people; undefined if the error is not in the table. */
export const systemReason = (error: unknown): string | undefined => SYSTEM_ERRORS[codeOf(error) ?? '']?.reason;

/**
 * What is added to the sentence that something is not there, where its name was not all UTF-8: Node.js replaces such bytes by U+FFFD in what
 * it is given, and then no file has the name. Empty for any other name.
 */
export const unreadableName = (path: string): string =>
  path.includes('\ufffd')
    ? '; if it is there, its name or that of a folder has bytes that are not UTF-8: rename it'
    : '';

/** Returns the ServiceError for a failed read of `what`. Errors that are not in the table are bugs and returned unchanged. */
export const readFailure = (error: unknown, what: string): unknown =>
  systemFailure(error, 'read', `cannot read ${JSON.stringify(what)}`, unreadableName(what));

/** Returns the ServiceError for a failed write of `what`. Errors that are not in the table are bugs and returned unchanged. */
export const writeFailure = (error: unknown, what: string): unknown =>
  systemFailure(error, 'write', `cannot write ${JSON.stringify(what)}`);

function systemFailure(error: unknown, doing: 'read' | 'write', sentence: string, ifMissing = ''): unknown {
  const system = codeOf(error);
  const row = system === undefined || error instanceof ServiceError ? undefined : SYSTEM_ERRORS[system];
  const code = row?.[doing];
  if (row === undefined || code === undefined) return error;
  return new ServiceError(
    code,
    `${sentence}: ${row.reason}${system === 'ENOENT' ? ifMissing : ''}`,
    { system },
    { cause: error },
  );
}
