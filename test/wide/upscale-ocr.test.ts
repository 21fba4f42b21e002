import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { greyPicture, pgs } from '../fixtures/pgs.ts';
import { type TestMill, testMill } from '../support/mill.ts';
import { describeOnTesseract } from '../support/on-tesseract.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const CANVAS = { width: 720, height: 576 };
const PICTURES = join(import.meta.dirname, '..', 'fixtures', 'subtitles');
const QUICK = { preset: 'ultrafast', segmentSeconds: '3', model: 'websr-s-rl' };

let mill: TestMill;
let sup: string;
beforeAll(async () => {
  mill = await testMill();
  sup = join(await temporaryFolder(), 'two.sup');
  const [hello, train] = await Promise.all(
    ['hello', 'train'].map((name) => greyPicture(join(PICTURES, `${name}.png`))),
  );
  if (!hello || !train) throw new Error('no pictures');
  const cues = [
    { startSeconds: 0.24, endSeconds: 0.96, picture: hello, left: 160, top: 500 },
    { startSeconds: 1.44, endSeconds: 2.16, picture: train, left: 140, top: 60 },
  ];
  await writeFile(sup, pgs(CANVAS, cues));
});

const WORDS = ['Hello there, my old friend.', 'The last train leaves at nine.'];
const PGS = ['-c:s', 'copy'];
const ENGLISH = ['-metadata:s:s:0', 'language=eng'];

/** A film of 2.4 s with bitmap subtitles from 0 s on. */
async function disc(name: string, streams: readonly string[], subtitles = sup): Promise<string> {
  const path = join(await temporaryFolder(), name);
  const pictures = [
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=64x48:rate=25:duration=2.4',
    '-i',
    subtitles,
    '-map',
    '0',
    '-map',
    '1',
  ];
  const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
  await run('ffmpeg', ['-v', 'error', '-copyts', ...pictures, ...x264, ...streams, path]);
  return path;
}

/** ffmpeg writes DVD subtitles without an end, so the Matroska file gets an end within the film. */
async function dvd(): Promise<string> {
  const [coded, path] = [
    await disc('coded.mkv', ['-c:s', 'dvdsub', ...ENGLISH]),
    join(await temporaryFolder(), 'dvd.mkv'),
  ];
  await run('ffmpeg', ['-v', 'error', '-i', coded, '-map', '0', '-c', 'copy', '-bsf:s', 'setts=duration=700', path]);
  return path;
}

await describeOnTesseract('subtitles that are pictures', () => {
  it.each([
    {
      from: 'a Blu-ray',
      make: () => disc('bluray.mkv', [...PGS, ...ENGLISH]),
      beside: 'stream-1.sup',
      ends: ['00,960', '02,160'],
    },
    { from: 'a DVD', make: dvd, beside: 'stream-1.mks', ends: ['01,440', '02,400'] },
  ])('of $from become text beside them', async ({ make, beside, ends }) => {
    const { outcome, manifest, path } = await mill.run(await make(), 'upscale', QUICK);
    expect(outcome).toMatchObject({ status: 'done' });
    expect(await readFile(path('stream-1.ocr.srt'), 'utf8')).toBe(
      `1\n00:00:00,240 --> 00:00:${ends[0]}\n${WORDS[0]}\n\n2\n00:00:01,440 --> 00:00:${ends[1]}\n${WORDS[1]}\n`,
    );
    const { streams: fates, sidecars } = await manifest();
    expect(fates[1]).toMatchObject({
      fate: 'kept',
      sidecar: beside,
      text: { sidecar: 'stream-1.ocr.srt', language: 'eng', pictures: 2, unread: 0, words: 11, doubtful: 0 },
    });
    expect(fates[1]?.text?.confidence).toBeGreaterThan(80);
    expect(sidecars.map(({ path }) => path)).toEqual([beside, 'stream-1.ocr.srt']);
  });

  it('are read before the film is retimed, and the times of their text change with it', async () => {
    const film = await disc('retimed.mkv', [...PGS, ...ENGLISH]);
    const { path } = await mill.run(film, 'upscale', { ...QUICK, fps: '24' });
    const text = await readFile(path('stream-1.ocr.srt'), 'utf8');
    expect(text).toContain(`00:00:00,250 --> 00:00:01,000\n${WORDS[0]}`);
    expect(text).toContain(`00:00:01,500 --> 00:00:02,250\n${WORDS[1]}`);
  });

  it('are not read without a language tag, with a warning, and are read in the language of ocr=', async () => {
    const film = await disc('untagged.mkv', PGS);
    const silent = await mill.run(film, 'upscale', QUICK);
    const { streams, warnings, sidecars } = await silent.manifest();
    expect(streams[1]).not.toHaveProperty('text');
    expect(sidecars).toHaveLength(1);
    expect(warnings).toEqual([expect.stringContaining('stream 1 are not read as text: it has no language tag')]);
    const asked = await mill.run(film, 'upscale', { ...QUICK, ocr: 'eng' });
    expect(await readFile(asked.path('stream-1.ocr.srt'), 'utf8')).toContain(WORDS[1]);
    expect(asked.encoded()).toEqual({});
  });

  it('lead to a warning where they cannot be read with confidence', async () => {
    const random = Uint8Array.from({ length: 300 * 40 }, (_, i) =>
      Math.imul(i + 1, 2_654_435_761) >>> 24 > 150 ? 255 : 0,
    );
    const noise = { width: 300, height: 40, data: random };
    const unclear = join(await temporaryFolder(), 'unclear.sup');
    await writeFile(unclear, pgs(CANVAS, [{ startSeconds: 0, endSeconds: 1, picture: noise, left: 100, top: 500 }]));
    const film = await disc('unclear.mkv', [...PGS, ...ENGLISH], unclear);
    const { outcome, manifest } = await mill.run(film, 'upscale', QUICK);
    expect(outcome).toMatchObject({ status: 'done' });
    const { streams, warnings } = await manifest();
    const { words = 0, doubtful = 0, unread = 0 } = streams[1]?.text ?? {};
    expect(doubtful + unread).toBeGreaterThan(0);
    expect(warnings).toEqual([expect.stringContaining(`${doubtful} of ${words} words`)]);
  });
});

describe('a language that tesseract cannot read', () => {
  it('is an error before anything is made', async () => {
    const film = await disc('klingon.mkv', [...PGS, ...ENGLISH]);
    const { outcome, events } = await mill.run(film, 'upscale', { ...QUICK, ocr: 'tlh' });
    expect(outcome).toMatchObject({ status: 'failed', code: 'missing-tool' });
    expect(events.filter(({ type }) => type === 'segment.done')).toEqual([]);
  });
});
