import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { runFfmpeg } from '../../../media/process/ffmpeg.ts';
import { makeClip } from '../../fixtures/make.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { freshToolbox } from '../../support/toolbox.ts';

const { signal } = new AbortController();

it('says that ffmpeg crashed, and what to do', async () => {
  const args = ['-e', 'process.kill(process.pid, "SIGSEGV")'];
  await expect(
    runFfmpeg(process.execPath, args, { signal, blame: 'bad-input', doing: 'joining' }),
  ).rejects.toMatchObject({
    code: 'bad-input',
    message: `joining: ${process.execPath} crashed (SIGSEGV); try another version of it (REELMILL_FFMPEG)`,
  });
});

it('gives the cause that stands before a line of ffmpeg that ends in the middle', async () => {
  const said = ['Could not write header: Invalid argument', 'Error initializing output stream 0:0 -- '];
  const args = ['-e', `console.error(${JSON.stringify(said.join('\n'))}); process.exitCode = 1`];
  const run = runFfmpeg(process.execPath, args, { signal, blame: 'bad-input', doing: 'joining' });
  await expect(run).rejects.toMatchObject({ message: 'joining: Could not write header: Invalid argument' });
});

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

// A static ffmpeg loads the system's tables of character sets for the name of a broadcast service, and crashed.
it('reads a transport stream by each ffmpeg of this machine', async () => {
  const args = ['-f', 'lavfi', '-i', 'testsrc2=size=64x64:rate=25:duration=0.2', '-c:v', 'mpeg2video'];
  const path = await makeClip({ file: 'named.ts', args: [...args, '-metadata', 'service_name=Das Erste'] });
  const { all } = await freshToolbox(signal);
  for (const { path: program } of all) {
    const reading = runFfmpeg(program, ['-v', 'error', '-i', path, '-f', 'null', '-'], {
      signal,
      blame: 'bug',
      doing: 'reading',
    });
    expect({ program, stderrTail: (await reading).stderrTail }).toEqual({ program, stderrTail: [] });
  }
});
