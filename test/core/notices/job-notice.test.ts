import { expect, it } from '@jest/globals';
import { doneNotice } from '../../../core/notices/job-notice.ts';
import { manifestFixture } from '../../fixtures/manifest.ts';
import { newJob } from '../../fixtures/new-job.ts';

const minute = manifestFixture();

it.each([
  { before: 999, after: 998, says: '999 B became 998 B' },
  { before: 999_999, after: 4_000, says: '1.00 MB became 4.00 kB' },
  { before: 4.21e9, after: 1.9e9, says: '4.21 GB became 1.90 GB' },
])('a notice says that $says', ({ before, after, says }) => {
  const renditions = minute.renditions.map((rendition) => ({ ...rendition, bytes: after }));
  const made = { ...minute, source: { ...minute.source, bytes: before }, renditions };
  expect(doneNotice(newJob('a.mov'), made, 'link').summary).toContain(says);
});
