import { counted } from '../../core/format.ts';
import type { JobSummary } from './api/answers.ts';
import { shareOf } from './jobs/job-progress.ts';
import { percentOf } from './ui/progress.tsx';
import { isUnderWay, type UploadItem } from './upload/upload-item.ts';

/** The title of the tab: how far all of it is, so that nobody has to look into the page. */
export function titleOf(jobs: readonly JobSummary[], uploads: readonly UploadItem[]): string {
  const sent = uploads.filter(isUnderWay);
  if (sent.length > 0) {
    const done = sent.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
    const all = sent.reduce((sum, { bytes }) => sum + bytes, 0);
    return `${percentOf(all > 0 ? done / all : 0)} · ${counted(sent.length, 'upload')} · Reelmill`;
  }
  if (jobs.length === 0) return 'Reelmill';
  const share = jobs.reduce((sum, job) => sum + (shareOf(job) ?? 0), 0) / jobs.length;
  return `${percentOf(share)} · ${counted(jobs.length, 'job')} · Reelmill`;
}
