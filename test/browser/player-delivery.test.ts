import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ladder } from '../../core/recipes/ladder.ts';
import { makeClip } from '../fixtures/make.ts';
import { barcodedClip } from '../support/barcoded-clip.ts';
import { testMill } from '../support/mill.ts';
import { type PlayerPages, playerPages } from '../support/player-page.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CHUNK = 500_000;
const SECONDS = 4;
/** Two rungs in H.264, two sounds, subtitles. */
const twoRungs = {
  ...ladder,
  renditions: [
    { ...ladder.renditions[2], fit: { shortSide: 240 } },
    { ...ladder.renditions[3], parent: 'source', fit: { halfPerimeter: 300 } },
  ],
};

let pages: PlayerPages;
let manifest: string;
beforeAll(async () => {
  const folder = await temporaryFolder();
  const size = { width: 480, height: 270 };
  const film = { clip: 1, frames: 25 * SECONDS, size, bitRate: '5M' };
  await Promise.all([
    barcodedClip({ ...film, path: join(folder, 'film.mp4') }),
    barcodedClip({ ...film, path: join(folder, 'other.mp4'), clip: 2, bitRate: '4M' }),
    barcodedClip({ ...film, path: join(folder, 'plain.mp4'), flags: '+faststart' }),
    barcodedClip({ ...film, path: join(folder, 'late-header.mp4'), flags: '-faststart' }),
    barcodedClip({ ...film, path: join(folder, 'no-index.mp4'), flags: '+frag_keyframe+cmaf+default_base_moof' }),
    barcodedClip({ ...film, path: join(folder, 'together.mp4'), flags: '+frag_keyframe+empty_moov+default_base_moof' }),
    barcodedClip({ ...film, path: join(folder, 'silent.mp4'), sound: false }),
  ]);
  const source = await makeClip({
    file: 'player-ladder.mkv',
    files: { 'text.srt': '1\n00:00:00,500 --> 00:00:02,500\nGuten Tag\n' },
    args: [
      ...['-f', 'lavfi', '-i', `testsrc2=s=480x270:r=25:d=${SECONDS}`, '-f', 'lavfi', '-i', `sine=f=300:d=${SECONDS}`],
      ...['-f', 'lavfi', '-i', `sine=f=600:d=${SECONDS}`, '-i', '@text.srt'],
      ...['-map', '0', '-map', '1', '-map', '2', '-map', '3', '-c:v', 'libx264', '-preset', 'ultrafast'],
      ...['-pix_fmt', 'yuv420p', '-c:a', 'aac', '-c:s', 'srt', '-metadata:s:a:0', 'language=eng'],
      ...['-metadata:s:a:1', 'language=fra', '-metadata:s:s:0', 'language=deu', '-disposition:a:0', 'default'],
    ],
  });
  const made = await (await testMill()).run(source, twoRungs, { preset: 'ultrafast' });
  const rungs = dirname(made.path('master.m3u8'));
  manifest = await readFile(join(rungs, 'manifest.json'), 'utf8');
  pages = await playerPages([folder, dirname(rungs), rungs], {
    '/bad-codec.json': manifest.replaceAll(/"codecString": ?"avc1[^"]*"/g, '"codecString":"avc1.640034"'),
    '/no-codec.json': manifest.replaceAll(/"codecString": ?"avc1[^"]*"/g, '"codecString":"xyz9.1"'),
  });
});
afterAll(() => pages?.close());

const media = (path: string) => pages.server.log.filter((each) => each.path.endsWith(path) && each.range !== undefined);
const lengthOf = (range = '') => {
  const [, from, to] = /(\d+)-(\d+)/.exec(range) ?? [];
  return Number(to) - Number(from) + 1;
};
/** Code that does something as soon as a film shows its first frame: a little later the film may have ended. */
const atFirstFrame = (code: string) =>
  `document.addEventListener('reelmill', ({ detail }) => { if (detail.type === 'first-frame') { ${code} } })`;
/** Opens a film, seeks to near its end at its first frame, and waits for the end. */
async function playedToEnd(attributes: Readonly<Record<string, string>>, before = '') {
  const each = await pages.newPage();
  await each.run(before);
  await each.run(atFirstFrame(`player.seek(${SECONDS - 0.8})`));
  await each.open({ autoplay: '', ...attributes });
  await each.told('e.type === "end" || e.type === "error"');
  return { ...each, all: await each.events() };
}
const kinds = (events: readonly { type: string; kind?: string; way?: unknown }[]) =>
  events.flatMap(({ type, kind, way }) =>
    ['trouble', 'fallback', 'error'].includes(type) ? [`${type} ${way ?? ''} ${kind}`.replace('  ', ' ')] : [],
  );

describe('delivery in chunks', () => {
  it('asks for at most 500 KB at once, one request at a time, and for no byte twice', async () => {
    const { open, told, events, errors } = await pages.newPage();
    await open({ src: '/film.mp4', autoplay: '' });
    await told('e.type === "end" || e.type === "error"');
    const all = await events();
    const asked = media('/film.mp4');
    expect(Math.max(...asked.map(({ range }) => lengthOf(range)))).toBeLessThanOrEqual(CHUNK);
    expect(Math.max(...asked.map(({ atOnce }) => atOnce))).toBe(1);
    const starts = asked.map(({ range }) => Number(/=(\d+)/.exec(range ?? '')?.[1]));
    expect(starts.slice(0, 3)).toEqual([0, CHUNK, 2 * CHUNK]);
    expect(new Set(starts).size).toBe(starts.length);
    expect(asked.at(-1)?.ifRange).toMatch(/^"/);
    expect(kinds(all)).toEqual([]);
    expect(errors).toEqual([]);
  });

  it.each([
    { of: 'a file without an index', src: '/no-index.mp4' },
    { of: 'a file whose fragments hold both tracks', src: '/together.mp4' },
    { of: 'a film without sound', src: '/silent.mp4' },
    { of: 'a master playlist', src: '/master.m3u8' },
    { of: 'a manifest', src: '/manifest.json' },
  ])('plays $of to its end', async ({ src }) => {
    const { all, errors } = await playedToEnd({ src });
    expect(kinds(all)).toEqual([]);
    expect(all.findLast(({ type }) => type === 'state')).toMatchObject({ isPaused: true });
    expect(errors).toEqual([]);
  });

  it('begins with the smallest rendition, and shows the one that somebody chooses', async () => {
    const { open, told, run, until } = await pages.newPage();
    // on so few pixels the player itself chooses no larger one
    await run(`{
      const style = new CSSStyleSheet();
      style.replaceSync('reelmill-player { width: 160px; min-width: 0; }');
      document.adoptedStyleSheets = [style];
    }`);
    await run(atFirstFrame("player.rendition = 'hd'"));
    await open({ src: '/manifest.json', autoplay: '' });
    await told('e.type === "first-frame"');
    expect(media('.mp4')[0]?.path).toContain('sd.mp4');
    await told('e.type === "quality" && e.rendition === "hd"');
    await until('player.video.videoHeight === 240');
  });

  it('plays the sound of another language, and shows subtitles', async () => {
    const { open, told, run, events } = await pages.newPage();
    await open({ src: '/manifest.json' });
    await told('e.type === "first-frame"');
    await run("player.sound = player.shown.film.sounds.find(({ url }) => url)?.label; player.captions = 'German'");
    await run(`new Promise((done) => {
      player.video.addEventListener('timeupdate', () => {
        if (player.currentTime <= 1) return;
        player.video.pause(); // the subtitle stays until somebody has looked
        done();
      });
      void player.video.play();
    })`);
    expect(media('sound-2.mp4').length).toBeGreaterThan(0);
    expect(
      await run(
        "[...player.video.textTracks].filter(({ mode }) => mode === 'showing').map(({ activeCues }) => [...activeCues].map(({ text }) => text))",
      ),
    ).toEqual([['Guten Tag']]);
    expect((await events()).filter(({ type }) => type === 'fallback')).toEqual([]);
  });

  it('leaves what it was loading when somebody seeks, and goes on there', async () => {
    const { open, told, run, events } = await pages.newPage();
    await open({ src: '/film.mp4', autoplay: '' });
    await told('e.type === "first-frame"');
    for (const seconds of [3, 0.5, 2.5, 1, 3.5]) await run(`player.seek(${seconds})`);
    await told('e.type === "end"');
    expect(kinds(await events())).toEqual([]);
  });
});

describe('what goes wrong on the way', () => {
  it('is asked for again from the byte at which it broke off', async () => {
    const each = await pages.newPage();
    pages.server.setFault(({ path, count }) =>
      path === '/film.mp4' && count === 2 ? { cutAfter: 123_456 } : undefined,
    );
    await each.open({ src: '/film.mp4', autoplay: '' });
    await each.told('e.type === "end"');
    expect(kinds(await each.events())).toEqual(['trouble network']);
    const [, from, to] = /=(\d+)-(\d+)/.exec(media('/film.mp4')[2]?.range ?? '') ?? [];
    expect(Number(from)).toBeGreaterThanOrEqual(CHUNK);
    expect(Number(from)).toBeLessThanOrEqual(CHUNK + 123_456);
    expect(Number(to)).toBe(2 * CHUNK - 1);
  });

  it.each([
    {
      what: 'a server that fails three times',
      fault: { status: 503 },
      from: 2,
      to: 4,
      tells: ['trouble network', 'trouble network', 'trouble network'],
    },
    { what: 'a server without ranges', fault: { whole: true }, from: 1, to: 99, tells: ['trouble ranges'] },
  ])('$what: it plays to its end', async ({ fault, from, to, tells }) => {
    const each = await pages.newPage();
    pages.server.setFault(({ path, count }) =>
      path === '/film.mp4' && count >= from && count <= to ? fault : undefined,
    );
    await each.open({ src: '/film.mp4', autoplay: '' });
    await each.told('e.type === "end" || e.type === "error"');
    expect(kinds(await each.events())).toEqual(tells);
  });

  it('a file that changes between two ranges is begun again at the same time, never mixed', async () => {
    const each = await pages.newPage();
    const content = Buffer.from(await (await fetch(`${pages.server.url}/other.mp4`)).arrayBuffer());
    pages.server.setFault(({ path, count }) => (path === '/film.mp4' && count >= 2 ? { content } : undefined));
    await each.open({ src: '/film.mp4', autoplay: '' });
    await each.run('void (window.stop = watchScreen())');
    await each.told('e.type === "end" || e.type === "error"');
    expect(kinds(await each.events())).toEqual(['trouble changed']);
    const seen = await each.run<readonly { clip?: number; frame?: number }[]>('screenLog()');
    const clips = seen.flatMap(({ clip }) => (clip === undefined ? [] : [clip]));
    expect(clips.at(-1)).toBe(2);
    expect([...clips].sort()).toEqual(clips); // the old one, then the new one
  });

  it.each([
    { what: 'a film that is not there', status: 404, says: 'The server has no film "film.mp4" (404).' },
    {
      what: 'a signature that is not accepted',
      status: 403,
      says: 'The server does not give "film.mp4" (403): the permission to see it may have ended.',
    },
  ])('$what: a sentence on the page', async ({ status, says }) => {
    const each = await pages.newPage();
    pages.server.setFault(({ path }) => (path === '/film.mp4' ? { status } : undefined));
    await each.open({ src: '/film.mp4', autoplay: '' });
    expect((await each.told('e.type === "error"')).reason).toBe(says);
    expect(await each.page.locator('reelmill-player').getByRole('status').textContent()).toBe(says);
  });

  it.each([
    { what: 'wrong codecs in the manifest', src: '/bad-codec.json' },
    { what: 'codecs in the manifest that no browser knows', src: '/no-codec.json' },
  ])('$what: plays, or says that it cannot', async ({ src }) => {
    const { all } = await playedToEnd({ src });
    if (src.startsWith('/bad')) expect(kinds(all)).toEqual([]);
    else
      expect(all.find(({ type }) => type === 'error')?.reason).toBe(
        'This browser decodes none of the renditions of this film.',
      );
  });

  it.each(['/plain.mp4', '/late-header.mp4'])(
    '%s has no fragments: the server is asked to divide it, then the browser plays it',
    async (src) => {
      const { all } = await playedToEnd({ src });
      expect(kinds(all)).toEqual(['fallback fragmented plain', 'fallback native plain']);
    },
  );

  it('a full memory for films: what was played is let go, and it plays to its end', async () => {
    const full = `{
      const { appendBuffer } = SourceBuffer.prototype;
      SourceBuffer.prototype.appendBuffer = function (bytes) {
        const { buffered } = this;
        const held = buffered.length > 0 ? buffered.end(buffered.length - 1) - buffered.start(0) : 0;
        if (held > 3) throw new DOMException('full', 'QuotaExceededError');
        return appendBuffer.call(this, bytes);
      };
    }`;
    const each = await pages.newPage();
    await each.run(full);
    await each.open({ src: '/film.mp4', autoplay: '' });
    await each.told('e.type === "end" || e.type === "error"');
    const all = await each.events();
    expect(new Set(kinds(all))).toEqual(new Set(['trouble quota']));
    expect(all.findLast(({ type }) => type === 'state')).toMatchObject({ isPaused: true });
  });

  it('a browser that loses its decoder: the browser plays the file by itself', async () => {
    const each = await pages.newPage();
    await each.run(`{
      const { addSourceBuffer } = MediaSource.prototype;
      MediaSource.prototype.addSourceBuffer = () => { throw new DOMException('no second decoder', 'NotSupportedError'); };
    }`);
    await each.open({ src: '/film.mp4', autoplay: '' });
    await each.told('e.type === "end" || e.type === "error"');
    expect(kinds(await each.events())).toEqual(['fallback native format']);
  });

  it('offline and back: says that it is, and goes on', async () => {
    const each = await pages.newPage();
    let breakOff = () => {};
    const cutWhen = new Promise<void>((resolve) => {
      breakOff = resolve;
    });
    // else a quick machine has the whole film before the line is gone
    pages.server.setFault(({ path, count }) =>
      path === '/film.mp4' && count === 2 ? { cutAfter: 1000, cutWhen } : undefined,
    );
    await each.open({ src: '/film.mp4', autoplay: '' });
    const slow = await each.told('e.type === "stall"');
    expect(slow.reason).toBe('The film arrives too slowly; it goes on as soon as it can.');
    await each.page.context().setOffline(true);
    breakOff();
    const stall = await each.told('e.type === "stall" && /offline/.test(e.reason)');
    expect(stall.reason).toBe('This device is offline; the film goes on when it is online again.');
    await each.page.context().setOffline(false);
    await each.told('e.type === "end"');
  });
});
