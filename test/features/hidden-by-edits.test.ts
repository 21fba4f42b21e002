import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { QUICK, testMill } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

it('a film whose edit list shows nothing is refused by that name, and the way that is named shows it all', async () => {
  const folder = await temporaryFolder();
  const at = (name: string) => join(folder, name);
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=1', '-c:v', 'libx264', '-preset', 'ultrafast'];
  await run('ffmpeg', ['-v', 'error', '-y', ...picture, at('whole.mp4')]);
  await run('ffmpeg', ['-v', 'error', '-y', '-ss', '0.97', '-i', at('whole.mp4'), '-c', 'copy', at('cut.mp4')]);
  const mill = await testMill();
  const { outcome } = await mill.run(at('cut.mp4'), 'preserve', QUICK);
  expect(outcome).toMatchObject({ status: 'failed' });
  expect(JSON.stringify(outcome)).toContain('its edit list shows no packet of its h264, which decodes');
  await run('ffmpeg', ['-v', 'error', '-y', '-ignore_editlist', '1', '-i', at('cut.mp4'), '-c', 'copy', at('new.mp4')]);
  expect((await mill.run(at('new.mp4'), 'preserve', QUICK)).outcome).toMatchObject({ status: 'done' });
});
