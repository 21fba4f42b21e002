import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { barcodedClip, FRAGMENTED } from '../support/barcoded-clip.ts';
import { type PlayerPages, playerPages } from '../support/player-page.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let pages: PlayerPages;
beforeAll(async () => {
  const folder = await temporaryFolder();
  await barcodedClip({ path: join(folder, 'film.mp4'), clip: 1, frames: 50, flags: FRAGMENTED });
  pages = await playerPages([folder]);
});
afterAll(() => pages?.close());

describe('the player', () => {
  it('streams by ManagedMediaSource where that is all there is, as on telephones of Apple', async () => {
    const context = await pages.browser.newContext();
    await context.addInitScript('globalThis.ManagedMediaSource = MediaSource; delete globalThis.MediaSource;');
    const page = await pages.newPage(context);
    await page.open({ src: '/film.mp4', autoplay: '' });
    await page.told('e.type === "end"');
    expect(await page.run("['MediaSource' in globalThis, player.video.disableRemotePlayback]")).toEqual([false, true]);
    const told = new Set((await page.events()).map(({ type }) => type));
    expect(['fallback', 'trouble', 'error'].filter((type) => told.has(type))).toEqual([]);
    expect(page.errors).toEqual([]);
    await context.close();
  });

  it('says that a page in the background was stopped by the browser, and goes on when it is seen', async () => {
    const page = await pages.newPage();
    await page.run("Object.defineProperty(document, 'hidden', { configurable: true, get: () => globalThis.isHidden })");
    await page.open({ src: '/film.mp4', muted: '' });
    await page.told('e.type === "first-frame"');
    // at once where it begins to play: a moment later it may have ended
    await page.run(`{
      const stop = () => { globalThis.isHidden = true; player.video.pause(); };
      player.video.addEventListener('playing', stop, { once: true });
      player.play();
    }`);
    expect(await page.told('e.type === "stall"')).toMatchObject({ kind: 'background' });
    expect(await page.run('player.paused')).toBe(false);
    await page.run("{ globalThis.isHidden = false; document.dispatchEvent(new Event('visibilitychange')); }");
    await page.told('e.type === "go"');
    await page.told('e.type === "end"');
    expect(page.errors).toEqual([]);
  });
});
