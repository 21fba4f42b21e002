import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { barcodedClip } from '../support/barcoded-clip.ts';
import { type PlayerPages, playerPages } from '../support/player-page.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const FRAMES = 8;
const CLIPS = 5;
/** So few frames a second that a busy machine still looks at nearly all of them. */
const SLOW = 10;
const list = (items: readonly object[], more = {}) => JSON.stringify({ montages: [{ tracks: [{ items }] }], ...more });
const clips = Array.from({ length: CLIPS }, (_, i) => ({ src: `clip-${i}.mp4` }));

type Seen = { readonly clip: number; readonly frame: number; readonly now: number };

let pages: PlayerPages;
beforeAll(async () => {
  const folder = await temporaryFolder();
  for (let clip = 0; clip < CLIPS; clip++)
    await Promise.all([
      barcodedClip({ path: join(folder, `clip-${clip}.mp4`), clip, frames: 15 }),
      barcodedClip({ path: join(folder, `slow-${clip}.mp4`), clip, frames: FRAMES, rate: SLOW }),
    ]);
  await barcodedClip({ path: join(folder, 'loop.mp4'), clip: 9, frames: 10 });
  pages = await playerPages([folder], {
    '/all.json': list(clips),
    '/slow.json': list(clips.map((_, i) => ({ src: `slow-${i}.mp4` }))),
    '/parts.json': list([
      { src: 'clip-0.mp4', in: 0.2, out: 0.4 },
      { src: 'clip-0.mp4', in: 0.2, out: 0.4 },
      { src: 'clip-1.mp4', loop: 2 },
    ]),
    '/holes.json': JSON.stringify({
      montages: [
        { tracks: [] },
        {
          tracks: [
            { items: [] },
            { items: [{ src: 'clip-0.mp4' }, { src: 'gone.mp4' }, { src: 'words.mp4' }, { src: 'clip-1.mp4' }] },
          ],
        },
      ],
    }),
    '/words.mp4': 'these are only words',
    '/bad.json': list([{ src: 'gone.mp4' }, { src: 'words.mp4' }]),
    '/empty.json': list([]),
    '/list.m3u': '#EXTM3U\n#EXTINF:1,Two\nclip-2.mp4\nclip-3.mp4\n',
  });
});
afterAll(() => pages?.close());

const steps = (events: readonly { type: string; to?: unknown; move?: unknown }[]) =>
  events.flatMap(({ type, to, move }) => (type === 'step' ? [`${move} ${Object.values(Object(to)).join('')}`] : []));

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

describe('a playlist in a browser', () => {
  it('shows items from their first frame to their last, in order and with nothing between them, over 20 transitions', async () => {
    const { open, run, told, events, errors } = await pages.newPage();
    await open({ src: '/slow.json', autoplay: '' });
    await run('void (window.stop = watchScreen())');
    await told('window.count = (window.count ?? 0) + (e.type === "step" ? 1 : 0), window.count > 21');
    const seen = (await run<readonly Seen[]>('screenLog()')).slice(1);
    const told20 = await events();
    expect(errors).toEqual([]);
    const changes = seen.flatMap((now, i) => {
      const before = seen[i - 1];
      return before && before.clip !== now.clip ? [[before, now, seen[i + 1]] as const] : [];
    });
    expect(changes.length).toBeGreaterThanOrEqual(20);
    // a busy machine does not look at every picture of the screen; what it saw is in order. The bench measures how exactly one
    // follows the other
    for (const [before, now] of changes) expect(now.clip).toBe((before.clip + 1) % CLIPS);
    expect(median(changes.map(([before]) => before.frame))).toBe(FRAMES - 1);
    expect(median(changes.map(([, now]) => now.frame))).toBe(0);
    for (let clip = 0; clip < CLIPS; clip++) {
      const frames = seen.flatMap((each) => (each.clip === clip ? [each.frame] : []));
      expect(frames).toEqual(expect.arrayContaining([0, FRAMES - 1]));
    }
    const frames = new Set(seen.map(({ frame }) => frame));
    expect([...frames].sort((a, b) => a - b)).toEqual(Array.from({ length: FRAMES }, (_, i) => i));
    for (const [i, now] of seen.entries()) {
      const before = seen[i - 1];
      if (before && before.clip === now.clip) expect(now.frame).toBeGreaterThan(before.frame);
    }
    expect(steps(told20).slice(0, 7)).toEqual([
      'start 000',
      ...['next-item 001', 'next-item 002', 'next-item 003', 'next-item 004'],
      ...['round 000', 'next-item 001'],
    ]);
  });

  it('plays one item 40 times without waiting once, and asks for it once', async () => {
    const { open, run, told, errors } = await pages.newPage();
    await open({ src: '/loop.mp4', loop: '', autoplay: '' });
    await run('void (window.stop = watchScreen())');
    await told('window.count = (window.count ?? 0) + (e.type === "step" && e.isReplay ? 1 : 0), window.count >= 40');
    const waits = await run<readonly { at: number }[]>('waits');
    expect(waits.filter(({ at }) => at > 0)).toEqual([]);
    expect(errors).toEqual([]);
    const seen = await run<readonly Seen[]>('screenLog()');
    expect(new Set(seen.slice(1).map(({ clip }) => clip))).toEqual(new Set([9]));
    // once for each of the two elements
    expect(pages.server.log.filter(({ path }) => path === '/loop.mp4')).toHaveLength(2);
  });

  it('plays parts of films, one that follows itself, and one that repeats', async () => {
    const { open, run, told, events } = await pages.newPage();
    await open({ src: '/parts.json', autoplay: '' });
    await run('void (window.stop = watchScreen())');
    await told('e.type === "step" && e.move === "round"');
    const seen = (await run<readonly Seen[]>('screenLog()')).filter(({ clip }) => clip === 0);
    for (const { frame } of seen) {
      expect(frame).toBeGreaterThanOrEqual(5);
      expect(frame).toBeLessThanOrEqual(9);
    }
    expect(steps(await events()).slice(0, 5)).toEqual([
      'start 000',
      'next-item 001',
      'next-item 002',
      'repeat 002',
      'round 000',
    ]);
  });

  it('passes over what is empty, gone or no film, and says why', async () => {
    const { open, told, events, run } = await pages.newPage();
    await open({ src: '/holes.json', muted: '' });
    await told('e.type === "skip" && e.at === "M1T1I2"'); // what is no film is found out before its turn comes
    await run('player.play()');
    await told('e.type === "step" && e.move === "round"');
    const all = await events();
    expect(all.flatMap(({ type, at, reason }) => (type === 'skip' ? [`${at}: ${reason}`] : []))).toEqual(
      expect.arrayContaining([
        'M0: montage 1 has no tracks',
        'M1T0: track 1 of montage 2 has no items',
        'M1T1I1: The server has no film "gone.mp4" (404).',
        expect.stringMatching(/^M1T1I2: /),
      ]),
    );
    expect(steps(all).slice(0, 3)).toEqual(['start 110', 'next-item 113', 'round 110']);
  });

  it('ends with a sentence on the page where nothing can be played', async () => {
    const { open, told, page } = await pages.newPage();
    await open({ src: '/bad.json', autoplay: '' });
    const { reason } = await told('e.type === "error"');
    expect(reason).toContain('gone.mp4');
    expect(await page.locator('reelmill-player').getByRole('status').textContent()).toBe(reason);
    await page.locator('reelmill-player').getByRole('button', { name: 'Try again' }).click();
    await told('window.ends = (window.ends ?? 0) + (e.type === "end" ? 1 : 0), window.ends >= 1');
  });

  it('says on the page that a list has no item', async () => {
    const { open, told, page } = await pages.newPage();
    await open({ src: '/empty.json', autoplay: '' });
    expect(await told('e.type === "error"')).toMatchObject({ reason: 'the playlist has no items' });
    expect(await page.locator('reelmill-player').getByRole('status').textContent()).toBe('the playlist has no items');
  });

  it.each([
    { of: 'no list is defined', attributes: { 'default-src': '/all.json' }, first: 'clip-0.mp4' },
    { of: 'the list has no item', attributes: { src: '/empty.json', 'default-src': '/all.json' }, first: 'clip-0.mp4' },
    { of: 'the list is gone', attributes: { src: '/nothing.json', 'default-src': '/all.json' }, first: 'clip-0.mp4' },
    { of: 'M3U lists are read', attributes: { src: '/list.m3u' }, first: 'clip-2.mp4' },
  ])('plays a default where $of', async ({ attributes, first }) => {
    const { open, told, run, until } = await pages.newPage();
    await open(attributes); // a film that starts by itself may have given way to the next when it is looked at
    await told('e.type === "first-frame"');
    expect(await run<string>('player.shown.item.src')).toBe(`${pages.server.url}/${first}`);
    await run('player.play()');
    await until('!player.paused && player.currentTime > 0');
  });
});
