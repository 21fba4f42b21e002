import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { clip } from '../fixtures/make.ts';
import { QUICK, type ReelmillRun, reelmill, startReelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CUE = '1\n00:00:00,000 --> 00:00:00,900\nHello\n';

describe('what people are told of a folder', () => {
  let first: ReelmillRun;
  beforeAll(async () => {
    const root = await temporaryFolder();
    const lib = join(root, 'lib');
    await mkdir(lib);
    await copyFile(await clip('cfr'), join(lib, 'film.mp4'));
    for (const name of ['film.en.srt', 'film.de.srt', 'other.srt']) await writeFile(join(lib, name), CUE);
    await writeFile(join(lib, 'tape.gxf'), Buffer.from('\0\0\0\0\x01\xbc\0\0\0\0\0\0\0\0\xe1\xe2', 'latin1'));
    await symlink('/nothing/a.mp4', join(lib, 'a.mp4'));
    await symlink('/nothing/b.mp4', join(lib, 'b.mp4'));
    const out = join(root, 'out');
    first = await reelmill(['run', lib, '--recipe', 'ladder', '--out', out, ...QUICK]);
  });

  it('counts subtitles that a film took along, and not as skipped', () => {
    expect(first.code).toBe(0);
    expect(first.stderr).toContain('2 subtitles taken along\n');
    expect(first.stderr).toMatch(/skipped +1 {2}no video\n/);
  });

  it('names links that lead nowhere, and counts them as no films', () => {
    expect(first.stderr).toContain('2 links lead nowhere: a.mp4, b.mp4\n');
    expect(first.stderr).toMatch(/^1 film in /m);
  });

  it('names files that may be films of kinds that are not read here, and does not call them no videos', () => {
    expect(first.stderr).toMatch(/^1 file may be a film of a kind not read here, .*ffmpeg -i SOURCE .*: tape\.gxf$/m);
    expect(first.stderr).toMatch(/skipped +1 {2}of a kind not read here\n/);
  });

  it('speaks of no saving where rungs are streamed', () => {
    expect(first.stderr).toMatch(/film\.mp4 .* -> /);
    expect(first.stderr).toMatch(/done +1 .* -> /);
    expect(first.stderr).not.toMatch(/ saved| larger|the same size/);
  });

  it('names a folder in which there is only such a link, and counts no film', async () => {
    const root = await temporaryFolder();
    const lib = join(root, 'lib');
    await mkdir(lib);
    await symlink('/nothing/a.mp4', join(lib, 'a.mp4'));
    const { code, stderr, last } = await reelmill([
      'run',
      lib,
      '--recipe',
      'preserve',
      '--out',
      join(root, 'out'),
      '--json',
    ]);
    expect(code).toBe(66);
    expect(last).toMatchObject({ type: 'job.failed', code: 'no-input' });
    expect(stderr).toContain(`there is no film in the folder "${lib}"\n1 link leads nowhere: a.mp4\n`);
    expect(stderr).toMatch(/^0 films in /m);
    expect(stderr).not.toMatch(/failed +1/);
  });

  it('names pictures that may be animated, in each command that reads a folder, and ends with one code', async () => {
    const root = await temporaryFolder();
    const lib = join(root, 'lib');
    await mkdir(lib);
    for (const name of ['loop.gif', 'loop.apng', 'notes.txt']) await writeFile(join(lib, name), 'x');
    const out = ['--recipe', 'vj', '--out', join(root, 'out')];
    const moving = 'may be animated (GIF, APNG, WebP): name them to make films of them\n';
    const none = `there is no film in the folder "${lib}"; 2 pictures in it ${moving}`;
    const ran = await reelmill(['run', lib, ...out]);
    expect(ran).toMatchObject({ code: 66, stderr: expect.stringContaining(none) });
    expect(ran.stderr).toMatch(/skipped +1 {2}no video\n/);
    expect(ran.stderr).toMatch(/skipped +2 {2}may be animated/);
    expect(await startReelmill(['plan', lib, ...out]).ended).toMatchObject({
      code: 66,
      stderr: expect.stringContaining(none),
    });
    await copyFile(await clip('cfr'), join(lib, 'film.mp4'));
    expect(await startReelmill(['plan', lib, ...out]).ended).toMatchObject({
      ...{ code: 0, stdout: expect.stringContaining(`2 pictures ${moving}`) },
    });
    const watched = await reelmill(['watch', '--library', lib, ...out, '--once', '--include', '*.{gif,txt}']);
    expect(watched).toMatchObject({ code: 0, stderr: expect.stringContaining(`1 picture ${moving}`) });
  });
});
