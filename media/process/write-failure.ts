import { ServiceError } from '../../core/errors.ts';

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const DENIED = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG']);

/** Awaits work that writes `path`; the system's refusals become `disk-full` or `cannot-write`, all else passes. */
export async function writeFailure<T>(work: Promise<T>, path: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (FULL.has(code)) throw new ServiceError('disk-full', `no room left to write ${path}`, {}, { cause: error });
    if (DENIED.has(code))
      throw new ServiceError('cannot-write', `cannot write ${path} (${code})`, {}, { cause: error });
    throw error;
  }
}
