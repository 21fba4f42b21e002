import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Held } from '../../test/support/storms/held.ts';
import { soakedServer, watchedFolder } from '../../test/support/storms/load.ts';
import type { Asked, Storm, StormTable } from './storm.ts';

const CLIENTS = 100;
/** A server may hold this much more at the end of a soak than after its start. */
const GROWTH = 1.15;

export const load: Storm = {
  name: 'load',
  about:
    '`watched`: so many films of one frame (64x48, each with bytes of its own, really encoded) in a folder that `watch --once` does. `soak`: `serve` for so many seconds, with 100 clients that ask for the list of jobs five times a second and a film every ten seconds. Memory and open files are those of the process of the command alone, medians of the second and of the last quarter of the time. A fault is a film that is not done, a source that is gone, or more than 15 % growth. The storm of 10,000 drops with three deliveries each is `npm run bench -- burst`, the answers to 100 clients `npm run bench -- api` ([benchmarks](benchmarks.md)).',
  usual: 60,
  ways: ['watched', 'soak'],
  async run(asked) {
    await mkdir(asked.folder, { recursive: true });
    const root = await mkdtemp(join(resolve(asked.folder), 'load-'));
    try {
      return asked.way === 'soak' ? await soak(asked, root) : await watched(asked, root);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  },
};

async function watched({ count, said }: Asked, root: string): Promise<StormTable> {
  const found = await watchedFolder(count, root);
  const { done, failed, sourcesKept, seconds } = found;
  const fault = done === count && failed === 0 && sourcesKept === count ? undefined : `${done} done, ${failed} failed`;
  const growth = grown(found);
  for (const each of [fault, growth]) said(each);
  return tableOf(
    found,
    [
      ['films', count],
      ['done', done],
      ['failed', failed],
      ['sources left as they were', sourcesKept],
      ['seconds', seconds.toFixed(0)],
    ],
    [fault, growth],
  );
}

async function soak({ count, said }: Asked, root: string): Promise<StormTable> {
  const found = await soakedServer({ seconds: count, clients: CLIENTS }, root);
  const growth = grown(found);
  said(growth);
  return tableOf(
    found,
    [
      ['seconds', count],
      ['answers', found.answers],
      ['films meanwhile', found.films],
    ],
    [growth],
  );
}

type Growing = { readonly early: Held; readonly late: Held };

const grown = ({ early, late }: Growing): string | undefined =>
  late.megabytes > early.megabytes * GROWTH || late.handles > early.handles * GROWTH + 5
    ? `it held ${early.megabytes} MB and ${early.handles} files, later ${late.megabytes} and ${late.handles}`
    : undefined;

const tableOf = (
  { early, late }: Growing,
  rows: StormTable['rows'],
  faults: readonly (string | undefined)[],
): StormTable => ({
  head: ['what', 'measured'],
  rows: [
    ...rows,
    ['memory early and late', `${early.megabytes} and ${late.megabytes} MB`],
    ['open files early and late', `${early.handles} and ${late.handles}`],
  ],
  faults: faults.filter((fault) => fault !== undefined).length,
});
