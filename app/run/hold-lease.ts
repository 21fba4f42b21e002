import { ServiceError } from '../../core/errors.ts';
import type { Job } from '../../core/job/job.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { JobRequest } from '../job-request.ts';
import type { RunOptions } from './run-options.ts';

export type HeldLease = {
  /** Aborts when another process has taken the job, for example after this machine was suspended. */
  readonly lost: AbortSignal;
  job(): Promise<Job>;
  /** Throws `busy` if the lease was lost. */
  save(job: Job): Promise<void>;
  release(): Promise<void>;
};

const LEASE_MS = 60_000;
const RENEW_MS = 15_000;
const POLL_MS = 500;

/** Creates the job if needed and takes its lease; undefined if another process has it and waiting was not requested. */
export async function holdLease(
  request: JobRequest,
  ports: Ports,
  { signal, onEvent, ifBusy }: RunOptions,
): Promise<HeldLease | undefined> {
  const { jobs, clock } = ports;
  await jobs.create(newJob(request, clock.now()));
  const owner = ports.newOwner();
  const claim = () => jobs.claim(request.id, { owner, until: clock.now() + LEASE_MS }, clock.now());
  for (let told = false; !(await claim()); told = true) {
    if (ifBusy === 'leave') return undefined;
    if (!told) onEvent({ type: 'job.waiting', job: request.id, source: request.source });
    if (signal.aborted)
      throw new ServiceError('interrupted', 'stopped while another process works on the job, which goes on there');
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const lost = new AbortController();
  const renewal = setInterval(() => {
    claim().then(
      (held) => held || lost.abort(new ServiceError('busy', 'another process took the job over')),
      () => {}, // the next renewal may succeed; the lease outlasts several of them
    );
  }, RENEW_MS);
  return {
    lost: lost.signal,
    async job() {
      const job = await jobs.get(request.id);
      if (!job) throw new ServiceError('busy', `job ${request.id} has vanished from the job table`);
      const { source, settings, version, outputPrefix, failureKey, films, replaces, places } = request;
      const where = { source, outputPrefix, failureKey, films, replaces, ...(places && { places: { ...places } }) };
      return { ...job, ...where, settings: { ...settings }, ...(version !== undefined && { version }) };
    },
    async save(job) {
      if (!(await jobs.save(job, owner))) throw new ServiceError('busy', 'another process took the job over');
    },
    async release() {
      clearInterval(renewal);
      await jobs.release(request.id, owner).catch(() => {}); // a lease that cannot be released expires
    },
  };
}

const newJob = (request: JobRequest, now: number): Job => ({
  id: request.id,
  recipe: request.recipe.id,
  source: request.source,
  outputPrefix: request.outputPrefix,
  failureKey: request.failureKey,
  ...(request.films && { films: request.films }),
  ...(request.replaces && { replaces: request.replaces }),
  ...(request.places && { places: { ...request.places } }),
  settings: { ...request.settings },
  createdMs: now,
  updatedMs: now,
  state: { status: 'queued' },
  published: [],
});
