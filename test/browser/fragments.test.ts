import { once } from 'node:events';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { serveMedia, WITHOUT_LIMITS } from '../../app/serve/serve-media.ts';
import { boxesOf } from '../../core/bytes/boxes.ts';
import { localMediaPorts } from '../../runtime/local-media.ts';
import { mediaRoute } from '../../runtime/serving/media-route.ts';
import { progressive } from '../fixtures/progressive.ts';
import { piecesTogether, planOf } from '../support/fragmented.ts';
import { openBrowser } from '../support/open-browser.ts';
import { indexOf, manifestOf, playlistOfIndex, startsWithKeyframe } from '../support/stream-of-fragments.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SCRIPTS = {
  '/hls.js': 'node_modules/hls.js/dist/hls.min.js',
  '/dash.js': 'node_modules/dashjs/dist/modern/umd/dash.all.min.js',
  '/shaka.js': 'node_modules/shaka-player/dist/shaka-player.compiled.js',
};
const AVC = 'avc1.42C00A';
const H264 = 'avc1.64000A';
const AAC = 'mp4a.40.2';

/** A limit as functions have it, so that a player must ask on. */
const LIMITED = { rangeBytes: 20_000, wholeBytes: 1e9 };

describe('fragments of progressive files in a browser', () => {
  let root: string;
  let server: Server;
  let url: string;
  let browser: Browser;
  let limits = WITHOUT_LIMITS;

  beforeAll(async () => {
    root = await temporaryFolder();
    const ports = localMediaPorts(root, () => {});
    const route = mediaRoute('/media/', (asked) => serveMedia(asked, { ...ports, limits }));
    server = createServer(async (incoming, response) => {
      if (await route(incoming, response)) return;
      const path = (incoming.url ?? '').split('?')[0] ?? '';
      const script = Object.entries(SCRIPTS).find(([name]) => name === path)?.[1];
      const type = { 'content-type': script ? 'text/javascript' : 'text/html' };
      response.writeHead(200, type).end(await readFile(script ?? 'test/fixtures/pages/fragments.html'));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await openBrowser('--autoplay-policy=no-user-gesture-required', '--mute-audio');
  });
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
  });

  async function opened(file: string): Promise<{ page: Page; source: Buffer; address: string }> {
    const path = await progressive(file);
    await copyFile(path, join(root, file));
    const page = await browser.newPage();
    page.setDefaultTimeout(0); // jest ends a test that waits in vain
    await page.goto(`${url}/`);
    return { page, source: await readFile(path), address: `${url}/media/${file}?frag=1` };
  }

  it.each([
    { file: 'b.mp4', codecs: [H264, AAC], seconds: 2, frames: 50 },
    { file: 'negative.mp4', codecs: [H264, AAC], seconds: 2, frames: 50 },
    { file: 'camera.mov', codecs: [H264, AAC], seconds: 2, frames: 50 },
    { file: 'long.mp4', codecs: [H264], seconds: 4.004, frames: 120 },
    { file: 'intra.mp4', codecs: [AVC, AAC], seconds: 2, frames: 50 },
    { file: 'vfr.mp4', codecs: [AVC], seconds: 2, frames: 50 },
    { file: 'sound.m4a', codecs: [AAC], seconds: 3, frames: 0 },
    { file: 'opus.mp4', codecs: [AVC, 'opus'], seconds: 2, frames: 50 },
    { file: 'flac.mp4', codecs: [AVC, 'flac'], seconds: 2, frames: 50 },
    { file: 'vp9.mp4', codecs: ['vp09.00.10.08'], seconds: 1, frames: 25 },
    { file: 'av1.mp4', codecs: ['av01.0.00M.08'], seconds: 1, frames: 25 },
    { file: 'ends.mp4', codecs: [AVC, AAC], seconds: 4, frames: 25 },
    { file: 'late.mp4', codecs: [H264, AAC], seconds: 2.7, frames: 50 },
    { file: 'latepicture.mp4', codecs: [H264, AAC], seconds: 2.7, frames: 50 },
    { file: 'two.mp4', codecs: [AVC, AAC], seconds: 2, frames: 50 },
    { file: 'descriptions.mp4', codecs: [H264, AAC], seconds: 2, frames: 50 },
    { file: 'scattered.mp4', codecs: [H264, AAC], seconds: 2, frames: 50 },
    { file: 'phone.mov', codecs: [AVC, AAC], seconds: 2, frames: 50 },
    { file: 'keyframe.mp4', codecs: [AVC, AAC], seconds: 1, frames: 25 },
  ])(
    'go into a SourceBuffer wherever they are cut, and play to the end: $file',
    async ({ file, codecs, seconds, frames }) => {
      const { page, address } = await opened(file);
      const kind = codecs[0] === AAC ? 'audio' : 'video';
      const sizes = [7, 1, 4093, 500, 31, 9973, 2, 65_537];
      const played = (await page.evaluate(
        `playByRanges('${address}', '${kind}/mp4; codecs="${codecs.join(', ')}"', ${JSON.stringify(sizes)})`,
      )) as Played & { readonly buffered: readonly (readonly number[])[] };
      expect(played).toMatchObject({ error: null, frames });
      expect(played.duration).toBeCloseTo(seconds, 1);
      expect(played.end).toBeCloseTo(played.duration, 1);
      expect(played.buffered).toHaveLength(1);
      expect(played.buffered[0]?.[0]).toBeCloseTo(0, 1);
      expect(played.buffered[0]?.[1]).toBeCloseTo(seconds, 1);
      await page.close();
    },
  );

  it('go on after a jump to any keyframe', async () => {
    const { page, source, address } = await opened('b.mp4');
    const whole = piecesTogether(source, planOf(source));
    const headerBytes = boxesOf(whole, 0, whole.length).find(({ type }) => type === 'moov')?.end ?? 0;
    const at = boxesOf(whole, 0, whole.length).filter(
      ({ type, start }) => type === 'moof' && startsWithKeyframe(whole, start),
    );
    const from = at.at(-1)?.start;
    const buffered = await page.evaluate(
      `jump('${address}', 'video/mp4; codecs="${H264}, ${AAC}"', ${from}, ${JSON.stringify({ headerBytes })})`,
    );
    expect(buffered).toEqual([[expect.closeTo(1, 1), expect.closeTo(2, 1)]]);
    await page.close();
  });

  it.each(['hls', 'dash', 'shaka'])('play in %s, by the index of each track', async (way) => {
    const { page, source, address } = await opened('b.mp4');
    const track = (id: number, codec: string) => ({
      url: `${address}&tracks=${id}`,
      codec,
      bytes: piecesTogether(source, planOf(source, [id])),
    });
    const tracks = [track(1, H264), track(2, AAC)] as const;
    expect(indexOf(tracks[0].bytes).references).toHaveLength(2);
    await writeFile(join(root, 'manifest.mpd'), manifestOf(tracks, 2));
    await writeFile(join(root, 'picture.m3u8'), playlistOfIndex(tracks[0]));
    await writeFile(join(root, 'sound.m3u8'), playlistOfIndex(tracks[1]));
    const master = `#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="s",NAME="s",DEFAULT=YES,URI="sound.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=200000,CODECS="${H264},${AAC}",RESOLUTION=160x90,AUDIO="s"\npicture.m3u8\n`;
    await writeFile(join(root, 'master.m3u8'), master);
    const played = (await page.evaluate(
      `playBy('${way}', '${url}/media/${way === 'hls' ? 'master.m3u8' : 'manifest.mpd'}')`,
    )) as Played;
    expect(played).toMatchObject({ error: null });
    expect(played.end).toBeGreaterThan(1.9);
    expect(played.frames).toBeGreaterThan(40);
    await page.close();
  });

  it.each([
    { how: 'in whole answers', limited: false },
    { how: 'though every answer is cut', limited: true },
  ])('play as a file $how, and can be sought in', async ({ limited }) => {
    limits = limited ? LIMITED : WITHOUT_LIMITS;
    const { page, address } = await opened('b.mp4');
    const played = (await page.evaluate(`playBy('file', '${address}')`)) as Played;
    expect(played).toMatchObject({ error: null });
    expect(played.end).toBeCloseTo(2, 1);
    expect(await page.evaluate(`seekIn('${address}&again', 1.3)`)).toEqual({ at: 1.3, width: 160 });
    limits = WITHOUT_LIMITS;
    await page.close();
  });
});

type Played = {
  readonly duration: number;
  readonly end: number;
  readonly frames: number;
  readonly error: string | null;
};
