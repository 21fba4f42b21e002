import * as z from 'zod/mini';
import { jobId } from './job.ts';

/** The folder of the lists. Functions write them, and containers and functions read them. */
const FOLDER = 'work/burst/';

/** The key of the list by which the containers of a burst know their jobs. */
export const burstListKey = (name: string): string => `${FOLDER}${name}.json`;

/** A job in the list of a burst: what its container is told of it before it reads the job's row. */
const listedJob = z.object({ job: jobId, key: z.string(), bytes: z.number() });
export type ListedJob = z.infer<typeof listedJob>;

const listSchema = z.object({ containers: z.array(z.array(listedJob)) });

/** Returns the list of which container makes which jobs, as the JSON that `jobsInContainer` reads. */
export const burstListText = (containers: readonly (readonly ListedJob[])[]): string => JSON.stringify({ containers });

/** Returns the jobs of one container; none if the list has no such container. */
export const jobsInContainer = (list: Uint8Array, index: number): readonly ListedJob[] =>
  listSchema.parse(JSON.parse(new TextDecoder().decode(list))).containers[index] ?? [];

/** How the container of a burst is known from its reference: an array's containers have their number behind a colon. */
export const containerReference = (
  reference: string,
  { index, of }: { readonly index: number; readonly of: number },
) => (of > 1 ? `${reference}:${index}` : reference);
