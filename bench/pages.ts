import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { type Job, jobId } from '../core/job/job.ts';
import { openLocal } from '../runtime/local-ports.ts';
import { workFolderOf } from '../runtime/work-folder.ts';
import { commandPath } from '../test/support/command-path.ts';
import { servedFolder } from '../test/support/served-folder.ts';
import { type Measurement, median, ratio } from './measurement.ts';

const ROUNDS = 15;

/** When the first row stands on the screen, counted by the page's own clock from the moment it was asked for. */
const PAINTED = `new Promise((resolve) => {
  const look = () =>
    document.querySelector('.job-row') ? requestAnimationFrame(() => setTimeout(() => resolve(performance.now()))) : requestAnimationFrame(look);
  look();
})`;

/** Measures how long the page of all films takes to show something useful, with few jobs and with many. */
export const pages: Measurement = {
  name: 'pages',
  about: `The page of all films of \`reelmill serve\` in Chromium, from asking for it to its first row on the screen, in turns, median of ${ROUNDS}.`,
  async measure({ quick }) {
    const many = quick ? 200 : 10_000;
    const executablePath = await commandPath('chromium', 'chromium-browser', 'google-chrome');
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    const served = await Promise.all([10, many].map(async (count) => servedFolder(await folderOf(count))));
    try {
      const contexts = await Promise.all(served.map(() => browser.newContext()));
      const times: number[][] = served.map(() => []);
      for (let round = -1; round < ROUNDS; round++) {
        for (const [at, { url }] of served.entries()) {
          const time = await painted(contexts[at], url);
          if (round >= 0) times[at]?.push(time); // the first opens what is kept afterwards
        }
      }
      const [few, all] = times.map(median);
      if (few === undefined || all === undefined) throw new Error('nothing was measured');
      const how = `${few.toFixed(0)} ms and ${all.toFixed(0)} ms`;
      return [ratio(`first row with ${many} jobs, of that with 10`, all / few, 1.2, how)];
    } finally {
      await browser.close();
      await Promise.all(served.map(({ close }) => close()));
    }
  },
};

async function painted(context: BrowserContext | undefined, url: string): Promise<number> {
  if (!context) throw new Error('the browser has no context');
  const page = await context.newPage();
  await page.goto(url, { waitUntil: 'commit' });
  const time: number = await page.evaluate(PAINTED);
  await page.close();
  return time;
}

/** A folder whose job table has so many jobs, all done. */
async function folderOf(count: number): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'reelmill-pages-'));
  const work = workFolderOf(root, undefined, () => undefined);
  const local = await openLocal(work, new AbortController().signal, () => undefined, root);
  const { jobs } = local.portsFor({ sources: root, outputs: root });
  for (let n = 0; n < count; n++) await jobs.create(jobOf(n));
  await local.close();
  return root;
}

const jobOf = (n: number): Job => ({
  id: jobId.parse(n.toString(16).padStart(32, '0')),
  recipe: 'preserve',
  source: `input/preserve/film-${n}.mov`,
  outputPrefix: `output/preserve/film-${n}.mov`,
  settings: {},
  createdMs: 1_700_000_000_000 + n,
  updatedMs: 1_700_000_000_000 + n,
  state: { status: 'done', manifest: `output/preserve/film-${n}.mov/manifest.json` },
  published: [],
  figures: { bytesBefore: 1_000_000_000, bytesAfter: 200_000_000, usd: 0.1 },
});
