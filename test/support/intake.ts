import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderInbox } from '../../adapters/local/folder-inbox.ts';
import { folderStore } from '../../adapters/local/folder-store.ts';
import { sqliteDemandStore } from '../../adapters/local/sqlite-demand-store.ts';
import { type SqliteJobStore, sqliteJobStore } from '../../adapters/local/sqlite-job-store.ts';
import { sqliteOnce } from '../../adapters/local/sqlite-once.ts';
import { sender } from '../../app/dispatch/send-job.ts';
import type { SettlePorts } from '../../app/dispatch/settle-job.ts';
import type { DropPorts } from '../../app/intake/take-drop.ts';
import { STACK_DISKS } from '../../core/dispatch/disks.ts';
import type { Route } from '../../core/dispatch/route.ts';
import { bucketRules } from '../../core/job/intake-rules.ts';
import { dispatchName, type Job } from '../../core/job/job.ts';
import type { Progress } from '../../core/ports/dispatcher.ts';
import type { Figure } from '../../core/ports/meter.ts';
import type { Notice } from '../../core/ports/notifier.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { SHIPPED } from '../../core/recipes/menu.ts';
import { listedPrices } from '../../core/storage/list-prices.ts';

type Sent = { readonly job: Job; readonly route: Route; readonly reference: string };

/** What use cases of the queue need, on local twins, with everything in sight that they do to the outside. */
export type TestIntake = DropPorts &
  SettlePorts & {
    readonly folder: ObjectStore;
    readonly jobs: SqliteJobStore;
    /** What was sent, in order. */
    readonly sent: Sent[];
    readonly notices: Notice[];
    readonly figures: Figure[];
    /** What each reference is at. */
    readonly progressOf: Map<string, Progress>;
    /** Thrown by the next sending; after: once it is sent. */
    failNext(when: 'before' | 'after', error: Error): void;
    failNextNotice(error: Error): void;
    pass(milliseconds: number): void;
    close(): Promise<void>;
  };

export async function testIntake(): Promise<TestIntake> {
  const root = await mkdtemp(join(tmpdir(), 'reelmill-drops-'));
  const folder = folderStore(join(root, 'store'));
  const jobs = sqliteJobStore(join(root, 'jobs.sqlite'), () => true);
  const demand = sqliteDemandStore(join(root, 'jobs.sqlite'));
  const once = sqliteOnce(join(root, 'jobs.sqlite'));
  const sent: Sent[] = [];
  const notices: Notice[] = [];
  const figures: Figure[] = [];
  const progressOf = new Map<string, Progress>();
  let now = 1_000_000;
  let failure: { readonly when: 'before' | 'after'; readonly error: Error } | undefined;
  let noticeFailure: Error | undefined;

  const fails = (when: 'before' | 'after') => {
    if (failure?.when !== when) return;
    const { error } = failure;
    failure = undefined;
    throw error;
  };

  const intake: TestIntake = {
    store: 'media',
    rules: bucketRules({ hasGpu: true, refusesSize: () => undefined }),
    disks: STACK_DISKS,
    refusals: undefined,
    send: (job, how) => sender(intake)(job, how),
    folder,
    jobs,
    sent,
    notices,
    figures,
    progressOf,
    inbox: folderInbox(folder),
    restores: { tier: 'bulk', prices: listedPrices() },
    spending: undefined,
    outputs: folder,
    once,
    demand,
    menu: async () => SHIPPED,
    clock: { now: () => now, elapsed: () => now, newId: () => 'id' },
    link: (prefix) => `https://example.org/${prefix}`,
    notifier: {
      async notify(notice) {
        const error = noticeFailure;
        noticeFailure = undefined;
        if (error) throw error;
        notices.push(notice);
      },
    },
    meter: {
      async record(more) {
        figures.push(...more);
      },
    },
    dispatcher: {
      async dispatch(job, route) {
        fails('before');
        const reference = `sent-${sent.length + 1}`;
        sent.push({ job, route, reference });
        progressOf.set(reference, { status: 'running' });
        fails('after');
        return { reference };
      },
      async dispatchTogether({ route, containers }) {
        fails('before');
        const references = containers.map((jobs) => {
          const reference = `sent-${sent.length + 1}`;
          for (const { job } of jobs) sent.push({ job, route, reference });
          progressOf.set(reference, { status: 'running' });
          return jobs.map(() => ({ reference }));
        });
        fails('after');
        return references;
      },
      async find(job) {
        const found = sent.find((each) => dispatchName(each.job) === dispatchName(job));
        return found && { reference: found.reference };
      },
      progress: async (reference) => progressOf.get(reference) ?? { status: 'unknown' },
    },
    failNext: (when, error) => {
      failure = { when, error };
    },
    failNextNotice: (error) => {
      noticeFailure = error;
    },
    pass: (milliseconds) => {
      now += milliseconds;
    },
    close: async () => {
      jobs.close();
      demand.close();
      once.close();
      await rm(root, { recursive: true, force: true });
    },
  };
  return intake;
}
