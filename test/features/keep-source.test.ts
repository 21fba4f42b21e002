import { appendFile, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { jobCost } from '../../app/plan/job-cost.ts';
import { planFigures } from '../../app/plan/plan-figures.ts';
import { recipeNamed } from '../../core/recipes/index.ts';
import { listedPrices } from '../../core/storage/list-prices.ts';
import { makeClip } from '../support/clip.ts';
import { type Milled, QUICK, type TestMill, testMill } from '../support/mill.ts';
import { reelmill, startReelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const KEEP = { ...QUICK, keepSource: 'yes' } as const;

describe('keepSource', () => {
  let mill: TestMill;
  let clip: string;
  let first: Milled;
  beforeAll(async () => {
    const made = join(await temporaryFolder(), 'clip.mp4');
    await makeClip(made, { seconds: 1 });
    mill = await testMill();
    clip = await mill.own(made);
    await mill.run(clip, 'preserve', QUICK);
    first = await mill.run(clip, 'preserve', KEEP);
  });

  it('copies the source beside results that are there already, and makes none of them again', async () => {
    expect(first.outcome.status).toBe('done');
    expect(first.made()).toEqual([]);
    const { keptSources = [], source } = await first.manifest();
    expect(keptSources).toMatchObject([{ path: 'source/clip.mp4', bytes: source.bytes, sha256: source.sha256 }]);
    expect(keptSources[0]?.crc64nvme).toMatch(/^[\w+/]{11}=$/);
    expect(await readFile(first.path('source/clip.mp4'))).toEqual(await readFile(clip));
    expect((await stat(first.path('source/clip.mp4'))).ino).not.toBe((await stat(clip)).ino);
  });

  it('copies nothing again, keeps the copy when it is not asked for any more, and copies what is gone', async () => {
    const { mtimeMs, ctimeMs } = await stat(first.path('source/clip.mp4'));
    expect((await mill.run(clip, 'preserve', KEEP)).outcome.status).toBe('unchanged');
    expect((await mill.run(clip, 'preserve', QUICK)).outcome.status).toBe('unchanged');
    expect(await stat(first.path('source/clip.mp4'))).toMatchObject({ mtimeMs, ctimeMs });
    await rm(first.path('source/clip.mp4'));
    expect((await mill.run(clip, 'preserve', KEEP)).outcome.status).toBe('done');
    expect(await readFile(first.path('source/clip.mp4'))).toEqual(await readFile(clip));
  });

  it('is in the verification of the archive, and in a bag once', async () => {
    const out = join(mill.folder, 'out');
    const verified = await reelmill(['archive', 'verify', out, '--json']);
    expect(verified).toMatchObject({ code: 0, last: { counts: { good: 2 }, extra: [], faults: [] } });
    const bag = join(mill.folder, 'bag');
    const manifest = first.path('manifest.json');
    const exported = await reelmill(['archive', 'export', manifest, '--source', clip, '--bagit', bag, '--json']);
    expect(exported).toMatchObject({ code: 0, last: { files: 3 } });
    const without = ['archive', 'export', manifest, '--without-source', '--bagit', `${bag}2`, '--json'];
    expect(await reelmill(without)).toMatchObject({ code: 0, last: { files: 3 } });
  });

  it('keeps each content of a source that changes', async () => {
    const was = await readFile(clip);
    await appendFile(clip, Buffer.from([0, 0, 0, 8, 0x66, 0x72, 0x65, 0x65])); // an empty box of MP4
    const changed = await mill.run(clip, 'preserve', KEEP);
    const { keptSources = [], source } = await changed.manifest();
    expect(keptSources.map(({ path }) => path)).toEqual([
      `source/${source.sha256.slice(0, 16)}/clip.mp4`,
      'source/clip.mp4',
    ]);
    expect(await readFile(changed.path('source/clip.mp4'))).toEqual(was);
  });

  it('stays where it is when its film moves, and the new manifest names it there', async () => {
    const moved = join(dirname(clip), 'moved.mp4');
    await rename(clip, moved);
    const milled = await mill.run(moved, 'preserve', KEEP);
    await rename(moved, clip);
    const { keptSources = [], taken, source } = await milled.manifest();
    expect(taken).toMatchObject({ how: 'moved' });
    expect(keptSources.find(({ sha256 }) => sha256 === source.sha256)?.path).toMatch(/^(\.\.\/)+.*clip\.mp4\/source\//);
    const verified = await reelmill(['archive', 'verify', join(mill.folder, 'out'), '--json']);
    expect(verified).toMatchObject({ code: 0, last: { counts: { good: 3 }, extra: [], faults: [] } });
  });

  it.each([
    [
      ['--recipe', 'preserve', '--set', 'keepSource=GLACIER'],
      /keepSource=GLACIER is out of range; it takes no\|yes\|STANDARD_IA/,
    ],
    [['--recipe', 'ladder', '--set', 'keepSource=yes'], /ladder has no setting "keepSource"/],
    [
      ['--recipe', 'preserve', '--set', 'keepSource=yes', '--replace', '--yes'],
      /keepSource does not go with --replace/,
    ],
  ])('ends with 64 for %j', async (args, sentence) => {
    const ended = await startReelmill(['run', clip, ...args]).ended;
    expect(ended.code).toBe(64);
    expect(ended.stderr.replace(/\s+/g, ' ')).toMatch(sentence);
  });

  it.each([
    ['yes', 'standard', 0.023 * 100],
    ['GLACIER_IR', 'glacier-ir', 0.004 * 100],
  ])('costs with %s a month of 100 GB in %s', (keepSource, storageClass, usdMonth) => {
    const order = { recipe: recipeNamed('preserve'), settings: { keepSource } };
    const planned = planFigures({ width: 1920, height: 1080, fps: 25, minutes: 90 }, order, 2);
    const source = { ...planned.source, bytes: 100e9 };
    const cost = jobCost({ ...planned, source }, order, { prices: listedPrices(), diskGib: 100 });
    expect(cost.keptSource).toEqual({ storageClass, bytes: 100e9, usdMonth: expect.closeTo(usdMonth, 6) });
  });
});
