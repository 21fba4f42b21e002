import { describe, expect, it } from '@jest/globals';
import { FAILURES } from '../../../core/errors.ts';
import { failureRecord, failureRecordFrom, failureRecordSchema } from '../../../core/job/failure-record.ts';
import { jobIdOf } from '../../../core/job/job.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const job = jobIdOf({ store: 'media', recipe: 'preserve', source: 'input/preserve/a.mov', version: '1' });
const about = { job, recipe: 'preserve', source: 'input/preserve/a.mov' };

describe('the record of a failure', () => {
  it.each(Object.entries(FAILURES))(
    'of %s has what the table says of it, and is read as it was written',
    (code, row) => {
      const record = failureRecord({ ...about, details: { stderr: ['x'] } }, { code, reason: 'a sentence' }, 1_000);
      expect(record).toMatchObject({ code, exitCode: row.exit, advice: row.advice, at: '1970-01-01T00:00:01.000Z' });
      expect(failureRecordFrom(bytes(JSON.stringify(record)))).toEqual(record);
    },
  );

  it('is that of a bug for a code of a later version', () => {
    expect(failureRecord(about, { code: 'some-new-code', reason: 'x' }, 0)).toMatchObject({ exitCode: 70 });
  });

  it('has no more fields than its schema', () => {
    const fields = Object.keys(failureRecord({ ...about, details: {} }, { code: 'bug', reason: 'x' }, 0));
    expect(fields.sort()).toEqual(Object.keys(failureRecordSchema.shape).sort());
  });

  it.each([
    ['a run', { ...about, code: 'truncated', reason: 'x', exitCode: 65, details: {}, at: '2026-01-01T00:00:00.000Z' }],
    ['a sweep', { ...about, code: 'bug', reason: 'x', at: '2026-01-01T00:00:00.000Z' }],
    [
      'a refusal',
      { source: 'input/x/a.mov', code: 'usage', reason: 'x', exitCode: 64, at: '2026-01-01T00:00:00.000Z' },
    ],
  ])('is also read if %s of an earlier version wrote it', (_, record) => {
    expect(failureRecordFrom(bytes(JSON.stringify(record)))).toEqual(record);
  });

  it.each(['', '{', '[]', '{"source":1}'])('is not read from %j', (text) => {
    expect(failureRecordFrom(bytes(text))).toBeUndefined();
  });
});
