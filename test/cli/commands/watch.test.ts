import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { makeClip } from '../../support/clip.ts';
import { reelmill, startReelmill } from '../../support/reelmill.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('reelmill watch', () => {
  it.each([
    { what: 'that is not there', folder: 'nowhere', code: 66, says: /there is no folder ".*nowhere"; make one with/ },
    { what: 'without input/', folder: '.', code: 64, says: /has no folder input\/: .* reelmill watch --library ".*" / },
  ])('refuses a folder $what, and says what to do', async ({ folder, code, says }) => {
    const root = join(await temporaryFolder(), folder);
    expect(await reelmill(['watch', root, '--json'])).toMatchObject({
      code,
      last: { type: 'job.failed', reason: expect.stringMatching(says) },
    });
  });

  it('goes on with the recipes that ship while recipes.json is broken, and takes it when it is repaired', async () => {
    const root = await temporaryFolder();
    const film = join(root, 'input', 'preserve', 'film.mp4');
    await makeClip(film, { seconds: 1, size: '64x48' });
    await mkdir(join(root, 'input', 'archive'));
    await copyFile(film, join(root, 'input', 'archive', 'other.mp4'));
    await writeFile(join(root, 'recipes.json'), '{ "recipes": { "archive": { "extends": "preserv" } } }');
    const watch = startReelmill(['watch', root, '--json']);
    try {
      await watch.says('output/preserve/film.mp4/manifest.json');
      await writeFile(join(root, 'recipes.json'), '{ "recipes": { "archive": { "extends": "preserve" } } }');
      await watch.says('output/archive/other.mp4/manifest.json');
    } finally {
      watch.child.kill('SIGTERM');
    }
    const { code, stderr } = await watch.ended;
    expect(code).toBe(130);
    expect(stderr).toContain('no recipe "preserv"; there are: preserve');
    expect(stderr).toContain('recipes.json is read again when it changes');
    expect(stderr).toContain('recipes.json can be used again');
  });
});
