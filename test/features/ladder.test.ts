import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createFile, MP4BoxBuffer } from 'mp4box';
import sharp from 'sharp';
import { makeClip } from '../fixtures/make.ts';
import { whatIsThereAlready } from '../support/edited-ladder.ts';
import { keyframeTimes, streamOf } from '../support/ffprobe.ts';
import { type Milled, type TestMill, testMill } from '../support/mill.ts';
import { rangeServer } from '../support/range-server.ts';
import { boxesOf } from '../support/segment-indexes.ts';
import { fourRungs, LADDER_QUICK, SHORT, tinyClip, twoRungs } from '../support/tiny-ladder.ts';

const run = promisify(execFile);

/** As mp4box names them. */
type ParsedFragments = {
  readonly sidx: { readonly references: readonly { readonly starts_with_SAP: number }[] };
  getTrackSamplesInfo(track: number): readonly { readonly is_sync: boolean; readonly moof_number: number }[];
};

describe('the recipe ladder', () => {
  let mill: TestMill;
  let made: Milled;
  beforeAll(async () => {
    mill = await testMill();
    made = await mill.run(await makeClip(tinyClip('256x144')), fourRungs, LADDER_QUICK);
  });

  it('makes every rung from the source', async () => {
    expect(made.outcome).toMatchObject({ status: 'done' });
    const { renditions } = await made.manifest();
    expect(renditions.map(({ name, parent, width, height }) => [name, parent, width, height])).toEqual([
      ['4k', 'source', 256, 144],
      ['1440p', 'source', 200, 112],
      ['hd', 'source', 170, 96],
      ['sd', 'source', 128, 72],
    ]);
    expect(renditions.map(({ codecString }) => codecString.split('.')[0])).toEqual(['hvc1', 'hvc1', 'avc1', 'avc1']);
    expect(renditions.every(({ audioCodecString }) => audioCodecString === 'mp4a.40.2')).toBe(true);
    expect(renditions.flatMap(({ checks }) => checks.filter(({ passed }) => !passed))).toEqual([]);
  });

  it('makes every rung from the one above it where that is asked for, and says that of each', async () => {
    const chained = await mill.run(await makeClip(tinyClip('256x144')), fourRungs, { ...LADDER_QUICK, from: 'parent' });
    const { renditions } = await chained.manifest();
    expect(renditions.map(({ name, parent }) => [name, parent])).toEqual([
      ['4k', 'source'],
      ['1440p', '4k'],
      ['hd', '1440p'],
      ['sd', 'hd'],
    ]);
    expect(chained.encoded()).not.toHaveProperty('4k');
    for (const name of ['1440p', 'hd', 'sd'])
      expect(await keyframeTimes(chained.path(`${name}.mp4`))).toEqual(await keyframeTimes(chained.path('4k.mp4')));
  });

  it('writes fragments behind an index, keyframes in step', async () => {
    const first = await keyframeTimes(made.path('4k.mp4'));
    expect(first.length).toBeGreaterThan(1);
    for (const name of ['4k', '1440p', 'hd', 'sd']) {
      const boxes = (await boxesOf(made.path(`${name}.mp4`))).map(({ type }) => type);
      expect(boxes.slice(0, 3)).toEqual(['ftyp', 'moov', 'sidx']);
      expect(boxes.filter((type) => type === 'moof').length).toBeGreaterThanOrEqual(Math.floor(2.4 / 0.6));
      expect(await keyframeTimes(made.path(`${name}.mp4`))).toEqual(first);
    }
    expect(await streamOf(made.path('sd.mp4'))).toMatchObject({ profile: 'Constrained Baseline', pix_fmt: 'yuv420p' });
  });

  it('says in the index which fragments decoding can begin with, as a parser that is not ours finds them', async () => {
    const file = createFile();
    const bytes = await readFile(made.path('4k.mp4'));
    file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(Uint8Array.from(bytes).buffer, 0));
    file.flush();
    const { sidx, getTrackSamplesInfo } = file as unknown as ParsedFragments;
    const samples = getTrackSamplesInfo.call(file, 1);
    const beginsWithKeyframe = samples.flatMap(({ is_sync, moof_number }, i) =>
      moof_number === samples[i - 1]?.moof_number ? [] : [is_sync],
    );
    expect(sidx.references.map(({ starts_with_SAP }) => starts_with_SAP === 1)).toEqual(beginsWithKeyframe);
    expect(new Set(beginsWithKeyframe)).toEqual(new Set([true, false]));
  });

  it('makes posters, a sprite and its cues', async () => {
    const { thumbnails } = await made.manifest();
    expect(thumbnails?.files.map(({ path }) => path)).toEqual([
      ...['poster.jpg', 'poster.webp', 'sprite.jpg', 'sprite.webp', 'sprite.vtt'],
    ]);
    expect(await sharp(made.path('poster.webp')).metadata()).toMatchObject({ format: 'webp', width: 128, height: 72 });
    expect(await sharp(made.path('sprite.jpg')).metadata()).toMatchObject({ format: 'jpeg', width: 480, height: 90 });
    const cues = await readFile(made.path('sprite.vtt'), 'utf8');
    expect(cues).toContain('00:00:01.000 --> 00:00:02.000\nsprite.jpg#xywh=160,0,160,90');
  });

  it.each(['4k', '1440p', 'hd', 'sd'])(
    'names byte ranges of %s.mp4 that begin with a fragment and leave none out',
    async (name) => {
      const file = await readFile(made.path(`${name}.mp4`));
      const list = await readFile(made.path(`${name}.m3u8`), 'utf8');
      const ranges = [...list.matchAll(/BYTERANGE:(\d+)@(\d+)/g)].map(([, bytes, at]) => ({
        at: Number(at),
        bytes: Number(bytes),
      }));
      for (const { at } of ranges) expect(file.toString('latin1', at + 4, at + 8)).toBe('moof');
      const sound = name === 'sd' ? await readFile(made.path('sound.m3u8'), 'utf8') : '';
      const both = [...`${list}${sound}`.matchAll(/BYTERANGE:(\d+)@(\d+)/g)];
      const placed = both.map(([, bytes, at]) => ({ at: Number(at), end: Number(at) + Number(bytes) }));
      if (name === 'sd') {
        const inOrder = placed.sort((a, b) => a.at - b.at);
        expect(inOrder.slice(1).map(({ at }) => at)).toEqual(inOrder.slice(0, -1).map(({ end }) => end));
        expect(inOrder.at(-1)?.end).toBe(file.length);
      }
      const manifest = await readFile(made.path('manifest.mpd'), 'utf8');
      const master = await readFile(made.path('master.m3u8'), 'utf8');
      const rates = [...master.matchAll(/:BANDWIDTH=(\d+),AVERAGE-BANDWIDTH=(\d+)/g)];
      expect(rates).toHaveLength(4);
      for (const [, peak, average] of rates) expect(Number(average)).toBeLessThanOrEqual(Number(peak));
      for (const { at, bytes } of ranges) expect(manifest).toContain(`mediaRange="${at}-${at + bytes - 1}"`);
    },
  );

  it('plays as HLS over HTTP, every frame of every rung out of ranges', async () => {
    const server = await rangeServer(dirname(made.path('master.m3u8')));
    try {
      const args = ['-v', 'error', '-nostdin', '-i', `${server.url}/master.m3u8`, '-map', '0:v', '-f', 'framecrc', '-'];
      const { stdout, stderr } = await run('ffmpeg', args);
      expect(stderr).toBe('');
      const frames = [0, 1, 2, 3].map(
        (stream) => stdout.split('\n').filter((line) => line.startsWith(`${stream},`)).length,
      );
      expect(frames).toEqual([60, 60, 60, 60]);
      expect(server.asked.filter(({ path }) => path === '/hd.mp4').length).toBeGreaterThan(2);
    } finally {
      await server.close();
    }
  });

  it('copies nothing that tells where or by whom it was shot', async () => {
    const told = tinyClip('256x144', [
      ...SHORT,
      '-metadata',
      'title=Secret',
      '-metadata',
      'location=+48.1+011.5/',
      '-movflags',
      'use_metadata_tags',
    ]);
    const made = await (await testMill()).run(await makeClip({ ...told, file: 'told.mp4' }), twoRungs, LADDER_QUICK);
    const args = ['-v', 'error', '-of', 'json', '-show_format', made.path('sd.mp4')];
    expect((await run('ffprobe', args)).stdout).not.toMatch(/Secret|48\.1/);
    for (const { metadata } of (await made.manifest()).renditions)
      expect(metadata).toMatchObject([
        { fate: 'dropped', why: expect.stringContaining('tells no place and no person') },
      ]);
  });
});

whatIsThereAlready('source');
