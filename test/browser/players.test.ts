import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { ladder } from '../../core/recipes/ladder.ts';
import { makeClip } from '../fixtures/make.ts';
import { type Milled, testMill } from '../support/mill.ts';
import { openBrowser } from '../support/open-browser.ts';
import { rangeServer } from '../support/range-server.ts';

const SECONDS = 6;
const RATE = 25;

/** Two rungs in HEVC, two in H.264, of a source that is tiny. */
const small = {
  ...ladder,
  renditions: [
    { ...ladder.renditions[0], fit: { shortSide: 144 } },
    { ...ladder.renditions[1], fit: { shortSide: 128 } },
    { ...ladder.renditions[2], fit: { shortSide: 112 } },
    { ...ladder.renditions[3], fit: { halfPerimeter: 200 } },
  ],
};

const FILES = {
  '/play.html': 'test/fixtures/pages/play.html',
  '/hls.js': 'node_modules/hls.js/dist/hls.min.js',
  '/dash.js': 'node_modules/dashjs/dist/modern/umd/dash.all.min.js',
  '/shaka.js': 'node_modules/shaka-player/dist/shaka-player.compiled.js',
};

type Rung = { readonly width: number; readonly height: number; readonly codec: string };
type Played = {
  readonly seen: readonly string[];
  readonly times: readonly number[];
  readonly currentTime: number;
  readonly duration: number;
  readonly frames: number;
  readonly errors: readonly string[];
  readonly error: string | null;
};

const sizeOf = ({ width, height }: { readonly width: number; readonly height: number }) => `${width}x${height}`;

describe('a ladder in a browser', () => {
  let made: Milled;
  let browser: Browser;
  let server: Awaited<ReturnType<typeof rangeServer>>;
  let supported: readonly Rung[];

  beforeAll(async () => {
    const source = await makeClip({
      file: 'browser.mp4',
      args: [
        ...['-f', 'lavfi', '-i', `testsrc2=size=256x144:rate=${RATE}:duration=${SECONDS}`],
        ...['-f', 'lavfi', '-i', `sine=duration=${SECONDS}`, '-c:v', 'libx264', '-preset', 'veryfast'],
        ...['-pix_fmt', 'yuv420p', '-c:a', 'aac'],
      ],
    });
    made = await (await testMill()).run(source, small, { preset: 'ultrafast' });
    server = await rangeServer(dirname(made.path('master.m3u8')));
    browser = await openBrowser('--autoplay-policy=no-user-gesture-required', '--mute-audio');
    supported = await rungsOf(await player(), made);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  async function player(): Promise<Page> {
    const page = await browser.newPage();
    page.setDefaultTimeout(0); // jest ends a test that waits in vain
    for (const [path, file] of Object.entries(FILES))
      await page.route(`${server.url}${path}`, (route) => route.fulfill({ path: file }));
    await page.goto(`${server.url}/play.html`);
    return page;
  }

  it('has rungs that the browser decodes: H.264 always, HEVC where it says so', () => {
    expect(supported.map(({ codec }) => codec.split('.')[0])).toEqual(expect.arrayContaining(['avc1', 'avc1']));
  });

  it.each([
    { kind: 'hls', name: 'hls.js', file: 'master.m3u8' },
    { kind: 'dash', name: 'dash.js', file: 'manifest.mpd' },
  ])('plays in $name from beginning to end, from one rung to the next', async ({ kind, file }) => {
    const page = await player();
    const offered: readonly Rung[] = await page.evaluate(`openPlayer('${kind}', '${server.url}/${file}')`);
    // hls.js stays with one family of codecs, so those it offers may be fewer than those the browser decodes
    expect(supported.map(sizeOf)).toEqual(expect.arrayContaining(offered.map(sizeOf)));
    expect(offered.length).toBeGreaterThan(1);
    server.asked.splice(0);
    const order = offered.map((_, i) => i);
    const played: Played = await page.evaluate(`playThrough(${JSON.stringify(order)})`);
    expect(played).toMatchObject({ errors: [], error: null, seen: offered.map(sizeOf) });
    expect(played.duration).toBeCloseTo(SECONDS, 0);
    expect(played.currentTime).toBeCloseTo(played.duration, 1);
    expect(played.times).toEqual([...played.times].sort((a, b) => a - b));
    expect(played.frames).toBeGreaterThan((SECONDS * RATE) / 2);
    const media = server.asked.filter(({ path }) => path.endsWith('.mp4') && !path.endsWith('.init.mp4'));
    expect(new Set(media.map(({ path }) => path)).size).toBe(offered.length);
    await page.close();
  });

  it.each(['hd', 'sd'])('plays %s.mp4 alone, as it is downloaded', async (name) => {
    const page = await player();
    const played: { currentTime: number; width: number; height: number } = await page.evaluate(
      `playFile('${server.url}/${name}.mp4')`,
    );
    const rung = (await made.manifest()).renditions.find((each) => each.name === name);
    expect(played).toMatchObject({ width: rung?.width, height: rung?.height });
    expect(played.currentTime).toBeCloseTo(SECONDS, 1);
    await page.close();
  });
});

type Heard = {
  readonly flash: number | null;
  readonly beep: number | null;
  readonly stalls: number;
  readonly end: number;
  readonly duration: number;
};

/** A white flash from 3.0 s on, and a beep at the same moment, in a sound that begins 0.2 s after the picture. */
const flashAndBeep = (name: string, { beepAt = 3 }: { readonly beepAt?: number } = {}) =>
  makeClip({
    file: `${name}.mp4`,
    args: [
      ...['-f', 'lavfi', '-i', "color=black:s=320x180:r=25:d=5,drawbox=t=fill:c=white:enable='between(t,3,3.199)'"],
      ...['-itsoffset', '0.2', '-f', 'lavfi', '-i'],
      `aevalsrc='if(between(t,${(beepAt - 0.2).toFixed(1)},${beepAt.toFixed(1)}),sin(6283*t)*.5,0)':s=48000:d=4.8`,
      ...['-c:v', 'libx264', '-g', '25', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
    ],
  });

/** A frame of 25 a second, and what the clocks of sound and film differ by. */
const MOST_APART_SECONDS = 0.1;

describe('a film whose sound begins after its picture', () => {
  let browser: Browser;
  const inStep = ({ flash, beep }: Heard) =>
    flash !== null && beep !== null && Math.abs(flash - beep) <= MOST_APART_SECONDS;

  beforeAll(async () => {
    browser = await openBrowser('--autoplay-policy=no-user-gesture-required');
  });
  afterAll(() => browser?.close());

  async function played(source: string, way: string, file: string): Promise<Heard> {
    const rungs = { ...ladder, renditions: small.renditions.slice(3).map((rung) => ({ ...rung, follows: [] })) };
    const made = await (await testMill()).run(source, rungs, { preset: 'ultrafast' });
    const server = await rangeServer(dirname(made.path('master.m3u8')));
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(0); // jest ends a test that waits in vain
      for (const [path, at] of Object.entries(FILES))
        await page.route(`${server.url}${path}`, (route) => route.fulfill({ path: at }));
      await page.goto(`${server.url}/play.html`);
      const heard: Heard = await page.evaluate(`flashAndBeep('${way}', '${server.url}/${file}', ${RATE})`);
      await page.close();
      return heard;
    } finally {
      await server.close();
    }
  }

  it.each([
    { way: 'hls', file: 'master.m3u8' },
    { way: 'dash', file: 'manifest.mpd' },
    { way: 'shaka', file: 'manifest.mpd' },
    { way: 'mse', file: 'master.m3u8' },
    { way: 'file', file: 'sd.mp4' },
  ])('is in step in $way, which plays it to its end without a stall', async ({ way, file }) => {
    const heard = await played(await flashAndBeep('late-sound'), way, file);
    expect(heard).toEqual(expect.objectContaining({ stalls: 0 }));
    expect(inStep(heard)).toBe(true);
    expect(heard.end).toBeGreaterThan(4.9);
  });

  it('is found out of step where the beep comes 0.2 s too early', async () => {
    const heard = await played(await flashAndBeep('early-beep', { beepAt: 2.8 }), 'hls', 'master.m3u8');
    expect(heard.flash).not.toBeNull();
    expect(inStep(heard)).toBe(false);
  });
});

/** The rungs that this browser's Media Source Extensions take, by the codec strings of the manifest. */
async function rungsOf(page: Page, made: Milled): Promise<readonly Rung[]> {
  const { renditions } = await made.manifest();
  const types = renditions.map(
    ({ codecString, audioCodecString }) => `video/mp4; codecs="${codecString},${audioCodecString}"`,
  );
  const taken: readonly boolean[] = await page.evaluate(
    `${JSON.stringify(types)}.map((type) => MediaSource.isTypeSupported(type))`,
  );
  await page.close();
  return renditions
    .filter((_, i) => taken[i])
    .map(({ width, height, codecString }) => ({ width, height, codec: codecString }));
}
