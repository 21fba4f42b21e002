import type { Job } from '../../core/job/job.ts';
import { multipartS3 } from '../support/multipart-s3.ts';
import { CLIP, type Rehearsal, submitted } from './acts.ts';
import { command } from './command.ts';
import { expectEqual, expectTrue } from './steps.ts';

const KEY = 'input/preserve/VID_20191220_170832.mp4';

/** The deployed stage, steered by the built command: upload, jobs, cancel, retry. */
export async function fromHere(rehearsal: Rehearsal): Promise<void> {
  const { step, stage } = rehearsal;
  // moto lists the parts of an upload without an end, so that uploads are S3's as its reference has them
  const s3 = await multipartS3({ endpoint: stage.aws.AWS_ENDPOINT_URL ?? '' });
  try {
    await step('reelmill upload sends a clip in parts, and a second time nothing', async () => {
      const upload = () => command(stage, 'upload', CLIP, '--to', 'preserve', '--endpoint', s3.endpoint);
      const [first, second] = [(await upload()).at(-1), (await upload()).at(-1)];
      expectEqual([first?.key, first?.status, second?.status], [KEY, 'done', 'unchanged'], 'what it tells');
    });
    const job = await step('the queue has it, and on-drop makes one job of it', () => submitted(rehearsal, KEY));
    await step('reelmill jobs lists it', async () => {
      const listed = (await command(stage, 'jobs')).map(({ id }) => id);
      expectTrue(listed.includes(job.id), `it lists ${listed.join(', ')}`);
    });
    await step('reelmill cancel ends it in Batch and in the job table', async () => {
      await command(stage, 'cancel', job.id.slice(0, 12));
      // moto's jobs have ended as soon as they are sent, so that what it was asked for is looked at
      const told = stage.calls.filter(({ url }) => url.pathname === '/v1/terminatejob').map(({ body }) => body);
      expectTrue(told.at(-1)?.includes(job.sent?.reference ?? ' ') === true, `Batch was asked to end ${told.join()}`);
      const { state } = (await stage.jobs.get(job.id)) ?? ({} as Partial<Job>);
      const code = state?.status === 'failed' ? state.code : undefined;
      expectEqual([state?.status, code], ['failed', 'cancelled'], 'state and code');
    });
    await step('reelmill retry has it sent again, by on-drop', async () => {
      await command(stage, 'retry', job.id.slice(0, 12));
      const again = await submitted(rehearsal, KEY);
      expectEqual(
        [again.id, again.sent?.reference === job.sent?.reference],
        [job.id, false],
        'the job, and its sending',
      );
    });
  } finally {
    await s3.close();
  }
}
