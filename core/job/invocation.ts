import { type JobId, jobId } from './job.ts';

/** What an endpoint is to do lies here, and what it answers below; only functions and the endpoint come here. */
const FOLDER = 'work/endpoint/';

export const invocationLocation = (bucket: string, dispatchName: string): string =>
  `s3://${bucket}/${FOLDER}${dispatchName}`;

/** The job that is asked for at such a place; undefined where the place is none of ours. */
export function jobInvokedAt(location: string): JobId | undefined {
  const [, name = ''] = location.split(`/${FOLDER}`);
  return jobId.safeParse(name.slice(0, name.lastIndexOf('-'))).data;
}

export const isInvocation = (reference: string): boolean => reference.startsWith('s3://');
