import { type FailureCode, ServiceError } from '../../core/errors.ts';

/** The system's name for a failure: ENOENT, EACCES, SQLITE_BUSY. */
export function codeOf(error: unknown): string | undefined {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

export const MISSING: readonly (string | undefined)[] = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'];

const READING: Readonly<Record<string, FailureCode>> = {
  ENOENT: 'no-input',
  ENOTDIR: 'no-input',
  ENAMETOOLONG: 'no-input',
  EACCES: 'no-input',
  EPERM: 'no-input',
  EISDIR: 'no-input',
  EIO: 'no-input',
  ELOOP: 'bad-input',
  EMFILE: 'busy',
  ENFILE: 'busy',
};

const WRITING: Readonly<Record<string, FailureCode>> = {
  EACCES: 'cannot-write',
  EPERM: 'cannot-write',
  EROFS: 'cannot-write',
  ENOTDIR: 'cannot-write',
  EISDIR: 'cannot-write',
  EEXIST: 'cannot-write',
  ENOTEMPTY: 'cannot-write',
  ENOENT: 'cannot-write',
  EIO: 'cannot-write',
  ENAMETOOLONG: 'bad-input',
  ELOOP: 'bad-input',
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EFBIG: 'disk-full',
  EMFILE: 'busy',
  ENFILE: 'busy',
};

/** What stands for a failed read of `what`; errors without a row in the table are bugs and stay as they are. */
export const readFailure = (error: unknown, what: string) =>
  failure(READING, error, `cannot read ${JSON.stringify(what)}`);
export const writeFailure = (error: unknown, what: string) =>
  failure(WRITING, error, `cannot write ${JSON.stringify(what)}`);

function failure(table: Readonly<Record<string, FailureCode>>, error: unknown, sentence: string): unknown {
  if (error instanceof ServiceError) return error;
  const code = codeOf(error);
  const cause = code === undefined ? undefined : table[code];
  if (!code || !cause) return error;
  return new ServiceError(cause, `${sentence}: ${REASONS[code] ?? code}`, { system: code }, { cause: error });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of its path is a file, not a folder',
  ENAMETOOLONG: 'its name is too long for this file system',
  EACCES: 'permission denied',
  EPERM: 'the system does not permit it',
  EISDIR: 'a folder has this name',
  EEXIST: 'a file has the name of a folder on its path',
  ENOTEMPTY: 'a folder has this name',
  EROFS: 'the file system is read-only',
  EIO: 'the disk reported an error',
  ELOOP: 'its links lead in a circle',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'it is larger than the file system or the limit of this process allows',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open on this machine',
};
