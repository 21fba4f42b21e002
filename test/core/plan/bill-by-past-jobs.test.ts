import { expect, it } from '@jest/globals';
import { billByPastJobs } from '../../../core/plan/bill-by-past-jobs.ts';
import { newJob } from '../../fixtures/new-job.ts';

const job = (recipe: string, bytesBefore: number, usd: number) =>
  newJob(`${recipe} ${bytesBefore}.mov`, { recipe, figures: { bytesBefore, bytesAfter: 1, usd } });

it.each([
  { what: 'one recipe', recipes: ['preserve'], usd: 3, jobs: 2 },
  { what: 'a mix, which makes each film twice', recipes: ['preserve', 'vj'], usd: 7, jobs: 3 },
])('the bill is that of earlier jobs for each byte: $what', ({ recipes, usd, jobs }) => {
  const past = [job('preserve', 100, 1), job('preserve', 300, 5), job('vj', 50, 1), newJob('unmade.mov', {})];
  expect(billByPastJobs(200, recipes, past)).toEqual({ usd: expect.closeTo(usd, 9), jobs });
});

it.each([
  { what: 'there are no jobs of it', past: [job('vj', 100, 1)] },
  { what: 'they had no bytes', past: [job('preserve', 0, 0)] },
])('nothing is known where $what', ({ past }) => {
  expect(billByPastJobs(200, ['preserve'], past)).toBeUndefined();
});
