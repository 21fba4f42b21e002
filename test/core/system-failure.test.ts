import { describe, expect, it } from '@jest/globals';
import { ServiceError } from '../../core/errors.ts';
import { readFailure, writeFailure } from '../../core/system-failure.ts';
import { writeFailure as whileWriting } from '../../media/write-failure.ts';

const refusal = (code: string) => Object.assign(new Error(`${code}: refused`), { code });

describe('what the operating system refuses', () => {
  it.each([
    ['ENOENT', 'no-input', 'cannot-write'],
    ['ENAMETOOLONG', 'no-input', 'bad-input'],
    ['EACCES', 'no-input', 'cannot-write'],
    ['EIO', 'no-input', 'cannot-write'],
    ['EMFILE', 'busy', 'busy'],
  ])('%s is %s to who reads and %s to who writes', (system, reading, writing) => {
    expect(readFailure(refusal(system), 'a.mov')).toMatchObject({ code: reading, details: { system } });
    expect(writeFailure(refusal(system), 'a.mov')).toMatchObject({ code: writing, details: { system } });
  });

  it.each(['ENOSPC', 'EDQUOT', 'EFBIG', 'ENAMETOOLONG', 'EROFS', 'ENOENT', 'EIO', 'EMFILE'])(
    '%s means the same to a store and to an encoder',
    async (system) => {
      const stored = writeFailure(refusal(system), 'a.mov');
      const encoded = await whileWriting(Promise.reject(refusal(system)), 'a.mov').catch((error: unknown) => error);
      expect(encoded).toEqual(stored);
      expect(encoded).toBeInstanceOf(ServiceError);
    },
  );

  it.each(['ENOSPC', 'EROFS'])('%s says nothing of a file that is read: it stays a bug', (system) => {
    const error = refusal(system);
    expect(readFailure(error, 'a.mov')).toBe(error);
  });

  it('leaves a failure that has its cause, and what is no failure of the system', () => {
    for (const error of [new ServiceError('truncated', 'cut short'), new TypeError('x is not a function'), 'text']) {
      expect(writeFailure(error, 'a.mov')).toBe(error);
    }
  });
});
