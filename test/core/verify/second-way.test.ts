import { expect, it } from '@jest/globals';
import { check } from '../../../core/job/check-list.ts';
import { areOfPictures } from '../../../core/verify/second-way.ts';

it('takes damage for the cause of other pictures, and of nothing that a file says of itself', () => {
  const metadata = check('metadata as planned', false, 'missing or changed: element 73c5 of track 0');
  const frames = check('decodes to the last frame', false, '24 of 25 frames');
  expect([[metadata], [metadata, frames], [frames]].map(areOfPictures)).toEqual([false, true, true]);
});
