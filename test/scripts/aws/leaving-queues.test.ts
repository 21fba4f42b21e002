import { json } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import { queuesWith, requireNoWorkThatEnds } from '../../../scripts/aws/leaving-queues.mjs';
import { stageOptions } from '../../../scripts/aws/options.mjs';
import { answeringAws } from '../../support/answering-aws.ts';
import { packaged } from '../../support/packaged-template.ts';

const THERE = ['spot-cpu', 'on-demand-cpu', 'spot-gpu', 'encode'].map((name) => `reelmill-dev-${name}`);

let busy: string;

answeringAws(async (request, response) => {
  const { jobQueue, jobStatus } = (await json(request)) as Record<string, string>;
  const isBusy = jobQueue === busy && jobStatus === 'RUNNING';
  const answer = request.url?.endsWith('listjobs')
    ? { jobSummaryList: isBusy ? [{ jobId: '1' }, { jobId: '2' }] : [] }
    : { jobQueues: [...THERE, 'reelmill-prod-spot-gpu'].map((jobQueueName) => ({ jobQueueName })) };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
});

const withoutGpu = () => {
  const { settings } = stageOptions(['--stage', 'dev', '--param', 'maxGpuVcpus=0'], { usage: '' });
  return requireNoWorkThatEnds({ stage: 'dev', settings });
};

it.each(['reelmill-dev-spot-gpu', 'reelmill-dev-encode'])(
  'a deploy that takes %s away is refused while jobs are in it',
  async (queue) => {
    busy = queue;
    await expect(withoutGpu()).rejects.toMatchObject({
      exitCode: 75,
      message:
        'this deploy takes away reelmill-dev-spot-gpu, reelmill-dev-encode, and 2 jobs that wait or run there would end with it: wait until they are done, or end them with reelmill cancel --stage dev',
    });
  },
);

it.each(['reelmill-dev-spot-cpu', 'reelmill-prod-spot-gpu', ''])(
  'a deploy goes on where jobs are in queues that stay: "%s"',
  async (queue) => {
    busy = queue;
    await expect(withoutGpu()).resolves.toBeUndefined();
  },
);

it('knows the queues that a stage has', async () => {
  const { of } = await packaged('prod');
  const names = of('AWS::Batch::JobQueue').map(({ Properties }) => Properties.JobQueueName);
  const { settings } = stageOptions(['--stage', 'prod'], { usage: '' });
  expect(queuesWith('prod', settings).toSorted()).toEqual(names.toSorted());
});
