import { describe, expect, it } from '@jest/globals';
import { refusalAdvice } from '../../../core/api/refusal-advice.ts';

describe('the advice of a refused request', () => {
  it.each([
    {
      code: 'not-allowed',
      reason: 'the address of this part has expired; ask for another',
      advice: 'Ask for another.',
    },
    {
      code: 'bad-input',
      reason: 'the name "a; b.mov" is a device on Windows; give it another name',
      advice: 'Give it another name.',
    },
    { code: 'no-input', reason: 'job 1 has no file "a; \\"b.mov"', advice: expect.stringContaining('list') },
    { code: 'no-input', reason: 'there is no playlist "x"', advice: expect.stringContaining('list') },
    { code: 'busy', reason: 'the job table is being moved', advice: 'Try again later.' },
  ] as const)('for "$reason" follows from the reason', ({ code, reason, advice }) => {
    expect(refusalAdvice(code, reason)).toEqual(advice);
  });
});
