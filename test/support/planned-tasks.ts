import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { bucketOptions } from '../../adapters/aws/client-options.ts';
import { s3ObjectStore } from '../../adapters/aws/s3-object-store.ts';
import { S3_DEFAULTS } from '../../adapters/aws/s3-settings.ts';
import { folderStore } from '../../adapters/local/folder-store.ts';
import { runStep, type StepPorts } from '../../app/run/run-step.ts';
import { STACK_DISKS } from '../../core/dispatch/disks.ts';
import { fanOutKey } from '../../core/dispatch/fan-out.ts';
import { SHIPPED } from '../../core/recipes/menu.ts';
import { openLocal } from '../../runtime/local-ports.ts';
import { newJob } from '../fixtures/new-job.ts';
import { fauxqsServer, optionsFor } from './aws-servers.ts';
import { sha256Of } from './hash.ts';
import { type AskedRange, loggedS3 } from './logged-s3.ts';

const never = new AbortController().signal;
const Bucket = 'media';

export type StepName = 'plan' | 'segment' | 'join' | 'all';

/** A bucket on a server that logs what is asked of it, and the containers of the workflow, each run in this process. */
export async function plannedTasks(root: string) {
  const server = await loggedS3(await fauxqsServer());
  const client = new S3Client(bucketOptions(optionsFor(server)));
  await client.send(new CreateBucketCommand({ Bucket }));
  const bucket = s3ObjectStore({ ...S3_DEFAULTS, client, bucket: Bucket, scratch: join(root, 'scratch') });
  const local = await openLocal(join(root, 'work'), never, () => {});
  let caches = 0;

  /** A job whose source lies in the bucket, with a cache of its own. */
  async function dropped(key: string, source: Uint8Array, settings: Readonly<Record<string, string | boolean>>) {
    const job = newJob(key, { settings, failureKey: `failed/${key}.json` });
    const cache = join(root, `cache-${++caches}`);
    const ports: StepPorts = {
      ...local.portsFor({ sources: root, outputs: root }),
      ...{ sources: bucket, outputs: bucket, cache: folderStore(cache), menu: async () => SHIPPED, disks: STACK_DISKS },
    };
    await bucket.write(job.source, source, 'video/mp4');
    await ports.jobs.create(job);
    const run = (step: StepName, index = 0) => {
      const asked = step === 'segment' ? { job: job.id, step, index } : { job: job.id, step };
      return runStep(asked, ports, { signal: never, onEvent: () => {} });
    };
    /** What was asked of the source since the log was emptied last. */
    const fetched = (): readonly AskedRange[] => server.asked.filter(({ path }) => path.endsWith(job.source));
    return { job, cache, ports, run, fetched };
  }

  type Dropped = Awaited<ReturnType<typeof dropped>>;

  /** Says among how many tasks the pieces of a job are shared. */
  const divided = ({ job }: Pick<Dropped, 'job'>, tasks: number) =>
    bucket.write(fanOutKey(job.id), JSON.stringify({ tasks, vcpu: '2', memory: '4096' }), 'application/json');

  return {
    server,
    bucket,
    dropped,
    divided,
    /** Runs so many tasks; returns what each has fetched of the source. */
    async shared(dropped: Dropped, tasks: number): Promise<readonly (readonly AskedRange[])[]> {
      const { run, fetched } = dropped;
      await divided(dropped, tasks);
      const ranges: AskedRange[][] = [];
      for (let index = 0; index < tasks; index++) {
        server.asked.length = 0;
        const outcome = await run('segment', index);
        if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome));
        ranges.push([...fetched()]);
      }
      return ranges;
    },
    async close() {
      await local.close();
      client.destroy();
      await server.close();
    },
  };
}

/** The hashes of the pieces in a cache and what their records say, by their keys. */
export async function piecesIn(cache: string): Promise<Readonly<Record<string, string>>> {
  const names = await readdir(cache, { recursive: true }).catch(() => []);
  const files = names.filter((name) => /\.nut(\.json)?$/.test(name)).sort();
  const contentOf = async (name: string) => {
    const bytes = await readFile(join(cache, name));
    return name.endsWith('.json') ? bytes.toString().replace(ADDRESS, '') : sha256Of(bytes);
  };
  return Object.fromEntries(await Promise.all(files.map(async (name) => [name, await contentOf(name)] as const)));
}

/** Where a decoder lay in memory, which its messages tell. */
const ADDRESS = /@ 0x[0-9a-f]+/g;

export const bytesAsked = (ranges: readonly AskedRange[]): number =>
  ranges.reduce((sum, { start, end }) => sum + end - start, 0);
