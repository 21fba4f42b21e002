import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { runFfmpeg } from '../../../media/process/ffmpeg.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const { signal } = new AbortController();

it.each([
  ['Error writing trailer of file:x.mp4: No space left on device', 'disk-full'],
  ['a warning', undefined],
])('takes a program that ended well and said "%s" for %s', async (said, code) => {
  const folder = await temporaryFolder();
  const program = join(folder, 'ffmpeg');
  await writeFile(program, `#!/bin/sh\necho '${said}' >&2\n`);
  await chmod(program, 0o755);
  const run = runFfmpeg(program, [], { signal, writes: join(folder, 'x.mp4'), blame: 'bug', doing: 'joining' });
  if (code === undefined) expect((await run).stderrTail).toEqual([said]);
  else await expect(run).rejects.toMatchObject({ code, message: `joining: the disk under ${folder} is full` });
});
