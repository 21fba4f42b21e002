import { BatchClient, DescribeJobsCommand } from '@aws-sdk/client-batch';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { awsDispatcher, type DispatchSettings } from '../../../adapters/aws/aws-dispatcher.ts';
import { clientOptions } from '../../../adapters/aws/client-options.ts';
import { routeOf } from '../../../core/job/route.ts';
import { dispatcherContract } from '../../contracts/dispatcher.ts';
import { newJob } from '../../fixtures/new-job.ts';
import { type AwsServer, motoServer, optionsFor } from '../../support/aws-servers.ts';
import { newBatchStack } from '../../support/batch-stack.ts';
import { listen } from '../../support/listen.ts';
import { describeOnMoto } from '../../support/on-moto.ts';

await describeOnMoto('the dispatcher to Batch and Step Functions', () => {
  let server: AwsServer;
  let batch: BatchClient;
  let sfn: SFNClient;
  let settings: DispatchSettings;
  /** What was asked of Batch: moto keeps sizes to itself. */
  let asked: readonly unknown[];

  beforeAll(async () => {
    server = await motoServer();
    batch = new BatchClient(clientOptions(optionsFor(server)));
    sfn = new SFNClient(clientOptions(optionsFor(server)));
    asked = listen(batch);
    settings = await newBatchStack(server.endpoint, batch, sfn);
  }, 60_000);
  afterAll(async () => {
    batch.destroy();
    sfn.destroy();
    await server.close();
  });

  dispatcherContract('AWS', async () => ({
    dispatcher: awsDispatcher({ batch, sfn }, settings),
    close: async () => {},
  }));

  const short = { bytes: 3_000_000, pixels: 3840 * 2160, durationSeconds: 2 };
  const long = { ...short, durationSeconds: 7_200 };

  it('gives a short job its place, its size and its errand', async () => {
    const job = newJob("it's 100%.mov");
    const route = routeOf(job, short, { larger: 0, market: 'on-demand' });
    const { reference } = await awsDispatcher({ batch, sfn }, settings).dispatch(job, route);
    const submitted = asked.at(-1);
    const { jobs = [] } = await batch.send(new DescribeJobsCommand({ jobs: [reference] }));
    expect(jobs[0]).toMatchObject({
      jobQueue: expect.stringContaining('cpu-on-demand'),
      jobDefinition: expect.stringContaining('encode'),
      tags: { project: 'reelmill', stage: 'test', recipe: 'preserve', job: job.id },
      container: {
        environment: expect.arrayContaining([
          { name: 'S3_BUCKET', value: 'media' },
          { name: 'S3_KEY', value: "input/preserve/it's 100%.mov" },
          { name: 'JOB_ID', value: job.id },
          { name: 'REELMILL_STEP', value: 'all' },
        ]),
      },
    });
    expect(submitted).toMatchObject({
      propagateTags: true,
      containerOverrides: {
        resourceRequirements: [
          { type: 'VCPU', value: '4' },
          { type: 'MEMORY', value: '8192' },
        ],
      },
    });
  });

  it('asks for a GPU where the recipe needs one', async () => {
    const job = newJob('small.mov', { recipe: 'upscale' });
    const { reference } = await awsDispatcher({ batch, sfn }, settings).dispatch(job, routeOf(job, short));
    const submitted = asked.at(-1);
    const { jobs = [] } = await batch.send(new DescribeJobsCommand({ jobs: [reference] }));
    expect(jobs[0]).toMatchObject({
      jobQueue: expect.stringContaining('gpu-spot'),
      jobDefinition: expect.stringContaining('upscale'),
    });
    expect(submitted).toMatchObject({
      containerOverrides: { resourceRequirements: expect.arrayContaining([{ type: 'GPU', value: '1' }]) },
    });
  });

  it('starts the workflow of a long job once, however often it is told', async () => {
    const job = newJob('long.mov');
    const dispatcher = awsDispatcher({ batch, sfn }, settings);
    const { reference } = await dispatcher.dispatch(job, routeOf(job, long));
    expect(await dispatcher.dispatch(job, routeOf(job, long))).toEqual({ reference });
    const { input } = await sfn.send(new DescribeExecutionCommand({ executionArn: reference }));
    expect(JSON.parse(input ?? '')).toEqual({
      jobId: job.id,
      bucket: 'media',
      key: 'input/preserve/long.mov',
      recipe: 'preserve',
      compute: 'cpu',
      market: 'spot',
      vcpu: '4',
      memory: '8192',
    });
  });

  it('does not start again what ran under the same name with another size', async () => {
    const job = newJob('grown.mov');
    const dispatcher = awsDispatcher({ batch, sfn }, settings);
    const { reference } = await dispatcher.dispatch(job, routeOf(job, long));
    const larger = routeOf(job, long, { larger: 1, market: 'spot' });
    expect(await dispatcher.dispatch(job, larger)).toEqual({ reference });
  });

  it.each([
    {
      what: 'queue',
      broken: (s: DispatchSettings) => ({ ...s, queues: { ...s.queues, cpu: { ...s.queues.cpu, spot: 'none' } } }),
    },
    {
      what: 'job definition',
      broken: (s: DispatchSettings) => ({ ...s, jobDefinitions: { cpu: 'none', gpu: 'none' } }),
    },
  ])('throws what is a fault of the stack as it came: no such $what', async ({ broken }) => {
    const job = newJob('nowhere.mov');
    const sending = awsDispatcher({ batch, sfn }, broken(settings)).dispatch(job, routeOf(job, short));
    await expect(sending).rejects.toThrow(/none does not exist/);
    await expect(sending).rejects.not.toHaveProperty('retry');
  });
});
