import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { barcodedClip } from '../support/barcoded-clip.ts';
import { type PlayerPages, playerPages, untilTrue } from '../support/player-page.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let pages: PlayerPages;
beforeAll(async () => {
  const folder = await temporaryFolder();
  await barcodedClip({ path: join(folder, 'film.mp4'), clip: 6, frames: 50, bitRate: '1500k' });
  pages = await playerPages([folder]);
});
afterAll(() => pages?.close());

const told = (page: Page) => page.getByRole('status').first();
/** Changes the copy on the disk of the browser. */
const changed = (edit: string) => `(async () => {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('reelmill-take-along');
  for await (const file of folder.values()) {
    const bytes = new Uint8Array(await (await file.getFile()).arrayBuffer());
    const out = await file.createWritable();
    await out.write((${edit})(bytes));
    await out.close();
  }
})()`;

describe('films taken along', () => {
  it('play with the server gone, from a copy that nobody can read without the passphrase', async () => {
    const context = await pages.browser.newContext();
    const page = await context.newPage();
    await page.goto(`${pages.server.url}/player/take-along.html?film=/film.mp4`);
    await page.getByLabel('Passphrase, the first time').fill('open sesame');
    await page.getByRole('button', { name: 'Take it along' }).click();
    await page.getByText('film.mp4 was taken along. It plays without a connection.').waitFor();
    await page.evaluate('navigator.serviceWorker.ready');
    await untilTrue(
      page,
      "caches.open('reelmill-take-along-1').then((cache) => cache.keys()).then(({ length }) => length >= 7)",
    );

    await pages.server.close();
    await page.goto('about:blank');
    await page.goto(`${pages.server.url}/player/take-along.html`);
    await page.getByRole('button', { name: 'Play film.mp4' }).click();
    await untilTrue(page, "document.querySelector('reelmill-player').currentTime > 0.5");
    expect(await page.evaluate("document.querySelector('reelmill-player').video.videoWidth")).toBe(160);

    // neither the key nor the passphrase is anywhere that a script can read
    const kept = await page.evaluate(`(async () => {
      const database = await new Promise((done) => { const r = indexedDB.open('reelmill-take-along'); r.onsuccess = () => done(r.result); });
      const keys = await new Promise((done) => { const r = database.transaction('keys').objectStore('keys').getAll(); r.onsuccess = () => done(r.result); });
      const exported = await Promise.all(keys.map(({ key }) => crypto.subtle.exportKey('raw', key).then(() => 'read', () => 'refused')));
      return { local: JSON.stringify(localStorage), cookie: document.cookie, extractable: keys.map(({ key }) => key.extractable), exported };
    })()`);
    expect(kept).toEqual({ local: '{}', cookie: '', extractable: [false], exported: ['refused'] });

    const say = async (edit: string) => {
      await page.evaluate(changed(edit));
      await page.getByRole('button', { name: 'Play film.mp4' }).click();
    };
    await say('(bytes) => bytes.map((byte, i) => (i === bytes.length - 1000 ? byte ^ 1 : byte))');
    await page
      .getByText(/This copy was changed: its piece \d+ of \d+/)
      .first()
      .waitFor();
    await say('(bytes) => bytes.subarray(0, bytes.length - 5)');
    await page.getByText(/This copy is cut: it has \d+ of \d+ bytes/).waitFor();
    expect(await told(page).textContent()).toContain('cut');

    // somebody else with the same browser: no key, and then a wrong one
    await page.evaluate(`new Promise((done) => {
      const r = indexedDB.open('reelmill-take-along');
      r.onsuccess = () => { r.result.transaction('keys', 'readwrite').objectStore('keys').clear().onsuccess = done; };
    }).then(() => 0)`);
    await page.reload();
    await page.getByRole('button', { name: 'Play film.mp4' }).click();
    await page.getByText('This copy is locked: give your passphrase.').waitFor();
    await page.getByLabel('Passphrase', { exact: true }).fill('open Sesame');
    await page.getByRole('button', { name: 'Unlock the copies' }).click();
    await page.getByText('This copy was made with another key: it cannot be opened with this one.').waitFor();
    await context.close();
  });
});
