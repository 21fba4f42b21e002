import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { expect, it } from '@jest/globals';
import { bundled } from '../../fixtures/bundled.ts';
import { until } from '../../support/processes.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('leaves no copy of stretches of a source where the process is killed outright', async () => {
  const [work, temporary] = [await temporaryFolder(), await temporaryFolder()];
  await writeFile(join(work, 'film.ts'), 'a film');
  const script = await bundled(`
    import { openLocal } from './runtime/local-ports.ts';
    const [work = ''] = process.argv.slice(2);
    const signal = new AbortController().signal;
    const local = await openLocal(work, signal, () => {});
    const { sources } = local.portsFor({ sources: work, outputs: work });
    const { version } = await sources.fetch('film.ts', signal);
    await sources.fetchStretches('film.ts', version, [{ start: 0, end: 3 }], signal);
    console.log('copied');
    setInterval(() => {}, 1000);
  `);
  const child = spawn(process.execPath, [script, work], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const copies = async () => (await readdir(temporary)).filter((name) => name.startsWith('reelmill-stretches-'));
  expect(await copies()).toHaveLength(1);
  child.kill('SIGKILL');
  await until(async () => (await copies()).length === 0);
});
