import { type JobId, jobId } from './job.ts';

/** The folder of requests to an endpoint. Only functions and the endpoint read or write it. */
const FOLDER = 'work/endpoint/';

/** The location of the request that asks an endpoint for a job. */
export const invocationLocation = (bucket: string, dispatchName: string): string =>
  `s3://${bucket}/${FOLDER}${dispatchName}`;

/** Returns the job that a request at this location asks for; undefined if the location is not one of ours. */
export function jobInvokedAt(location: string): JobId | undefined {
  const [, name = ''] = location.split(`/${FOLDER}`);
  return jobId.safeParse(name.slice(0, name.lastIndexOf('-'))).data;
}

/** Whether a reference names an invocation of an endpoint. */
export const isInvocation = (reference: string): boolean => reference.startsWith('s3://');
