import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import sharp from 'sharp';
import { barcodedClip, FRAGMENTED } from '../support/barcoded-clip.ts';
import { type PlayerPage, type PlayerPages, playerPages } from '../support/player-page.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let pages: PlayerPages;
let settings = { autoplay: false, defaultRecipe: 'ladder' };
/** What has to come before the server answers a change of the settings. */
let changeMayBeAnswered: Promise<unknown> = Promise.resolve();
let isRefusing = false;
beforeAll(async () => {
  const folder = await temporaryFolder();
  const bands = ['red', 'lime', 'blue', 'yellow'].flatMap((colour) => [
    '-f',
    'lavfi',
    '-i',
    `color=${colour}:s=160x320:r=10:d=3`,
  ]);
  await Promise.all([
    barcodedClip({ path: join(folder, 'film.mp4'), clip: 3, frames: 75 }),
    execa('ffmpeg', [
      ...['-v', 'error', '-y', ...bands, '-filter_complex', 'hstack=4', '-c:v', 'libx264', '-preset', 'ultrafast'],
      ...['-pix_fmt', 'yuv420p', '-movflags', FRAGMENTED, join(folder, 'sphere.mp4')],
    ]),
  ]);
  pages = await playerPages([folder], {
    '/list.json': JSON.stringify({
      montages: [
        {
          tracks: [
            {
              items: [
                { src: 'film.mp4', name: 'One' },
                { src: 'film.mp4', in: 1 },
              ],
            },
          ],
        },
      ],
    }),
    '/film.json': JSON.stringify({
      renditions: [
        {
          name: 'sd',
          path: 'film.mp4',
          codecString: 'avc1.42C00A',
          width: 160,
          height: 90,
          bytes: 1,
          durationSeconds: 3,
        },
      ],
      subtitles: [{ name: 's', path: 'words.vtt', language: 'de', default: false }],
      thumbnails: {
        files: [
          { path: 'sprite.vtt', kind: 'cues' },
          { path: 'sprite.jpg', kind: 'sprite' },
        ],
      },
    }),
    '/words.vtt': 'WEBVTT\n\n00:00.000 --> 00:03.000\nGuten Tag\n',
    '/sprite.vtt':
      'WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nsprite.jpg#xywh=0,0,160,90\n\n00:00:01.000 --> 00:00:03.000\nsprite.jpg#xywh=160,0,160,90\n',
    '/axe.js': await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'),
  });
  pages.server.answer('/house', (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', async () => {
      if (request.method === 'PUT') await changeMayBeAnswered;
      if (request.method === 'PUT' && isRefusing) return void response.writeHead(503).end();
      if (request.method === 'PUT') settings = JSON.parse(Buffer.concat(parts).toString());
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(settings));
    });
  });
});
afterAll(() => pages?.close());

type Styled = { readonly style: { readonly backgroundPosition: string } };
const element = ({ page }: PlayerPage) => page.locator('reelmill-player');
const until = (each: PlayerPage, code: string) => each.until(code);

describe('autoplay', () => {
  it('starts without sound by the attribute alone, from a page that nobody has touched', async () => {
    const each = await pages.newPage();
    await each.open({ src: '/film.mp4', autoplay: '', loop: '' }); // else it may have ended when it is looked at
    await until(each, 'player.currentTime > 0.2');
    expect(await each.run('[player.muted, player.video.muted, player.video.playsInline, player.paused]')).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('does not start without the attribute, and offers a button', async () => {
    const each = await pages.newPage();
    await each.open({ src: '/film.mp4' });
    await each.told('e.type === "first-frame"');
    expect(await each.run('player.paused')).toBe(true);
    await element(each).getByRole('button', { name: 'Play (k)' }).click();
    await until(each, 'player.currentTime > 0.2');
  });

  // what a test runs in a page counts as a click: these are done by the page's own script, and told by its console
  const saidIn = async (search: string, of: string) => {
    const each = await pages.newPage(undefined, search);
    return { each, said: await each.said(`told ${of}`) };
  };

  it('says that the browser refuses sound, and plays without it', async () => {
    const { each, said } = await saidIn('?do=sound', 'trouble autoplay');
    expect(said).toContain('The browser plays films with sound only after a click, so this one plays without.');
    await until(each, 'player.currentTime > 0.2 && player.muted');
  });

  it('says that the browser refuses any start, with a button that helps', async () => {
    const { each, said } = await saidIn('?do=refuse', 'stall autoplay');
    expect(said).toContain('The browser starts no film by itself here; press play.');
    await element(each).getByRole('button', { name: 'Play', exact: true }).click();
    await until(each, 'player.currentTime > 0.2');
  });
});

describe('the setting of a house', () => {
  it('holds in all its pages at once, and is taken back in all where the server refuses it', async () => {
    settings = { autoplay: false, defaultRecipe: 'ladder' };
    const context = await pages.browser.newContext();
    const [one, two] = [await pages.newPage(context), await pages.newPage(context)];
    for (const each of [one, two]) {
      // a film that goes on for ever where it is looked at whether it plays
      await each.open({ src: '/film.mp4', house: '/house', ...(each === two && { loop: '' }) });
      await each.told('e.type === "first-frame"');
      expect(await each.run('player.paused')).toBe(true);
    }
    await element(one).getByRole('button', { name: 'Settings' }).click();
    const answered = one.page.waitForResponse((response) => response.request().method() === 'PUT');
    await element(one).getByLabel('Films start by themselves').check();
    await until(two, 'player.house.autoplay() && !player.paused');
    await answered;
    expect(settings).toEqual({ autoplay: true, defaultRecipe: 'ladder' });
    let answer = () => {};
    changeMayBeAnswered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    isRefusing = true;
    await element(one).getByLabel('Films start by themselves').uncheck();
    for (const each of [one, two]) await until(each, 'player.house.autoplay() === false');
    answer();
    for (const each of [one, two]) await until(each, 'player.house.autoplay() === true');
    isRefusing = false;
    expect(await element(one).getByRole('status').textContent()).toBe(
      'The setting was not kept: the server answered 503.',
    );
    expect(settings.autoplay).toBe(true);
    await context.close();
  });
});

describe('the controls', () => {
  it('are worked by keys', async () => {
    const each = await pages.newPage();
    await each.open({ src: '/film.json' });
    await each.told('e.type === "first-frame"');
    await element(each).evaluate((player) => player.focus());
    const press = (key: string) => each.page.keyboard.press(key);
    const isAt = (seconds: number) => until(each, `Math.abs(player.currentTime - ${seconds}) < 0.005`);
    await each.run('player.video.playbackRate = 1 / 16'); // else the film may have ended before the next key
    await press('k');
    await until(each, '!player.paused && player.currentTime > 0');
    await press(' ');
    await until(each, 'player.paused');
    const before = await each.run<number>('player.currentTime');
    await press('.');
    await isAt(before + 0.04);
    await press(',');
    await isAt(before);
    await press('ArrowRight');
    await until(each, 'player.currentTime > 2.9');
    await press('j');
    await isAt(0);
    await press('m');
    await until(each, 'player.muted');
    await press('c');
    await until(each, "player.captions === 'German'");
    await press('f');
    await until(each, 'document.fullscreenElement === player');
  });

  it('are reached in the order in which they are seen, and say what they are', async () => {
    const each = await pages.newPage();
    await each.open({ src: '/list.json' });
    await each.told('e.type === "first-frame"');
    const names: string[] = [];
    for (let i = 0; i < 9; i++) {
      await each.page.keyboard.press('Tab');
      names.push(await each.run<string>('player.shadowRoot.activeElement.ariaLabel'));
    }
    expect(names).toEqual([
      'Video player: One',
      ...['Position', 'Play (k)', 'Previous (Shift+P)', 'Next (Shift+N)', 'Sound on (m)', 'Volume'].map((name) =>
        name === 'Sound on (m)' ? 'Mute (m)' : name,
      ),
      ...['Settings', 'Full screen (f)'],
    ]);
    expect(await element(each).getByRole('slider', { name: 'Position' }).getAttribute('aria-valuetext')).toBe(
      '0:00 of 0:03',
    );
  });

  it('have nothing that axe finds against WCAG AA, with the menu open, too', async () => {
    const each = await pages.newPage();
    await each.open({ src: '/film.json' });
    await each.told('e.type === "first-frame"');
    await each.page.addScriptTag({ url: '/axe.js' });
    await element(each).getByRole('button', { name: 'Settings' }).click();
    await element(each).getByRole('radio', { name: 'None' }).waitFor();
    const found = await each.run<{ violations: readonly { id: string }[] }>(
      "axe.run(player, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })",
    );
    expect(found.violations.map(({ id }) => id)).toEqual([]);
    expect(each.errors).toEqual([]);
  });

  it('show a small picture and the time where somebody points at the bar', async () => {
    const each = await pages.newPage();
    await each.open({ src: '/film.json' });
    await each.told('e.type === "first-frame"');
    await element(each)
      .getByRole('slider', { name: 'Position' })
      .hover({ position: { x: 600, y: 8 } });
    await element(each).locator('.preview').waitFor();
    expect(await element(each).locator('.preview span').textContent()).toMatch(/^0:0[12]$/);
    expect(
      await element(each)
        .locator('.preview div')
        .evaluate((each) => (each as unknown as Styled).style.backgroundPosition),
    ).toBe('-160px 0px');
  });

  it('and all else wait for the first frame, and spheres for a sphere', async () => {
    const each = await pages.newPage();
    const later = each.page.waitForResponse(/later\.js$/);
    await each.open({ src: '/film.mp4', autoplay: '' });
    await each.told('e.type === "first-frame"');
    await until(each, 'player.currentTime > 0.8');
    await later;
    const paths = pages.server.log.map(({ path }) => path).filter((path) => /player|film/.test(path));
    expect([...paths].sort()).toEqual(['/film.mp4', '/player/later.js', '/player/player.js']);
  });
});

describe('a sphere', () => {
  /** The colour in the middle of the picture. */
  async function middle(each: PlayerPage): Promise<readonly number[]> {
    const { x, y, width, height } = (await element(each).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const clip = { x: x + width / 2 - 4, y: y + height / 2 - 4, width: 8, height: 8 };
    const { data } = await sharp(await each.page.screenshot({ clip }))
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return [...data.subarray(0, 3)].map((level) => Math.round(level / 255));
  }
  const [RED, LIME, BLUE] = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];

  it('shows what lies in the direction of view, by drag and keys', async () => {
    const each = await pages.newPage();
    await each.open({ src: '/sphere.mp4', sphere: '', autoplay: '', loop: '' });
    await until(each, "player.shadowRoot.querySelector('canvas') && player.currentTime > 0.3");
    const look = (yaw: number) =>
      each.run(
        `player.sphere.then((sphere) => { sphere.look({ yaw: ${yaw} }); return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))); })`,
      );
    for (const [yaw, colour] of [
      [-135, RED],
      [-45, LIME],
      [45, BLUE],
      [135, [1, 1, 0]],
    ] as const) {
      await look(yaw);
      // the frame that was asked for is drawn, but need not be on the screen yet
      let seen = await middle(each);
      for (let look = 0; look < 50 && `${seen}` !== `${colour}`; look++) seen = await middle(each);
      expect(seen).toEqual(colour);
    }
    await element(each)
      .getByRole('img', { name: /360 degree picture/ })
      .focus();
    await look(45);
    for (let i = 0; i < 9; i++) await each.page.keyboard.press('Shift+ArrowLeft');
    expect(await each.run('player.sphere.then((sphere) => Math.round(sphere.view().yaw))')).toBe(-45);
    await each.page.mouse.move(640, 300);
    await each.page.mouse.down();
    await each.page.mouse.move(900, 300, { steps: 4 });
    await each.page.mouse.up();
    expect(await each.run('player.sphere.then((sphere) => sphere.view().yaw)')).toBeLessThan(-60);
    expect(each.errors.filter((error) => !/GPU stall|GL Driver/.test(error))).toEqual([]);
  });
});
