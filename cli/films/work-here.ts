import type { SendJob } from '../../app/dispatch/send-job.ts';
import { requestFor } from '../../app/request-for.ts';
import type { MadeJob } from '../../app/run/make-anew.ts';
import { runJob } from '../../app/run/run-job.ts';
import type { RunOptions } from '../../app/run/run-options.ts';
import { type FilmLoad, type FilmsAtOnce, mayBegin } from '../../core/dispatch/films-at-once.ts';
import { asServiceError, ServiceError } from '../../core/errors.ts';
import { CANCELLED } from '../../core/job/cancelled.ts';
import type { Job, JobId } from '../../core/job/job.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Menu } from '../../core/recipes/menu.ts';
import { needsOfJob } from '../../core/recipes/needs-of.ts';
import { localDispatcher } from '../../runtime/folder-intake.ts';
import type { LocalPorts } from '../../runtime/local-ports.ts';
import { portsPerSource } from '../../runtime/ports-per-source.ts';
import { filmName } from '../telling/film-name.ts';
import { fateOfFailure, NO_JOB } from '../telling/film-result.ts';
import { tellOutcome } from '../telling/tell-outcome.ts';
import type { Teller } from '../telling/teller.ts';
import { printable } from '../terminal/printable.ts';

type WorkHereOptions = {
  readonly local: LocalPorts;
  readonly teller: Teller;
  readonly signal: AbortSignal;
  readonly ifBusy: RunOptions['ifBusy'];
  /** How many films are worked on at the same time. */
  readonly films: FilmsAtOnce;
  /** Whether jobs also make again what is unchanged. */
  readonly remake?: boolean | undefined;
  menu(): Promise<Menu>;
  /** Returns the priorities of waiting jobs. By default jobs run in the order in which they were sent. */
  readonly priorities?: (jobs: readonly Job[]) => Promise<readonly number[]>;
  /** Whether no job begins before `start` is called. */
  readonly isHeld?: boolean;
  /** Is called with what a job has made, or found to be made. */
  readonly onMade?: (job: Job, made: MadeJob) => Promise<void>;
  /** Returns the job as it is asked for at the moment when it begins. */
  readonly atItsTurn?: (job: Job) => Promise<Job>;
};

export type WorkHere = {
  readonly send: SendJob;
  readonly portsOf: ReturnType<typeof portsPerSource>;
  /** Takes a job out of the queue, or ends the work on it and waits for that. False if it neither waits nor runs here. */
  stop(job: JobId): Promise<boolean>;
  start(): void;
  /** Resolves when every job that was sent has begun. */
  begun(): Promise<void>;
  /** Resolves when every job that was sent has ended and was told of. */
  idle(): Promise<void>;
  /** Reports a failure outside of a job. Without a source it is that of a folder, which counts as no film. */
  fail(source: string, error: unknown): void;
  /** The exit code of the first failure; 0 if there was none. */
  exitCode(): number;
};

/**
 * Runs jobs in this process, small ones beside each other, and tells people of each, in the order in which they began. After an interruption
 * it begins no other job.
 */
export function workHere(options: WorkHereOptions): WorkHere {
  const {
    local,
    teller,
    signal,
    ifBusy,
    films,
    menu,
    priorities = inOrder,
    isHeld = false,
    atItsTurn,
    onMade,
    remake = false,
  } = options;
  const portsOf = portsPerSource(local, films.most + 1);
  /** When each job was sent, by which a cancellation before that is told from one behind it. */
  const sentMs = new Map<JobId, number>();
  const running = new Map<JobId, { readonly stop: AbortController; readonly ended: Promise<void> }>();
  const bytesOf = new Map<JobId, number | undefined>();
  /** What is told of a job waits for what is told of those that began before it. */
  let told = Promise.resolve();
  let exitCode = 0;
  let isBegun = false;

  async function work(sent: Job): Promise<void> {
    if (signal.aborted && isBegun) return;
    isBegun = true;
    const stop = new AbortController();
    const over = new AbortController();
    const sinceMs = sentMs.get(sent.id) ?? 0;
    const onCancel = () => stop.abort(new ServiceError(CANCELLED.code, CANCELLED.reason));
    local.cancels.watch(sent.id, sinceMs, { signal: AbortSignal.any([stop.signal, over.signal]), onCancel });
    const outcome = workOn(sent, AbortSignal.any([signal, stop.signal]));
    const ended = outcome.then(() => {});
    told = told.then(async () => (await outcome)()).catch((error) => fail('', error));
    running.set(sent.id, { stop, ended });
    await ended.finally(() => {
      over.abort();
      running.delete(sent.id);
      sentMs.delete(sent.id);
      bytesOf.delete(sent.id);
    });
  }

  /** Works on a job, and returns the function that tells people what came of it. */
  async function workOn(sent: Job, until: AbortSignal): Promise<() => Promise<void>> {
    try {
      const job = atItsTurn ? await atItsTurn(sent) : sent;
      const request = { ...requestFor(job, await menu()), remake };
      const ports = portsOf(job);
      teller.name(job.id, filmName(job));
      const outcome = await runJob(request, ports, {
        ...{ signal: until, onEvent: teller.onEvent, ifBusy },
        sentMs: sentMs.get(sent.id),
      });
      if (outcome.status === 'done' || outcome.status === 'unchanged') await onMade?.(job, outcome);
      return async () => {
        const code = await tellOutcome(outcome, request, ports, teller);
        exitCode ||= code;
      };
    } catch (error) {
      const failure = asServiceError(error);
      const { code, message: reason } = failure;
      teller.onEvent({ type: 'job.failed', job: sent.id, code, reason });
      return async () => {
        teller.finished({ source: filmName(sent), recipe: sent.recipe, ...fateOfFailure({ code, reason }) });
        if (code === 'bug' && error instanceof Error) teller.say(`${error.stack}`, 'always');
        exitCode ||= failure.exitCode;
      };
    }
  }

  const loadOf = (job: Job): FilmLoad => ({
    source: JSON.stringify([job.places?.sources, job.source]),
    bytes: bytesOf.get(job.id),
    engine: needsOfJob(job).engine,
  });

  const fail = (source: string, error: unknown) => {
    const failure = asServiceError(error);
    const { code, message } = failure;
    teller.onEvent({ type: 'job.failed', code, reason: source === '' ? message : `${source}: ${message}` });
    if (source === '') teller.say(printable(message), 'always');
    else teller.finished({ source, recipe: NO_JOB, ...fateOfFailure({ code, reason: message }) });
    exitCode ||= failure.exitCode;
  };
  const dispatcher = localDispatcher(work, {
    ...{ priorities, isHeld, report: (error) => fail('', error) },
    mayBegin: (job, others) => mayBegin(loadOf(job), others.map(loadOf), films),
  });
  return {
    async send(job) {
      sentMs.set(job.id, local.clock.now());
      if (films.most > 1) bytesOf.set(job.id, await bytesIn(job, portsOf(job)));
      await dispatcher.dispatch(job);
      return 'sent';
    },
    portsOf,
    async stop(id) {
      if (dispatcher.withdraw(id)) return true;
      const work = running.get(id);
      work?.stop.abort(new ServiceError(CANCELLED.code, CANCELLED.reason));
      await work?.ended;
      return work !== undefined;
    },
    start: dispatcher.start,
    begun: dispatcher.begun,
    async idle() {
      await dispatcher.idle();
      await told;
    },
    fail,
    exitCode: () => exitCode,
  };
}

/** The size of a job's source; undefined where it is no single file. */
const bytesIn = async ({ source }: Job, { sources }: Pick<Ports, 'sources'>) =>
  (await sources.head(source).catch(() => undefined))?.bytes;

const inOrder = async (jobs: readonly Job[]) => jobs.map(() => 0);
