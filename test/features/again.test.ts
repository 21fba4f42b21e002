import { copyFile, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { RawSettings } from '../../core/settings/settings.ts';
import { clip, makeClip } from '../fixtures/make.ts';
import { type Milled, milledFile, QUICK, testMill } from '../support/mill.ts';
import { QUICK as QUICK_ARGUMENTS, reelmill, runOf, runReelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const LARGER: RawSettings = { ...QUICK, evenIfLarger: 'true' };
const LARGER_ARGUMENTS = [...QUICK_ARGUMENTS, '--set', 'evenIfLarger=true'];

const segmentsOf = async (milled: Milled) => (await milled.manifest()).renditions[0]?.segments;

/** Every file below a folder, its bytes and when it was written. */
async function filesOf(folder: string) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Promise.all(
    files
      .sort()
      .map(async (path) => ({ path, bytes: await readFile(path, 'base64'), mtimeMs: (await stat(path)).mtimeMs })),
  );
}

const piecesIn = async (work: string) => (await filesOf(join(work, 'cache'))).map(({ path }) => path);

async function newMill() {
  const mill = await testMill();
  const source = await mill.own(await clip('cfr'), 'clip.mp4');
  const run = (path = source, settings = LARGER) => mill.run(path, 'preserve', settings);
  const [out, work] = [join(mill.folder, 'out'), join(mill.folder, 'work')];
  return { source, run, out, work };
}

async function milledOnce() {
  const mill = await newMill();
  const first = await mill.run();
  expect(first.outcome).toMatchObject({ status: 'done' });
  const rendition = first.path((await first.manifest()).renditions[0]?.path ?? '');
  return { ...mill, folder: dirname(rendition), rendition };
}

/** The first run of all tests that leave what they found. */
let shared: Awaited<ReturnType<typeof milledOnce>>;
beforeAll(async () => {
  shared = await milledOnce();
});

describe('a second run', () => {
  it('with nothing changed makes nothing and writes nothing', async () => {
    const { source, out, work, folder } = shared;
    const before = await filesOf(folder);
    const second = await reelmill(runOf([source], { out, work, set: LARGER_ARGUMENTS }));
    expect(second).toMatchObject({
      code: 0,
      last: { type: 'job.done', status: 'unchanged', manifest: join(folder, 'manifest.json') },
    });
    expect(second.events.map(({ type }) => type)).not.toContain('segment.done');
    expect(await filesOf(folder)).toEqual(before);
  });

  it('is unchanged though the source was touched, or moved to another folder', async () => {
    const { source, run } = shared;
    await utimes(source, 1, 1);
    expect((await run()).outcome).toMatchObject({ status: 'unchanged' });
    const moved = join(await temporaryFolder(), basename(source));
    await copyFile(source, moved);
    expect((await run(moved)).outcome).toMatchObject({ status: 'unchanged' });
  });

  it('is unchanged though an output was touched', async () => {
    const { run, rendition } = shared;
    await utimes(rendition, 1, 1);
    expect((await run()).outcome).toMatchObject({ status: 'unchanged' });
  });

  it.each<{ what: string; harm: (rendition: string) => Promise<void> }>([
    { what: 'was changed', harm: (rendition) => corrupt(rendition) },
    { what: 'was cut', harm: (rendition) => writeFile(rendition, 'short') },
    { what: 'is gone', harm: (rendition) => rm(rendition) },
    { what: 'lost its manifest', harm: (rendition) => rm(join(rendition, '..', 'manifest.json')) },
    {
      what: 'has half a manifest',
      harm: (rendition) => writeFile(join(rendition, '..', 'manifest.json'), '{"version":'),
    },
  ])('builds an output that $what from its pieces, the same, and encodes nothing', async ({ harm }) => {
    const { run, rendition } = shared;
    const whole = await readFile(rendition);
    await harm(rendition);
    const second = await run();
    expect(second.outcome).toMatchObject({ status: 'done' });
    expect(second.encoded()).toEqual({});
    expect(await segmentsOf(second)).toMatchObject({ total: 2, encoded: 0, reused: 2 });
    expect(whole.equals(await readFile(rendition))).toBe(true);
  });

  it('with other settings encodes again; with the first ones again, nothing', async () => {
    const { source, run } = await milledOnce();
    const second = await run(source, { ...LARGER, crf: '28' });
    expect(await segmentsOf(second)).toMatchObject({ total: 2, encoded: 2, reused: 0 });
    expect(await segmentsOf(await run())).toMatchObject({ total: 2, encoded: 0, reused: 2 });
  });

  it('of a source with more behind it encodes only what is new', async () => {
    const { source, run } = await newMill();
    const raw = ['-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=25:duration=4', '-c:v', 'ffv1', '-g', '1'];
    await copyFile(await makeClip({ file: 'short.mkv', args: [...raw, '-t', '3'] }), source);
    const short = await segmentsOf(await run());
    await copyFile(await makeClip({ file: 'long.mkv', args: raw }), source);
    expect(short?.total).toBe(3);
    expect(await segmentsOf(await run())).toMatchObject({ total: 4, encoded: 1, reused: 3 });
  });

  it('leaves no file of the first behind that it did not make again', async () => {
    const { source, run } = await newMill();
    await copyFile(await clip('manyTracks'), source);
    const first = await run();
    const names = async () => (await readdir(dirname(first.path('preserve.mp4')))).sort();
    expect(await names()).toEqual([
      'manifest.json',
      'preserve.mp4',
      'report.html',
      'report.jpg',
      'stream-3.srt',
      'stream-4.ass',
      'stream-5.ttf',
    ]);
    await copyFile(await clip('cfr'), source);
    await run();
    expect(await names()).toEqual(['manifest.json', 'preserve.mp4', 'report.html', 'report.jpg']);
  });
});

describe('a piece that rotted in the cache', () => {
  it.each<{ what: string; harm: (piece: string) => Promise<void> }>([
    { what: 'its pictures changed', harm: corrupt },
    { what: 'it was cut', harm: async (piece) => writeFile(piece, (await readFile(piece)).subarray(0, 3000)) },
    { what: 'it became something else', harm: (piece) => writeFile(piece, 'no piece at all') },
    { what: 'it became empty', harm: (piece) => writeFile(piece, '') },
  ])('is made anew where $what', async ({ harm }) => {
    const { run, work, rendition } = shared;
    const whole = await readFile(rendition);
    const [piece = 'no piece'] = await piecesIn(work);
    await harm(piece);
    await rm(rendition);
    const second = await run();
    expect(whole.equals(await readFile(rendition))).toBe(true);
    expect(await segmentsOf(second)).toMatchObject({ total: 2, encoded: 1, reused: 1 });
  });
});

describe('what would be larger than its source', () => {
  it("is the source's own bytes, with its extension, and says so", async () => {
    const source = join(await temporaryFolder(), 'Small.MOV');
    const args = [
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=160x120:rate=25:duration=2',
      '-c:v',
      'libx264',
      '-crf',
      '51',
      '-threads',
      '1',
    ];
    await copyFile(await makeClip({ file: 'small.mov', args }), source);
    const mill = await testMill();
    const made = await mill.run(source, 'preserve', QUICK);
    expect(made.outcome).toMatchObject({ status: 'done' });
    const manifest = await made.manifest();
    const [rendition] = manifest.renditions;
    expect(rendition).toMatchObject({ path: 'preserve.MOV', codec: 'h264', quality: { metric: 'identical' } });
    expect(rendition?.sha256).toBe(manifest.source.sha256);
    expect((await readFile(made.path('preserve.MOV'))).equals(await readFile(source))).toBe(true);
    expect(manifest.warnings).toContainEqual(expect.stringContaining('larger than the source'));
    expect(manifest.streams.every(({ fate }) => fate === 'kept')).toBe(true);
    expect((await mill.run(source, 'preserve', QUICK)).outcome).toEqual({ ...made.outcome, status: 'unchanged' });
  });

  it('is published all the same where that is asked for', async () => {
    const source = await clip('cfr');
    const guarded = await milledFile(source, { ...QUICK, lossless: 'true' });
    const { manifest } = await milledFile(source, LARGER);
    expect(guarded.manifest.renditions[0]?.bytes).toBeGreaterThan(guarded.manifest.source.bytes);
    expect(manifest.renditions[0]).toMatchObject({ path: 'preserve.mp4', codec: 'hevc' });
  });
});

describe('a film whose parts are equal', () => {
  it('is encoded once and joined as often as it is shown', async () => {
    const loop = [
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=160x120:rate=25:duration=1',
      '-vf',
      'loop=3:25',
      '-c:v',
      'huffyuv',
    ];
    const source = await makeClip({ file: 'loop.mkv', args: loop });
    const { manifest } = await milledFile(source, { ...LARGER, lossless: 'true' });
    expect(manifest.renditions[0]).toMatchObject({ frames: 100, segments: { total: 4, encoded: 1, reused: 3 } });
  });
});

describe('--work', () => {
  it('holds pieces and job table; nothing outside of it is used again', async () => {
    const [out, other, work] = [await temporaryFolder(), await temporaryFolder(), await temporaryFolder()];
    const source = await clip('cfr');
    await runReelmill(source, { out, work, set: LARGER_ARGUMENTS });
    expect((await readdir(out)).toSorted()).toEqual(['.reelmill', 'preserve']); // the page of all films
    expect((await readdir(work)).sort()).toEqual(expect.arrayContaining(['cache', 'jobs.sqlite']));
    const elsewhere = await runReelmill(source, { out: other, work, set: LARGER_ARGUMENTS });
    expect(elsewhere.manifest.renditions[0]?.segments).toMatchObject({ total: 2, encoded: 0, reused: 2 });
    const fresh = await runReelmill(source, { out: await temporaryFolder(), set: LARGER_ARGUMENTS });
    expect(fresh.manifest.renditions[0]?.segments).toMatchObject({ total: 2, encoded: 2, reused: 0 });
  });

  it('is cleared of everything but the cache, the index of made results and the job table', async () => {
    const { work } = shared;
    const there = (await readdir(work)).filter((name) => !name.startsWith('jobs.sqlite'));
    for (const name of there.filter((each) => each !== 'cache' && each !== 'made'))
      expect(await readdir(join(work, name))).toEqual([]);
  });
});

/** Bytes in its last third become others. */
async function corrupt(path: string): Promise<void> {
  const bytes = await readFile(path);
  const at = Math.floor((2 * bytes.length) / 3);
  for (let i = at; i < at + 64 && i < bytes.length; i++) bytes[i] = (bytes[i] ?? 0) ^ 0x5a;
  await writeFile(path, bytes);
}
