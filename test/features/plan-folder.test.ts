import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { tinyFilm } from '../fixtures/tiny-film.ts';
import { QUICK, reelmill, startReelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const picture = () =>
  makeClip({ file: 'picture.png', args: ['-f', 'lavfi', '-i', 'testsrc2=size=64x48', '-frames:v', '1'] });

/** A picture with alpha. */
const DEEP = {
  file: 'deep.mov',
  args: ['-f', 'lavfi', '-i', 'testsrc2=size=64x48', '-frames:v', '2', '-pix_fmt', 'yuva444p10le', '-c:v', 'prores_ks'],
};

describe('the plan of a folder', () => {
  let lib: string;
  let film: string;
  const plan = (...more: readonly string[]) => reelmill(['plan', lib, '--recipe', 'preserve', '--json', ...more]);
  beforeAll(async () => {
    lib = await temporaryFolder();
    film = await tinyFilm();
    const png = await picture();
    await copyFile(film, join(lib, 'film.mkv'));
    await writeFile(join(lib, 'short.mp4'), (await readFile(film)).subarray(0, 20));
    for (const folder of ['shot', 'gap']) {
      await mkdir(join(lib, folder));
      for (const number of folder === 'gap' ? [1, 2, 5] : [1, 2, 3, 4, 5])
        await copyFile(png, join(lib, folder, `f_000${number}.png`));
    }
  });

  it('counts sequences of pictures as films, and names each film that cannot be read, with the reason', async () => {
    const { code, last, stderr } = await plan();
    expect({ code, last }).toMatchObject({ code: 0, last: { type: 'plan.library', films: 2, unreadable: 2 } });
    expect(stderr).toMatch(/^short\.mp4: .+$/m);
    expect(stderr).toMatch(/^gap\/f_%04d\.png: f_0003\.png is missing behind f_0002\.png.+$/m);
    const held = await plan('--set', 'gaps=hold');
    expect(held.last).toMatchObject({ films: 2, unreadable: 2 });
    expect(held.stderr).toMatch(/^film\.mkv: gaps= is for sequences of pictures/m);
  });

  it('counts films that are written anew before they are read, as recordings chained in an Ogg', async () => {
    const odd = await temporaryFolder();
    const part = async (number: number) => {
      const inputs = ['-f', 'lavfi', '-i', 'testsrc2=size=64x48:d=2', '-f', 'lavfi', '-i', 'sine=d=2'];
      const codecs = ['-c:v', 'libtheora', '-c:a', 'libvorbis', '-serial_offset', `${10 * number}`];
      return readFile(await makeClip({ file: 'part.ogv', args: [...inputs, ...codecs] }));
    };
    await writeFile(join(odd, 'chain.ogv'), Buffer.concat([await part(0), await part(1)]));
    const { code, last } = await reelmill(['plan', odd, '--recipe', 'preserve', '--json']);
    expect({ code, last }).toMatchObject({ code: 0, last: { films: 1, unreadable: 0 } });
  });

  it('names each film that its encoder would refuse, with the reason', async () => {
    const deep = await temporaryFolder();
    await copyFile(film, join(deep, 'film.mkv'));
    await copyFile(await makeClip(DEEP), join(deep, 'deep.mov'));
    const { code, last, stderr } = await reelmill(['plan', deep, '--recipe', 'vj', '--set', 'codec=dxv', '--json']);
    expect({ code, last }).toMatchObject({ code: 0, last: { films: 1, unreadable: 1 } });
    expect(stderr).toMatch(/^deep\.mov: .*DXV.*/m);
    const { stdout } = await startReelmill(['plan', deep, '--recipe', 'vj', '--set', 'codec=dxv']).ended;
    expect(stdout).toContain('1 would fail, for the reasons above');
  });

  it('counts the copies of sources that are kept', async () => {
    const [without, kept] = [
      await plan('--exclude', 'shot/'),
      await plan('--exclude', 'shot/', '--set', 'keepSource=yes'),
    ];
    const { size } = await stat(film);
    expect(without.last).toMatchObject({ keptBytes: 0 });
    expect(kept.last).toMatchObject({ keptBytes: size, diskBytes: Number(without.last?.diskBytes) + size });
    const figures = ['--size', '320x180', '--fps', '25', '--minutes', '1'];
    const args = ['plan', ...figures, '--recipe', 'preserve', '--set', 'keepSource=yes', '--json'];
    expect((await reelmill(args)).last?.warnings).toEqual([expect.stringContaining('the source is copied beside the')]);
  });

  it('learns from films that were replaced in the folder, and says where it cannot', async () => {
    const only = ['--include', 'film.*', '--set', 'evenIfLarger=true'];
    const told = async (...more: readonly string[]) =>
      (await startReelmill(['plan', lib, '--recipe', 'preserve', ...only, ...more]).ended).stdout;
    expect(await told(...QUICK)).toContain('by measurements on other machines: a first job here makes it better');
    await reelmill(['run', lib, '--recipe', 'preserve', '--replace', '--yes', ...only, ...QUICK]);
    expect(await told(...QUICK)).toContain('estimated by 1 job of this machine');
    expect(await told()).toContain('no job here had this preset; reading and verifying by 1 job of this machine');
    expect(await told('--recipe', 'downscale')).toContain('1 job of this machine made another recipe');
  });
});
