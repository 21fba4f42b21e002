import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { streamOf } from '../support/ffprobe.ts';
import { sha256 } from '../support/hash.ts';
import { type Milled, type TestMill, testMill } from '../support/mill.ts';
import { runReelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const clip = (file: string, picture = 'testsrc2') => ({
  file,
  args: ['-f', 'lavfi', '-i', `${picture}=s=64x48:r=25:d=0.12`, '-c:v', 'libx264', '-preset', 'ultrafast'],
});

let mill: TestMill;
beforeAll(async () => {
  mill = await testMill();
});

/** The files that the manifest names; each of them is there, as the manifest says. */
async function filesOf({ manifest, path, outcome }: Milled): Promise<readonly string[]> {
  expect(outcome).toEqual(expect.objectContaining({ status: expect.stringMatching(/^(done|unchanged)$/) }));
  const { renditions } = await manifest();
  for (const each of renditions) expect(await sha256(path(each.path))).toBe(each.sha256);
  return renditions.map((each) => each.path).sort();
}

describe('a second codec for the same source', () => {
  it('leaves the file of the first, which is found again when it is asked for', async () => {
    const source = await makeClip(clip('street.mp4'));
    expect(await filesOf(await mill.run(source, 'vj', { codec: 'hap' }))).toEqual(['hap.mov']);
    const second = await mill.run(source, 'vj', { codec: 'hapq' });
    expect(await filesOf(second)).toEqual(['hap.mov', 'hapq.mov']);
    expect(second.made()).toEqual(['hapq']);
    for (const codec of ['hap', 'hapq,hap']) {
      const again = await mill.run(source, 'vj', { codec });
      expect(again.outcome).toMatchObject({ status: 'unchanged' });
      expect(await filesOf(again)).toEqual(['hap.mov', 'hapq.mov']);
    }
  });

  it('is made beside the first by one job, if one drop asks for both', async () => {
    const source = await makeClip(clip('club.mp4'));
    const both = await mill.run(source, 'vj', { codec: 'dxv,hap' });
    expect(await filesOf(both)).toEqual(['dxv.mov', 'hap.mov']);
    expect((await mill.run(source, 'vj', { codec: 'dxv' })).outcome).toMatchObject({ status: 'unchanged' });
  });

  it('leaves it also where films have their own names', async () => {
    const out = await temporaryFolder();
    const source = await makeClip(clip('street.mp4'));
    const films = async () => (await readdir(out)).filter((name) => name.endsWith('.mov')).sort();
    for (const [codec, there] of [
      ['hap', ['street.mov']],
      ['hapq', ['street.hapq.mov', 'street.mov']],
    ] as const) {
      await runReelmill(source, { out, recipe: 'vj', set: ['--set', `codec=${codec}`], layout: 'files' });
      expect(await films()).toEqual(there);
    }
    expect(await streamOf(join(out, 'street.mov'))).toMatchObject({ codec_tag_string: 'Hap1' });
    expect(await streamOf(join(out, 'street.hapq.mov'))).toMatchObject({ codec_tag_string: 'HapY' });
  });

  it('takes an outdated first away when the source has changed, and tells it', async () => {
    const source = await mill.own(await makeClip(clip('a.mp4')), 'changing.mp4');
    await mill.run(source, 'vj', { codec: 'hap' });
    await mill.own(await makeClip(clip('b.mp4', 'smptebars')), 'changing.mp4');
    const after = await mill.run(source, 'vj', { codec: 'hapq' });
    expect(await filesOf(after)).toEqual(['hapq.mov']);
    await expect(readFile(after.path('hap.mov'))).rejects.toThrow('ENOENT');
    expect((await after.manifest()).warnings).toContainEqual(
      expect.stringMatching(/^vj\/[^.][^ ]*\/hap\.mov was made .* is removed$/),
    );
  });

  it('stays also where a film of the same bytes has that codec already', async () => {
    const [one, two] = [clip('twin-a.mp4', 'rgbtestsrc'), clip('twin-a.mp4', 'rgbtestsrc')];
    const first = await mill.own(await makeClip(one), 'one.mp4');
    const second = await mill.own(await makeClip(two), 'two.mp4');
    await mill.run(first, 'vj', { codec: 'hapq' });
    await mill.run(second, 'vj', { codec: 'hap' });
    expect(await filesOf(await mill.run(second, 'vj', { codec: 'hapq' }))).toEqual(['hap.mov', 'hapq.mov']);
  });
});

describe('a second profile of a mezzanine', () => {
  it('leaves the file of the first, and may be asked for with it', async () => {
    const source = await makeClip(clip('edit.mp4'));
    await mill.run(source, 'mezzanine', { profile: 'proxy' });
    const both = await mill.run(source, 'mezzanine', { profile: 'hq,proxy' });
    expect(both.made()).toEqual(['hq']);
    expect(await filesOf(await mill.run(source, 'mezzanine', { profile: 'lt' }))).toEqual([
      ...['hq.mov', 'lt.mov', 'proxy.mov'],
    ]);
  });

  it.each(['hq,hq', 'hq,', 'hq,4711'])('is refused as %s', async (profile) => {
    const { outcome } = await mill.run(await makeClip(clip('edit.mp4')), 'mezzanine', { profile });
    expect(outcome).toMatchObject({ code: 'usage', reason: expect.stringContaining('or several as proxy,lt') });
  });
});
