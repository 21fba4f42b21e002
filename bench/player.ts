import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import type { Page } from 'playwright-core';
import { barcodedClip } from '../test/support/barcoded-clip.ts';
import { type PlayerPages, playerPages } from '../test/support/player-page.ts';
import { type Measurement, median, type ResultRow } from './measurement.ts';
import { CLI, mustRun } from './run.ts';

const LINE = { offline: false, latency: 40, downloadThroughput: 3_000_000 / 8, uploadThroughput: 3_000_000 / 8 };
const CLIP = 'demo/clips/VID_20191220_170832.mp4';
const require = createRequire(import.meta.url);

/** How each player is started in an empty page; the scripts are there before the clock starts. */
const WAYS = {
  native: { script: undefined, start: "video.src = '/native.mp4'" },
  'ours, the file': { script: 'player', start: "open('/sd.mp4')" },
  'ours, manifest.json': { script: 'player', start: "open('/manifest.json')" },
  'ours, master.m3u8': { script: 'player', start: "open('/master.m3u8')" },
  'hls.js': {
    script: 'hls.js/dist/hls.min.js',
    start: "(() => { const hls = new Hls(); hls.loadSource('/master.m3u8'); hls.attachMedia(video); })()",
  },
  'dash.js': {
    script: 'dashjs/dist/modern/umd/dash.all.min.js',
    start: "dashjs.MediaPlayer().create().initialize(video, '/manifest.mpd', false)",
  },
  'shaka, DASH': {
    script: 'shaka-player/dist/shaka-player.compiled.js',
    start: "(() => { const s = new shaka.Player(); s.attach(video).then(() => s.load('/manifest.mpd')); })()",
  },
} as const;
type Way = keyof typeof WAYS;

/** Measures the player in Chromium: its first frame beside other players, and its memory. */
export const player: Measurement = {
  name: 'player',
  about:
    'The player in Chromium. First frames at 3 Mb/s and 40 ms (throttled by the browser), from the call until the first frame is presented, median of all rounds, all players in turn, the scripts loaded before; the `sd` rung of a real clip. Bytes are what had arrived by then.',
  async measure({ quick }) {
    const folder = await mkdtemp(join(tmpdir(), 'reelmill-player-'));
    const rungs = await sdOf(folder);
    await execa('ffmpeg', [
      '-v',
      'error',
      '-i',
      join(rungs, 'sd.mp4'),
      '-c',
      'copy',
      '-movflags',
      '+faststart',
      join(folder, 'native.mp4'),
    ]);
    await barcodedClip({ path: join(folder, 'short.mp4'), clip: 5, frames: 5 });
    const list = (items: readonly object[]) => JSON.stringify({ montages: [{ tracks: [{ items }] }] });
    const libraries = Object.values(WAYS).flatMap(({ script }) => (script && script !== 'player' ? [script] : []));
    const texts = await Promise.all(
      libraries.map(
        async (name) =>
          [
            `/${name}`,
            await readFile(
              require.resolve(name.split('/')[0] ?? '').replace(/node_modules\/.*/, `node_modules/${name}`),
              'utf8',
            ),
          ] as const,
      ),
    );
    const pages = await playerPages([folder, rungs], {
      ...Object.fromEntries(texts),
      '/first-frame.html': await readFile('test/support/pages/first-frame.html', 'utf8'),
      '/shorts.json': list(Array.from({ length: 10 }, (_, i) => ({ src: `short.mp4?${i}` }))),
    });
    try {
      const frames = await firstFrames(pages, quick ? 1 : 7);
      return [...(await rowsOf(frames, pages)), await memory(pages, quick ? 20 : 200)];
    } finally {
      await pages.close();
      await rm(folder, { recursive: true });
    }
  },
};

/** A ladder of one rung: of a real clip, brought to the size of that rung first. */
async function sdOf(folder: string): Promise<string> {
  const source = join(folder, 'source.mp4');
  const small = ['-vf', 'scale=722:406', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '14', '-c:a', 'aac'];
  await execa('ffmpeg', ['-v', 'error', '-i', CLIP, ...small, source]);
  await mustRun(process.execPath, [CLI, 'run', source, '--recipe', 'ladder', '--out', join(folder, 'out')]);
  return join(folder, 'out', 'ladder', 'source.mp4');
}

type Found = { readonly ms: number; readonly bytes: number };

async function firstFrames(pages: PlayerPages, rounds: number): Promise<ReadonlyMap<Way, readonly Found[]>> {
  const found = new Map<Way, Found[]>();
  for (let round = 0; round < rounds; round++)
    for (const way of Object.keys(WAYS) as readonly Way[]) {
      const each = await firstFrame(pages, way);
      found.set(way, [...(found.get(way) ?? []), each]);
    }
  return found;
}

async function firstFrame({ server, browser }: PlayerPages, way: Way): Promise<Found> {
  const { script, start } = WAYS[way];
  const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1280, height: 720 } });
  try {
    const page = await context.newPage();
    await page.goto(`${server.url}/first-frame.html`);
    if (script === 'player') await page.addScriptTag({ url: '/player/player.js', type: 'module' });
    else if (script) await page.addScriptTag({ url: `/${script}` });
    const session = await context.newCDPSession(page);
    let bytes = 0;
    session.on('Network.dataReceived', ({ dataLength }) => (bytes += dataLength));
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', LINE);
    const ms = await timed(page, start);
    return { ms, bytes };
  } finally {
    await context.close();
  }
}

const timed = (page: Page, start: string): Promise<number> =>
  page.evaluate(`new Promise((done) => {
    const video = document.createElement('video');
    Object.assign(video, { muted: true, playsInline: true, autoplay: true });
    const began = performance.now();
    const see = (each) => each.requestVideoFrameCallback(() => done(performance.now() - began));
    const open = (src) => {
      const player = document.createElement('reelmill-player');
      player.setAttribute('src', src);
      player.setAttribute('autoplay', '');
      document.body.append(player);
      see(player.video);
    };
    if (!${start.startsWith('open(')}) {
      document.body.append(video);
      see(video);
    }
    ${start};
  })`);

async function rowsOf(frames: ReadonlyMap<Way, readonly Found[]>, pages: PlayerPages): Promise<readonly ResultRow[]> {
  const of = (way: Way, what: keyof Found) => median((frames.get(way) ?? []).map((each) => each[what]));
  const native = of('native', 'ms');
  const others = Math.min(...(['hls.js', 'dash.js', 'shaka, DASH'] as const).map((way) => of(way, 'ms')));
  const rows = await Promise.all(
    (Object.keys(WAYS) as readonly Way[]).map(async (way) => {
      const { script } = WAYS[way];
      const path = script === 'player' ? 'dist/player/player.js' : `node_modules/${script}`;
      const own = script ? `, ${(gzipSync(await readFile(path)).length / 1000).toFixed(1)} kB of its own (gzip)` : '';
      const ms = of(way, 'ms');
      const found = `${ms.toFixed(0)} ms, ${(of(way, 'bytes') / 1000).toFixed(0)} kB before it${own}`;
      if (way !== 'ours, the file')
        return { what: `first frame: ${way}`, found: `${found}; ${(ms / native).toFixed(2)} x native` };
      const met = ms <= 1.8 * native && of(way, 'bytes') <= 150_000 && ms < others;
      return {
        what: `first frame: ${way}`,
        goal: 'at most 1.8 x native, at most 150 kB, ahead of the others',
        found: `${found}; ${(ms / native).toFixed(2)} x native`,
        met,
      };
    }),
  );
  const size = (await stat('dist/player/player.js')).size;
  const packed = gzipSync(await readFile('dist/player/player.js')).length;
  void pages;
  return [
    ...rows,
    {
      what: 'player.js',
      goal: 'at most 20 kB with gzip',
      found: `${packed} bytes with gzip, ${size} without`,
      met: packed <= 20_000,
    },
  ];
}

/** The heap of the page after garbage collection, early on and after many items. */
async function memory(pages: PlayerPages, items: number): Promise<ResultRow> {
  const { page, open, run, told } = await pages.newPage();
  const session = await page.context().newCDPSession(page);
  const heap = async () => {
    await session.send('HeapProfiler.collectGarbage');
    return (await run<number>('performance.memory.usedJSHeapSize')) / 1e6;
  };
  await open({ src: '/shorts.json', autoplay: '' });
  const after = (count: number) =>
    told(
      `window.seen${count} = (window.seen${count} ?? 0) + (e.type === "step" ? 1 : 0), window.seen${count} > ${count}`,
    );
  await after(Math.min(20, items / 2));
  const before = await heap();
  await after(items);
  await run('void (events.length = 0)');
  const end = await heap();
  return {
    what: `heap after 20 and after ${items} items`,
    goal: 'at most 1 MB more',
    found: `${before.toFixed(1)} MB, ${end.toFixed(1)} MB`,
    met: end - before <= 1,
  };
}
