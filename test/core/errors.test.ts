import { expect, it } from '@jest/globals';
import { asServiceError, ServiceError } from '../../core/errors.ts';

it('takes what a signal ended for interrupted, and what it does not know for a bug', () => {
  const controller = new AbortController();
  controller.abort();
  expect(asServiceError(controller.signal.reason)).toMatchObject({ code: 'interrupted', exitCode: 130 });
  expect(asServiceError(new Error('what?'))).toMatchObject({ code: 'bug', message: 'what?', exitCode: 70 });
  const known = new ServiceError('busy', 'later');
  expect(asServiceError(known)).toBe(known);
});
