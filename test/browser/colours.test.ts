import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { ladder } from '../../core/recipes/ladder.ts';
import { makeClip } from '../fixtures/make.ts';
import { type TestMill, testMill } from '../support/mill.ts';
import { openBrowser } from '../support/open-browser.ts';
import { rangeServer } from '../support/range-server.ts';
import { bars, barsOnScreen, farthest, type Rgb } from '../support/screen-colours.ts';

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '8'];
/** The two rungs in H.264, which Debian's Chromium plays. */
const twoRungs = { ...ladder, renditions: ladder.renditions.slice(2) };

/** Draws a film's first picture and reads the middles of seven bars. */
const SHOWN = `async (url) => {
  const video = document.createElement('video');
  const ready = new Promise((resolve, reject) => {
    video.onloadeddata = resolve;
    video.onerror = () => reject(new Error(video.error.message));
  });
  video.src = url;
  await ready;
  const sought = new Promise((resolve) => { video.onseeked = resolve; });
  video.currentTime = 0.1; // the first picture may not be there to be drawn when its data are
  await sought;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, 0);
  return [0.07, 0.21, 0.36, 0.5, 0.64, 0.79, 0.93].map((middle) =>
    [...context.getImageData(Math.floor(canvas.width * middle), Math.floor(canvas.height * 0.3), 1, 1).data].slice(0, 3));
}`;

describe('in Chromium, every rung shows the colours of its source', () => {
  let mill: TestMill;
  let browser: Browser;
  beforeAll(async () => {
    mill = await testMill();
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  it.each([
    { of: 'untagged HD', size: '1280x720', matrix: '709', range: 'limited', format: 'yuv420p', said: [] },
    { of: 'untagged SD', size: '720x480', matrix: '170m', range: 'limited', format: 'yuv420p', said: [] },
    {
      of: 'full range in 10 bits',
      size: '1280x720',
      matrix: '709',
      range: 'full',
      format: 'yuv420p10le',
      said: ['-color_range', 'pc', '-colorspace', 'bt709'],
    },
  ])('of $of', async ({ of, size, said, ...colour }) => {
    const source = await makeClip({
      file: `${of.replaceAll(' ', '-')}.mp4`,
      args: [...bars(size, colour), ...x264, ...said],
    });
    const { manifest, path } = await mill.run(source, twoRungs, { preset: 'ultrafast' });
    const { renditions } = await manifest();
    const folder = dirname(path('manifest.json'));
    await copyFile(source, join(folder, 'source.mp4'));
    const server = await rangeServer(folder);
    const page = await browser.newPage();
    page.setDefaultTimeout(0); // jest ends a test that waits in vain
    try {
      await page.goto(`${server.url}/manifest.json`);
      const shown = (name: string): Promise<readonly Rgb[]> => page.evaluate(`(${SHOWN})('${server.url}/${name}')`);
      // 10 bits are none of what this browser decodes in H.264
      const wanted = colour.range === 'full' ? await barsOnScreen(source) : await shown('source.mp4');
      expect(renditions).toHaveLength(2);
      for (const made of renditions) expect(farthest(wanted, await shown(made.path))).toBeLessThan(14);
    } finally {
      await page.close();
      await server.close();
    }
  });
});
