import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { ROOT } from '../setup.mjs';
import { serveFolder } from './serve-folder.mjs';

/**
 * @typedef {{ readonly startTime: number, readonly endTime: number, readonly text: string }} Cue
 * @typedef {{ readonly lang: string, readonly channels?: string | number, readonly main?: boolean, readonly forced?: boolean }} OfferedTrack
 * @typedef {{ readonly kind: string, readonly starts: number, readonly ends: number | null, readonly holes: number }} BufferedTrack
 * @typedef {{ readonly mediaTime: number, readonly size: string, readonly cells: readonly (readonly number[])[] }} SeenFrame
 * @typedef {{
 *   readonly ended: boolean, readonly flash: number | null, readonly beep: number | null, readonly stalls: number,
 *   readonly shown: number, readonly sizes: readonly string[], readonly seen: readonly SeenFrame[],
 *   readonly errors: readonly string[], readonly tracks: readonly BufferedTrack[], readonly cues: readonly Cue[],
 *   readonly end: number, readonly duration: number,
 *   readonly offered?: { readonly sounds: readonly OfferedTrack[], readonly sound: number, readonly texts: readonly OfferedTrack[] },
 * }} Played
 */

/** The players, and which of a ladder's files each one opens. `file` is a rung as it is downloaded. */
export const WAYS = /** @type {const} */ ({
  'hls.js': { way: 'hls', file: 'master.m3u8' },
  'dash.js': { way: 'dash', file: 'manifest.mpd' },
  'shaka, HLS': { way: 'shaka', file: 'master.m3u8' },
  'shaka, DASH': { way: 'shaka', file: 'manifest.mpd' },
  'plain MSE': { way: 'mse', file: 'master.m3u8' },
  'the file itself': { way: 'file', file: undefined },
});

const FILES = {
  '/player.html': join(ROOT, 'scripts/players/page.html'),
  '/lib/hls.js': join(ROOT, 'node_modules/hls.js/dist/hls.min.js'),
  '/lib/dash.js': join(ROOT, 'node_modules/dashjs/dist/modern/umd/dash.all.min.js'),
  '/lib/shaka.js': join(ROOT, 'node_modules/shaka-player/dist/shaka-player.compiled.js'),
};

/** How long nothing may move before a player counts as frozen. */
const PATIENCE_SECONDS = 6;
const COLOUR_SAMPLES = 4;

/**
 * Opens a browser that plays the ladder in `folder` by each player, one page each.
 * @param {{ readonly folder: string, readonly executablePath: string }} options
 */
export async function openPlayers({ folder, executablePath }) {
  const server = await serveFolder(folder, FILES);
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
  });
  const open = async () => {
    const page = await browser.newPage();
    await page.goto(`${server.url}/player.html`);
    return page;
  };
  return {
    /**
     * @param {{ readonly way: string, readonly file: string }} what
     * @param {{ readonly rate?: number, readonly text?: number, readonly screenshot?: string }} [how]
     * @returns {Promise<Played>}
     */
    async play({ way, file }, { rate = 1, text, screenshot } = {}) {
      const page = await open();
      try {
        const task = {
          way,
          url: `${server.url}/${file}`,
          rate,
          patienceSeconds: PATIENCE_SECONDS,
          samples: COLOUR_SAMPLES,
          text,
        };
        const played = page.evaluate(`playThrough(${JSON.stringify(task)})`);
        if (screenshot !== undefined) {
          await page.waitForTimeout(1500);
          await page.screenshot({ path: screenshot });
        }
        return /** @type {Played} */ (await played);
      } finally {
        await page.close();
      }
    },
    /**
     * Which of these types the browser's Media Source Extensions take.
     * @param {readonly string[]} types
     * @returns {Promise<readonly boolean[]>}
     */
    async takes(types) {
      const page = await open();
      try {
        const code = `${JSON.stringify(types)}.map((type) => MediaSource.isTypeSupported(type))`;
        return /** @type {readonly boolean[]} */ (await page.evaluate(code));
      } finally {
        await page.close();
      }
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
