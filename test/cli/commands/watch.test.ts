import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { makeClip } from '../../support/clip.ts';
import { eventsIn, reelmill, startReelmill } from '../../support/reelmill.ts';
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
      await watch.says(/"job\.queued".*"input\/preserve\/film\.mp4"/);
      await writeFile(join(root, 'recipes.json'), '{ "recipes": { "archive": { "extends": "preserve" } } }');
      await watch.says(/"job\.queued".*"input\/archive\/other\.mp4"/);
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

describe('reelmill watch --library', () => {
  it.each([
    { args: ['--library', 'x'], code: 64, says: '--library x needs --recipe R' },
    { args: ['y', '--library', 'x', '--recipe', 'vj', '--out', 'o'], code: 64, says: 'or --library, not both' },
    { args: ['--library', '/nowhere', '--recipe', 'vj', '--out', 'o'], code: 66, says: 'cannot read "/nowhere"' },
    { args: ['--library', 'x', '--recipe', 'vj', '--out', 'o', '--replace'], code: 64, says: 'either --out DIR' },
    { args: ['--library', 'x', '--recipe', 'preserve', '--replace'], code: 64, says: '--replace needs --yes here' },
    { args: [], code: 64, says: 'give the folder that has input/, or --library' },
    { args: ['x', '--schedule', '22-7'], code: 64, says: 'write them as 22:00-07:00' },
  ])('refuses $args', async ({ args, code, says }) => {
    const cwd = await temporaryFolder();
    expect(await reelmill(['watch', '--json', ...args], { cwd })).toMatchObject({
      code,
      last: { type: 'job.failed', reason: expect.stringContaining(says) },
    });
  });

  it('makes films where they lie, those that are there and those that come, each once', async () => {
    const root = await temporaryFolder();
    const library = join(root, 'films');
    const out = join(root, 'out');
    await makeClip(join(library, 'there.mp4'), { seconds: 1, size: '64x48' });
    await writeFile(join(library, 'notes.txt'), 'no film');
    const options = ['--recipe', 'preserve', '--out', out, '--set', 'preset=ultrafast', '--json'];
    const watch = startReelmill(['watch', '--library', library, ...options]);
    try {
      await watch.says('preserve/there.mp4/manifest.json');
      await makeClip(join(library, 'deep', 'later.mp4'), { seconds: 1, size: '96x64' });
      await watch.says('preserve/deep/later.mp4/manifest.json');
    } finally {
      watch.child.kill('SIGTERM');
    }
    const { code, stdout } = await watch.ended;
    expect(code).toBe(130);
    const done = eventsIn(stdout).filter(({ type }) => type === 'job.done');
    expect(done.map(({ status }) => status)).toEqual(['done', 'done']);
  });

  it('puts films in the place of their sources, each once, and undo brings the sources back', async () => {
    const library = await temporaryFolder();
    const path = join(library, 'film.mp4');
    await makeClip(path, { seconds: 1, size: '64x48' });
    await copyFile(path, join(library, 'other.mov')); // which becomes other.mp4
    const source = await readFile(path);
    const set = ['--set', 'preset=ultrafast', '--set', 'evenIfLarger=true'];
    const options = ['--recipe', 'preserve', '--replace', '--yes', '--once', '--json', ...set];
    const watched = () => reelmill(['watch', '--library', library, ...options]);
    expect(await watched()).toMatchObject({ code: 0, last: { type: 'job.done', status: 'done' } });
    const replaced = await readFile(path);
    expect(replaced.equals(source)).toBe(false);
    const again = await watched();
    expect(again.events.filter(({ type }) => type === 'job.done').map(({ status }) => status)).toEqual([
      'unchanged',
      'unchanged',
    ]);
    expect((await readFile(path)).equals(replaced)).toBe(true);
    expect((await reelmill(['undo', library, '--json'])).code).toBe(0);
    expect((await readFile(path)).equals(source)).toBe(true);
  });
});
