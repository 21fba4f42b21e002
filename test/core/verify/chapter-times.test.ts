import { describe, expect, it } from '@jest/globals';
import { chapterTimes } from '../../../core/verify/chapter-times.ts';
import { SOUND } from '../../fixtures/evidence.ts';

describe('chapters of a finished file', () => {
  const timesOf = (starts: readonly number[]) => starts.map((from, i) => ({ from, to: starts[i + 1] ?? from + 1 }));
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
    const [made] = chapterTimes({ ...SOUND, output, chapters: { wanted: timesOf(wanted), found: timesOf(found) } });
    expect(made).toMatchObject({ name: 'chapters begin at their times', passed: passes });
  });

  const planned = [
    { from: 0, to: 0.5 },
    { from: 0.5, to: 1.2 },
  ];
  it.each([
    { end: 'as planned', last: 1.2, passes: true },
    { end: 'nearly as planned', last: 1.2019, passes: true },
    { end: 'nowhere', last: undefined, passes: true },
    { end: 'late', last: 1.203, passes: false },
    { end: 'long after their film', last: 60, passes: false },
    { end: 'as late as their film', last: 1.221, output: later, passes: true },
  ])('that end $end: $passes', ({ last, output = SOUND.output, passes }) => {
    const late = output === later ? 0.021 : 0;
    const found = [
      { from: 0, to: 0.5 + late },
      { from: 0.5 + late, to: last },
    ];
    const [, made] = chapterTimes({ ...SOUND, output, chapters: { wanted: planned, found } });
    expect(made).toMatchObject({ name: 'chapters end at their times', passed: passes });
  });
});
