import { type FailureCode, ServiceError } from './errors.ts';

/** What the operating system's error means where a file was to be read, and where one was to be written. */
type Row = { readonly reason: string; readonly read?: FailureCode; readonly write?: FailureCode };

/** A name that is too long to be written was made of the source's name, so that the source is to be renamed. */
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

/** The system's name for a failure: ENOENT, EACCES, SQLITE_BUSY. */
export function codeOf(error: unknown): string | undefined {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** The sentence's end that tells people of a failure of the system; undefined for what is none, or not in the table. */
export const systemReason = (error: unknown): string | undefined => SYSTEM_ERRORS[codeOf(error) ?? '']?.reason;

/** What stands for a failed read of `what`; errors without a row in the table are bugs and stay as they are. */
export const readFailure = (error: unknown, what: string): unknown =>
  systemFailure(error, 'read', `cannot read ${JSON.stringify(what)}`);

/** What stands for a failed write of `what`; errors without a row in the table are bugs and stay as they are. */
export const writeFailure = (error: unknown, what: string): unknown =>
  systemFailure(error, 'write', `cannot write ${JSON.stringify(what)}`);

function systemFailure(error: unknown, doing: 'read' | 'write', sentence: string): unknown {
  const system = codeOf(error);
  const row = system === undefined || error instanceof ServiceError ? undefined : SYSTEM_ERRORS[system];
  const code = row?.[doing];
  if (row === undefined || code === undefined) return error;
  return new ServiceError(code, `${sentence}: ${row.reason}`, { system }, { cause: error });
}
