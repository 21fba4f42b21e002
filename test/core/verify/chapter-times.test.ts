import { describe, expect, it } from '@jest/globals';
import { chapterTimes } from '../../../core/verify/chapter-times.ts';
import { SOUND } from '../../fixtures/evidence.ts';

describe('chapters of a finished file', () => {
  const wanted = [0, 0.5, 0.5, 1.2];
  const later = { ...SOUND.output, probe: { ...SOUND.output.probe, startSeconds: 0.021 } };
  it.each([
    { are: 'as planned', found: wanted, passes: true },
    { are: 'half a tick off', found: [0, 0.5005, 0.5, 1.1995], passes: true },
    { are: 'early', found: [0, 0.5, 0.5, 1.198], passes: false },
    { are: 'missing', found: [0, 0.5, 0.5], passes: false },
    { are: 'too many', found: [...wanted, 1.4], passes: false },
    { are: 'as late as their film', found: [0, 0.521, 0.521, 1.221], output: later, passes: true },
    { are: 'not as late as their film', found: wanted, output: later, passes: false },
  ])('that are $are: $passes', ({ found, output = SOUND.output, passes }) => {
    const [made] = chapterTimes({ ...SOUND, output, chapters: { wanted, found } });
    expect(made).toMatchObject({ name: 'chapters begin at their times', passed: passes });
  });
});
