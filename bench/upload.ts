import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pipeline } from 'node:stream/promises';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { commandPath } from '../test/support/command-path.ts';
import { killableBrowser } from '../test/support/killable-browser.ts';
import { dropFiles } from '../test/support/page-drop.ts';
import { servedFolder } from '../test/support/served-folder.ts';
import { randomFrom } from './fan-out-model.ts';
import type { Measurement, ResultRow } from './measurement.ts';

const PART = 8 * 1024 ** 2;
const PART_ADDRESS = /\/api\/uploads\/[^/]+\/parts\/(\d+)/;
/** What a good line at home has: 20 Mb/s up, 20 ms. */
const LINE_BYTES = 2_500_000;

type Served = Awaited<ReturnType<typeof servedFolder>>;

/** Measures an upload from Chromium to `reelmill serve`: how much of a line it uses, and what kills cost it. */
export const uploadBench: Measurement = {
  name: 'upload',
  about:
    'An upload from the page of `reelmill serve` in Chromium. The line is throttled by the browser to 20 Mb/s and 20 ms, and the time counts from the click to the file at its place, with hashing; beside it, the same bytes in one plain request to a server that does nothing with them. Then the browser gets SIGKILL at 20 random moments (seeded) of one upload over an open line, and goes on after each with the same profile.',
  async measure({ quick }) {
    const folder = await mkdtemp(join(tmpdir(), 'reelmill-upload-'));
    const served = await servedFolder(join(folder, 'mill'));
    try {
      const line = await overTheLine(folder, served, quick ? 1 : 16);
      return [
        ...line,
        ...(await underKills(folder, served, quick ? { parts: 12, kills: 2 } : { parts: 256, kills: 20 })),
      ];
    } finally {
      await served.close();
      await rm(folder, { recursive: true });
    }
  },
};

async function overTheLine(folder: string, served: Served, parts: number): Promise<readonly ResultRow[]> {
  const path = await noise(join(folder, 'line.mov'), parts);
  const executablePath = await commandPath('chromium', 'chromium-browser', 'google-chrome');
  const browser: Browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const context = await browser.newContext();
    const page = await context.newPage();
    page.setDefaultTimeout(0);
    await ready(page, served, path);
    await throttle(page);
    const began = performance.now();
    await page.getByRole('button', { name: 'Send 1 film' }).click();
    await page.getByText(/MB, arrived/).waitFor();
    const ours = shareOf(parts, performance.now() - began);
    const plain = shareOf(parts, await plainRequest(await context.newPage(), parts * PART));
    return [
      {
        what: `share of a throttled line that an upload of ${parts * 8} MiB uses`,
        goal: 'at least 0.95',
        found: `${ours.toFixed(3)} (one plain request: ${plain.toFixed(3)})`,
        met: ours >= 0.95,
      },
    ];
  } finally {
    await browser.close();
  }
}

const shareOf = (parts: number, milliseconds: number) => (parts * PART) / ((LINE_BYTES * milliseconds) / 1000);

async function throttle(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    ...{ offline: false, latency: 20, downloadThroughput: -1, uploadThroughput: LINE_BYTES },
  });
}

/** How long one request with so many bytes takes, to a server that reads them and no more. */
async function plainRequest(page: Page, bytes: number): Promise<number> {
  const server = createServer((incoming, response) => void incoming.resume().once('end', () => response.end()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await page.goto(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`);
  await throttle(page);
  const time: number = await page.evaluate(`(async () => {
    const body = new Blob([new Uint8Array(${bytes})]);
    const began = performance.now();
    await fetch('/', { method: 'POST', body });
    return performance.now() - began;
  })()`);
  server.closeAllConnections();
  server.close();
  return time;
}

async function underKills(
  folder: string,
  served: Served,
  { parts, kills }: { readonly parts: number; readonly kills: number },
): Promise<readonly ResultRow[]> {
  const path = await noise(join(folder, 'killed.mov'), parts);
  const profile = join(folder, 'profile');
  const sent: number[] = [];
  const inFlight = new Map<object, number>();
  let [atKills, most, arrived] = [0, 0, 0];
  let onArrival = () => {};
  const random = randomFrom(16);

  /** Counts every part that leaves the browser, and those that are on their way. */
  const count = (context: BrowserContext) => {
    context.on('request', (request) => {
      const part = PART_ADDRESS.exec(request.url())?.[1];
      if (part === undefined || request.method() !== 'PUT') return;
      sent.push(Number(part));
      inFlight.set(request, Number(part));
    });
    const ends = (request: object) => void inFlight.delete(request);
    context.on('requestfailed', ends);
    context.on('requestfinished', (request) => {
      if (!inFlight.delete(request)) return;
      arrived += 1;
      onArrival();
    });
  };

  for (let round = 0; round <= kills; round++) {
    const { browser, kill } = await killableBrowser(profile);
    try {
      const [context] = browser.contexts();
      if (!context) throw new Error('the browser has no context');
      context.setDefaultTimeout(0);
      count(context);
      const page = await context.newPage();
      const isArrived = page.getByText(/GB, arrived|MB, arrived/).waitFor();
      isArrived.catch(() => undefined); // the browser is killed before
      if (round === 0) {
        await ready(page, served, path);
        await page.getByRole('button', { name: 'Send 1 film' }).click();
      } else {
        await page.goto(`${served.url}#/add`);
        await page
          .getByText(/are there/)
          .first()
          .waitFor();
        await dropFiles(page, [path]);
      }
      if (round === kills) {
        await isArrived;
        break;
      }
      const wanted = arrived + 1 + Math.floor((random() * 2 * (parts - arrived)) / (kills - round + 1));
      await new Promise<void>((resolve) => {
        onArrival = () => arrived >= wanted && resolve();
        onArrival();
      });
      atKills += inFlight.size;
      most = Math.max(most, inFlight.size);
    } finally {
      await kill();
      inFlight.clear();
    }
  }
  const again = sent.length - parts;
  const place = join(served.root, 'input', 'preserve', 'killed.mov');
  const isSame = (await hashOf(place)) === (await hashOf(path));
  return [
    {
      what: `parts sent again of an upload of ${parts} parts (${((parts * PART) / 1e9).toFixed(2)} GB), ${kills} kills`,
      goal: `at most those on their way (${atKills})`,
      found: `${again}, at most ${most} on their way at a kill`,
      met: again <= atKills,
    },
    { what: 'what arrived is the file', goal: 'yes', found: isSame ? 'yes' : 'no', met: isSame },
  ];
}

async function ready(page: Page, served: Served, path: string): Promise<void> {
  await page.goto(`${served.url}#/add`);
  await page.getByText('Drop films or folders here').waitFor();
  await dropFiles(page, [path]);
  await page.locator('input[value=preserve]').check();
}

/** A file of so many parts, no two of them alike. Whether it is a film is told when it has arrived. */
async function noise(path: string, parts: number): Promise<string> {
  const file = await open(path, 'w');
  for (let part = 0; part < parts; part++) await file.write(Buffer.alloc(PART, `part ${part} of ${path} `));
  await file.close();
  return path;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
