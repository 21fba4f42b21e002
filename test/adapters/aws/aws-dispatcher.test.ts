import { BatchClient, DescribeJobsCommand } from '@aws-sdk/client-batch';
import { CreateBucketCommand, DeleteObjectCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { awsDispatcher, type DispatchClients } from '../../../adapters/aws/aws-dispatcher.ts';
import { bucketOptions, clientOptions } from '../../../adapters/aws/client-options.ts';
import type { DispatchSettings } from '../../../adapters/aws/dispatch-settings.ts';
import { burstOf } from '../../../core/dispatch/burst.ts';
import { NO_ESCALATION, routeOf } from '../../../core/dispatch/route.ts';
import { jobInvokedAt } from '../../../core/job/invocation.ts';
import { dispatchName } from '../../../core/job/job.ts';
import { needsOfJob } from '../../../core/recipes/needs-of.ts';
import { dispatcherContract } from '../../contracts/dispatcher.ts';
import { newJob } from '../../fixtures/new-job.ts';
import { type AwsServer, motoServer, optionsFor } from '../../support/aws-servers.ts';
import { newBatchStack } from '../../support/batch-stack.ts';
import { listen } from '../../support/listen.ts';
import { describeOnMoto } from '../../support/on-moto.ts';

await describeOnMoto('the dispatcher with an endpoint', () => {
  dispatcherContract('AWS with an endpoint', async () => {
    const server = await motoServer();
    const options = clientOptions(optionsFor(server));
    const [batch, sfn, runtime] = [
      new BatchClient(options),
      new SFNClient(options),
      new SageMakerRuntimeClient(options),
    ];
    const s3 = new S3Client(bucketOptions(optionsFor(server)));
    await s3.send(new CreateBucketCommand({ Bucket: 'media' }));
    const settings = { ...(await newBatchStack(server.endpoint, batch, sfn)), endpoint: 'reelmill-test-upscale' };
    return {
      dispatcher: awsDispatcher({ batch, sfn, s3, runtime: async () => runtime }, settings),
      close: async () => {
        for (const client of [batch, sfn, s3, runtime]) client.destroy();
        await server.close();
      },
    };
  });
});

await describeOnMoto('the dispatcher to Batch and Step Functions', () => {
  let server: AwsServer;
  let batch: BatchClient;
  let sfn: SFNClient;
  let settings: DispatchSettings;
  let s3: S3Client;
  let runtime: SageMakerRuntimeClient;
  let clients: DispatchClients;
  /** What was asked of Batch: moto keeps sizes to itself. */
  let asked: readonly unknown[];

  beforeAll(async () => {
    server = await motoServer();
    batch = new BatchClient(clientOptions(optionsFor(server)));
    sfn = new SFNClient(clientOptions(optionsFor(server)));
    asked = listen(batch);
    settings = await newBatchStack(server.endpoint, batch, sfn);
    s3 = new S3Client(bucketOptions(optionsFor(server)));
    runtime = new SageMakerRuntimeClient(clientOptions(optionsFor(server)));
    clients = { batch, sfn, s3, runtime: async () => runtime };
    await s3.send(new CreateBucketCommand({ Bucket: 'media' }));
  });
  afterAll(async () => {
    for (const client of [batch, sfn, s3, runtime]) client.destroy();
    await server.close();
  });

  dispatcherContract('AWS', async () => ({
    dispatcher: awsDispatcher(clients, settings),
    close: async () => {},
  }));

  const withEndpoint = () => ({ ...settings, endpoint: 'reelmill-test-upscale' });
  const short = { bytes: 3_000_000, pixels: 3840 * 2160, durationSeconds: 2 };
  const long = { ...short, durationSeconds: 7_200 };

  it('gives a short job its place, its size and its step', async () => {
    const job = { ...newJob("it's 100%.mov"), priority: 120 };
    const route = routeOf(needsOfJob(job), short, { larger: 0, market: 'on-demand' });
    const { reference } = await awsDispatcher(clients, settings).dispatch(job, route);
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
      shareIdentifier: 'drops',
      schedulingPriorityOverride: 120,
      containerOverrides: {
        resourceRequirements: [
          { type: 'VCPU', value: '4' },
          { type: 'MEMORY', value: '8192' },
        ],
      },
    });
  });

  it('sends a burst as one array over a list, whose containers find their jobs in it', async () => {
    const jobs = ['a.mov', "it's 100%.mov", 'c.mov'].map((name) => ({ ...newJob(`burst/${name}`), priority: 7 }));
    const small = { bytes: 3_000, pixels: 1280 * 720, durationSeconds: 2 };
    const ready = jobs.map((job) => {
      const needs = needsOfJob(job);
      return { job, needs, facts: small, route: routeOf(needs, small), escalation: NO_ESCALATION };
    });
    const [a, b, c] = ready;
    if (!(a && b && c)) throw new Error('three jobs');
    const burst = burstOf(a, [[a, b], [c]]);
    const sent = await awsDispatcher(clients, settings).dispatchTogether(burst);
    expect(asked.at(-1)).toMatchObject({
      jobQueue: 'cpu-spot',
      arrayProperties: { size: 2 },
      schedulingPriorityOverride: 7,
      shareIdentifier: 'drops',
      tags: { project: 'reelmill', stage: 'test', recipe: 'preserve', burst: burst.name },
      containerOverrides: {
        environment: [
          { name: 'S3_BUCKET', value: 'media' },
          { name: 'REELMILL_STEP', value: 'burst' },
          { name: 'REELMILL_BURST', value: burst.name },
        ],
        resourceRequirements: [
          { type: 'VCPU', value: '2' },
          { type: 'MEMORY', value: '4096' },
        ],
      },
    });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'media', Key: `work/burst/${burst.name}.json` }));
    expect(JSON.parse((await Body?.transformToString()) ?? '')).toEqual({
      containers: [
        [a, b].map(({ job }) => ({ job: job.id, key: job.source, bytes: 3_000 })),
        [{ job: c.job.id, key: c.job.source, bytes: 3_000 }],
      ],
    });
    const references = sent.map((each) => each.map(({ reference }) => reference));
    const [[parent = '']] = [references[0]?.map((reference) => reference.replace(':0', '')) ?? []];
    expect(references).toEqual([[`${parent}:0`, `${parent}:0`], [`${parent}:1`]]);
  });

  it('asks for a GPU where the recipe needs one', async () => {
    const job = newJob('small.mov', { recipe: 'upscale' });
    const { reference } = await awsDispatcher(clients, settings).dispatch(job, routeOf(needsOfJob(job), short));
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

  describe('to an endpoint', () => {
    const job = newJob("it's 100%.mov", { recipe: 'upscale' });

    it('puts the step of a short job where the container reads it', async () => {
      const heard = listen(runtime);
      const { reference } = await awsDispatcher(clients, withEndpoint()).dispatch(job, routeOf(needsOfJob(job), short));
      const [, Key = ''] = reference.split('s3://media/');
      const { Body, ContentType, ContentEncoding } = await s3.send(new GetObjectCommand({ Bucket: 'media', Key }));
      expect(JSON.parse((await Body?.transformToString()) ?? '')).toEqual({
        job: job.id,
        key: job.source,
        step: 'all',
      });
      expect([ContentType, ContentEncoding]).toEqual(['application/json', undefined]);
      expect(jobInvokedAt(reference)).toBe(job.id);
      expect(heard).toEqual([
        {
          EndpointName: 'reelmill-test-upscale',
          InputLocation: reference,
          InferenceId: dispatchName(job),
          ContentType: 'application/json',
          RequestTTLSeconds: 21_600,
          InvocationTimeoutSeconds: 3_600,
        },
      ]);
    });

    it.each([
      {
        what: 'a job on demand',
        route: routeOf(needsOfJob(job), short, { larger: 0, market: 'on-demand' }),
        queue: 'gpu-on-demand',
      },
      {
        what: 'a job for no card',
        route: routeOf(needsOfJob({ recipe: 'preserve', settings: {} }), short),
        queue: 'cpu-spot',
      },
    ])('leaves $what to Batch', async ({ route, queue, what }) => {
      const other = newJob(`${what}.mov`, { recipe: 'upscale' });
      const { reference } = await awsDispatcher(clients, withEndpoint()).dispatch(other, route);
      const { jobs = [] } = await batch.send(new DescribeJobsCommand({ jobs: [reference] }));
      expect(jobs[0]?.jobQueue).toContain(queue);
    });

    it('counts as waiting until there is an answer, and as unknown without a receipt', async () => {
      const other = newJob('waits.mov', { recipe: 'upscale' });
      const dispatcher = awsDispatcher(clients, withEndpoint());
      const { reference } = await dispatcher.dispatch(other, routeOf(needsOfJob(other), short));
      expect(await dispatcher.progress(reference)).toEqual({ status: 'ended' }); // moto answers at once
      const [, Key = ''] = `${reference}.receipt`.split('s3://media/');
      const receipt = await s3.send(new GetObjectCommand({ Bucket: 'media', Key }));
      const { output } = JSON.parse((await receipt.Body?.transformToString()) ?? '');
      const { hostname: Bucket, pathname } = new URL(output);
      await s3.send(new DeleteObjectCommand({ Bucket, Key: pathname.slice(1) }));
      expect(await dispatcher.progress(reference)).toEqual({ status: 'waiting', sinceMs: expect.any(Number) });
      await s3.send(new DeleteObjectCommand({ Bucket: 'media', Key }));
      expect(await dispatcher.progress(reference)).toEqual({ status: 'unknown' });
      expect(await dispatcher.find(other, routeOf(needsOfJob(other), short))).toBeUndefined();
    });
  });

  it('starts the workflow of a long job once, however often it is dispatched', async () => {
    const job = newJob('long.mov');
    const dispatcher = awsDispatcher(clients, settings);
    const { reference } = await dispatcher.dispatch(job, routeOf(needsOfJob(job), long));
    expect(await dispatcher.dispatch(job, routeOf(needsOfJob(job), long))).toEqual({ reference });
    const { input } = await sfn.send(new DescribeExecutionCommand({ executionArn: reference }));
    expect(JSON.parse(input ?? '')).toEqual({
      jobId: job.id,
      disk: 0,
      bucket: 'media',
      key: 'input/preserve/long.mov',
      recipe: 'preserve',
      compute: 'cpu',
      market: 'spot',
      vcpu: '4',
      memory: '8192',
      wanted: { priority: 0 },
    });
  });

  it('does not start again what ran under the same name with another size', async () => {
    const job = newJob('grown.mov');
    const dispatcher = awsDispatcher(clients, settings);
    const { reference } = await dispatcher.dispatch(job, routeOf(needsOfJob(job), long));
    const larger = routeOf(needsOfJob(job), long, { larger: 1, market: 'spot' });
    expect(await dispatcher.dispatch(job, larger)).toEqual({ reference });
  });

  it.each([
    {
      what: 'queue',
      broken: (s: DispatchSettings) => ({
        ...s,
        targets: {
          ...s.targets,
          cpu: s.targets.cpu?.map((each) => ({ ...each, queues: { spot: 'none', 'on-demand': 'none' } })),
        },
      }),
    },
    {
      what: 'job definition',
      broken: (s: DispatchSettings) => ({
        ...s,
        targets: { ...s.targets, cpu: s.targets.cpu?.map((each) => ({ ...each, definition: 'none' })) },
      }),
    },
  ])('throws what is a fault of the stack as it came: no such $what', async ({ broken }) => {
    const job = newJob('nowhere.mov');
    const sending = awsDispatcher(clients, broken(settings)).dispatch(job, routeOf(needsOfJob(job), short));
    await expect(sending).rejects.toThrow(/none does not exist/);
    await expect(sending).rejects.not.toHaveProperty('retry');
  });
});
