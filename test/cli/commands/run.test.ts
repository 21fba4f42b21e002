import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { makeClip } from '../../fixtures/make.ts';
import { runOf, startReelmill } from '../../support/reelmill.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('run counts all films before it tells of the first, whatever folders they are in and whatever is wrong with them', async () => {
  const root = join(await temporaryFolder(), 'lib');
  for (const path of ['0.mp4', 'a/1.mp4', 'b/c/2.mp4']) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), 'This is not a video.');
  }
  await writeFile(Buffer.concat([Buffer.from(`${root}/bad`), Buffer.from([0xff]), Buffer.from('.mp4')]), 'x');
  const { stderr } = await startReelmill(runOf([root], { out: join(root, '../out') })).ended;
  expect(stderr.match(/^\[\d\/\d\]/gm)).toEqual(['[1/4]', '[2/4]', '[3/4]', '[4/4]']);
});

it('run -v tells which defaults hold, and where each comes from, but none that the command line overrules', async () => {
  const root = await temporaryFolder();
  await writeFile(join(root, 'a.mp4'), 'This is not a video.');
  const defaults = { recipe: 'preserve', out: 'results', set: ['crf=24', 'preset=slow'] };
  const file = join(root, 'reelmill.json');
  await writeFile(file, JSON.stringify(defaults));
  const args = ['run', join(root, 'a.mp4'), '-v', '--set', 'crf=26'];
  const under = ['env', 'REELMILL_CACHE=5G', 'REELMILL_RECIPE=downscale'];
  const { stderr } = await startReelmill(args, { under }).ended;
  expect(stderr.split('\n').filter((line) => line.startsWith('--'))).toEqual([
    `--out is "${join(root, 'results')}" from ${file}`,
    `--set is ["preset=slow"] from ${file}`,
    '--recipe is ["downscale"] from REELMILL_RECIPE',
    '--cache is "5G" from REELMILL_CACHE',
  ]);
});

it('run sums nothing up where what was asked for can be made of no film', async () => {
  const root = await temporaryFolder();
  const film = await makeClip({ file: 'a.mkv', args: ['-f', 'lavfi', '-i', 'testsrc2=size=64x48:duration=0.2'] });
  const asked = ['--set', 'codec=av1', '--set', 'lossless=true'];
  const args = ['run', film, '--recipe', 'preserve', '--out', join(root, 'out'), ...asked];
  const { code, stderr, stdout } = await startReelmill(args).ended;
  expect(code).toBe(64);
  expect(stderr.trim()).toMatch(/^reelmill: codec=av1 cannot encode lossless=true, .*; take codec=hevc$/);
  expect(stdout).not.toContain('not begun');
});

it.each(['watch', 'retry'])('%s bounds the pieces too', async (command) => {
  const root = await temporaryFolder();
  await mkdir(join(root, 'input/preserve'), { recursive: true });
  await writeFile(join(root, 'input/preserve/a.mp4'), 'This is not a video.');
  await startReelmill(['watch', root, '--once']).ended;
  const { stdout } = await startReelmill(['jobs', root, '--json']).ended;
  const [, id = ''] = /"id":"(\w+)"/.exec(stdout) ?? [];
  const args = command === 'watch' ? ['watch', root, '--once'] : ['retry', id, root];
  expect(await startReelmill([...args, '--cache', 'much']).ended).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('--cache much is not a size'),
  });
});
