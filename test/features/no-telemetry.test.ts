import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { clip } from '../fixtures/make.ts';
import { reelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('a network that runs leaves no identifier of the machine and no report to its maker', async () => {
  const folder = await temporaryFolder();
  const [home, temporary] = [join(folder, 'home'), join(folder, 'temporary')];
  await Promise.all([mkdir(home), mkdir(temporary)]);
  const unset = ['CI', 'ORT_DISABLE_TELEMETRY', 'ORT_TELEMETRY_DISABLED'].flatMap((name) => ['-u', name]);
  const under = ['env', ...unset, `HOME=${home}`, `XDG_CACHE_HOME=${home}`, `TMPDIR=${temporary}`];
  const settings = ['--set', 'preset=ultrafast', '--set', 'model=websr-s-rl'];
  const film = await clip('cfr');
  const run = await reelmill(
    ['run', film, '--json', '--recipe', 'upscale', '--out', join(folder, 'out'), ...settings],
    {
      under,
    },
  );
  expect({ code: run.code, last: run.last }).toMatchObject({ code: 0, last: { status: 'done' } });
  expect(await readdir(temporary)).toEqual([]);
  const files = (await readdir(home, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const strange = files
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !path.includes('/reelmill/'));
  expect(strange).toEqual([]);
});
