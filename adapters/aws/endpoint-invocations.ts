import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import * as z from 'zod/mini';
import { invocationLocation } from '../../core/job/invocation.ts';
import { dispatchName, type Job } from '../../core/job/job.ts';
import type { Progress } from '../../core/ports/dispatcher.ts';
import { asking, unless } from './aws-failure.ts';
import type { DispatchSettings } from './dispatch-settings.ts';

/** The clients of an endpoint. `runtime` is opened only when something is sent, because few stacks have an endpoint. */
export type EndpointClients = { readonly s3: S3Client; readonly runtime: () => Promise<SageMakerRuntimeClient> };

/** The limits of an asynchronous endpoint: the time to wait for an instance, and the time of an invocation. */
const WAITING_SECONDS = 6 * 3600;
const WORKING_SECONDS = 3600;

/** The locations of SageMaker's answer, kept beside the request, because SageMaker does not tell them again. */
const receiptSchema = z.object({ atMs: z.number(), output: z.string(), failure: z.string() });

/**
 * Invokes the endpoint for a job. The request is an object that SageMaker gives to the container, and its location is the
 * reference. After a lost answer an invocation has no receipt and is sent again; the second finds the job claimed or done.
 */
export function invokeEndpoint({ s3, runtime }: EndpointClients, endpoint: string, bucket: string, job: Job) {
  return asking(`put job ${job.id} before the endpoint`, async () => {
    const name = dispatchName(job);
    const reference = invocationLocation(bucket, name);
    const Body = JSON.stringify({ job: job.id, key: job.source, step: 'all' });
    await s3.send(new PutObjectCommand({ ...objectAt(reference), Body, ContentType: 'application/json' }));
    const { InvokeEndpointAsyncCommand } = await import('@aws-sdk/client-sagemaker-runtime');
    const answer = await (await runtime()).send(
      new InvokeEndpointAsyncCommand({
        EndpointName: endpoint,
        InputLocation: reference,
        InferenceId: name,
        ContentType: 'application/json',
        RequestTTLSeconds: WAITING_SECONDS,
        InvocationTimeoutSeconds: WORKING_SECONDS,
      }),
    );
    const { OutputLocation: output = '', FailureLocation: failure = '' } = answer;
    const receipt: z.infer<typeof receiptSchema> = { atMs: Date.now(), output, failure };
    await s3.send(new PutObjectCommand({ ...objectAt(receiptFor(reference)), Body: JSON.stringify(receipt) }));
    return { reference };
  });
}

/** Returns the reference of a job's invocation; undefined if it was not invoked. */
export function findInvocation({ s3 }: EndpointClients, { bucket }: DispatchSettings, job: Job) {
  return asking(`look for the invocation of job ${job.id}`, async () => {
    const reference = invocationLocation(bucket, dispatchName(job));
    return (await exists(s3, receiptFor(reference))) ? { reference } : undefined;
  });
}

/** Returns the progress of an invocation. Until it has an answer it counts as waiting: SageMaker does not say when it begins. */
export function invocationProgress({ s3 }: EndpointClients, reference: string): Promise<Progress> {
  return asking(`look after ${reference}`, async () => {
    const found = await unless('NoSuchKey', s3.send(new GetObjectCommand(objectAt(receiptFor(reference)))));
    const text = await found?.Body?.transformToString();
    if (text === undefined) return { status: 'unknown' };
    const { atMs, output, failure } = receiptSchema.parse(JSON.parse(text));
    for (const location of [output, failure].filter(Boolean)) {
      if (await exists(s3, location)) return { status: 'ended' };
    }
    const isOver = Date.now() > atMs + (WAITING_SECONDS + WORKING_SECONDS) * 1000;
    return isOver ? { status: 'ended' } : { status: 'waiting', sinceMs: atMs };
  });
}

const receiptFor = (reference: string) => `${reference}.receipt`;

const exists = async (s3: S3Client, location: string) =>
  (await unless('NotFound', s3.send(new HeadObjectCommand(objectAt(location))))) !== undefined;

function objectAt(location: string): { readonly Bucket: string; readonly Key: string } {
  const { hostname: Bucket, pathname } = new URL(location);
  return { Bucket, Key: decodeURIComponent(pathname.slice(1)) };
}
