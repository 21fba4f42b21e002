import { writeFile } from 'node:fs/promises';
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
  await writeFile(join(folder, 'english.vtt'), 'WEBVTT\n\n00:00.000 --> 00:02.000\nGood evening.\n');
  await writeFile(join(folder, 'empty.vtt'), '');
  const subtitles = [
    { path: 'english.vtt', language: 'eng', default: true },
    { path: 'gone.vtt', language: 'deu' },
    { path: 'empty.vtt', language: 'fra' },
  ];
  const renditions = [
    { name: 'other', path: 'other.mp4', width: 1920, height: 1080, codecString: 'zzzz.1' },
    { name: 'sd', path: 'film.mp4', width: 160, height: 90 },
  ];
  const manifest = { source: { path: 'Evening.mov' }, renditions, subtitles };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
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
    page.setDefaultTimeout(0); // jest ends a test that waits in vain
    await page.goto(`${pages.server.url}/player/take-along.html?film=/film.mp4`);
    await page.getByLabel('Passphrase, the first time').fill('open sesame');
    await page.getByRole('button', { name: 'Take it along' }).click();
    await page.getByText('film.mp4 was taken along. It plays without a connection.').waitFor();
    await page.getByLabel('Address of the film').fill('/manifest.json');
    await page.getByRole('button', { name: 'Take it along' }).click();
    await page
      .getByText(
        /^Evening.mov was taken along.* does not give the subtitles "German" \(404\)\. .*"French" have 0 bytes/,
      )
      .waitFor();
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

    await page.getByRole('button', { name: 'Play Evening.mov' }).click();
    const cue =
      "[...document.querySelector('reelmill-player').video.textTracks].find(({ mode }) => mode === 'showing')?.cues?.[0]";
    await untilTrue(page, `(${cue})?.text === 'Good evening.'`);
    const inClear = `(async () => {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('reelmill-take-along');
      const texts = [];
      for await (const file of folder.values()) texts.push(await (await file.getFile()).text());
      return { files: texts.length, clear: texts.filter((text) => text.includes('evening')).length };
    })()`;
    expect(await page.evaluate(inClear)).toEqual({ files: 3, clear: 0 });
    await page.getByRole('button', { name: 'Remove Evening.mov' }).click();
    await page.getByRole('button', { name: 'Play Evening.mov' }).waitFor({ state: 'detached' });
    expect(await page.evaluate(inClear)).toEqual({ files: 1, clear: 0 });

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
