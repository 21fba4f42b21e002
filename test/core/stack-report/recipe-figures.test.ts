import { describe, expect, it } from '@jest/globals';
import type { Job, Usage } from '../../../core/job/job.ts';
import { recipeFigures, smallerSize } from '../../../core/stack-report/recipe-figures.ts';
import { newJob } from '../../fixtures/new-job.ts';

const GIB = 2 ** 30;
const usage = (hadGib: number, peakGib: number): Usage => ({
  vcpu: 4,
  memoryBytes: hadGib * GIB,
  peakMemoryBytes: peakGib * GIB,
  cpuSeconds: 1,
  wallSeconds: 1,
});
let jobs = 0;
const job = (recipe: string, state: Job['state'], used?: Usage) =>
  newJob(`${++jobs}`, { recipe, state, ...(used && { usage: used }) });

describe('the figures of jobs', () => {
  it('count how jobs ended, recipe by recipe', () => {
    const figures = recipeFigures([
      job('vj', { status: 'done', manifest: 'm' }),
      job('preserve', { status: 'done', manifest: 'm' }),
      job('preserve', { status: 'unchanged', manifest: 'm' }),
      job('preserve', { status: 'failed', code: 'truncated', reason: 'x' }),
      job('preserve', { status: 'failed', code: 'truncated', reason: 'y' }),
      job('preserve', { status: 'failed', code: 'bug', reason: 'z' }),
      job('preserve', { status: 'joining' }),
    ]);
    expect(figures).toEqual([
      { recipe: 'preserve', done: 1, unchanged: 1, failed: { truncated: 2, bug: 1 }, open: 1, smaller: undefined },
      { recipe: 'vj', done: 1, unchanged: 0, failed: {}, open: 0, smaller: undefined },
    ]);
  });

  it('are empty if there are no jobs', () => {
    expect(recipeFigures([])).toEqual([]);
  });
});

describe('a smaller size', () => {
  it.each([
    { what: 'is proposed if all jobs would have fitted', usages: [usage(16, 2), usage(16, 2.5)], vcpu: 2 },
    { what: 'is the next one that leaves room', usages: [usage(16, 4)], vcpu: 4 },
    { what: 'is none if one job filled its own', usages: [usage(8, 1), usage(8, 6)], vcpu: undefined },
    { what: 'is none below the smallest', usages: [usage(4, 0.1)], vcpu: undefined },
    { what: 'is compared with the smallest that any job had', usages: [usage(16, 1), usage(4, 1)], vcpu: undefined },
    { what: 'is none if nothing was measured', usages: [], vcpu: undefined },
  ])('$what', ({ usages, vcpu }) => {
    expect(smallerSize(usages)?.vcpu).toBe(vcpu);
  });
});
