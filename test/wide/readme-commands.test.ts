import { once } from 'node:events';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { makeClip } from '../support/clip.ts';
import { plainEnvironment } from '../support/reelmill.ts';
import { startProgram } from '../support/started-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const [, section = ''] = /## Use it on one machine\n([\s\S]*?)\n## /.exec(await readFile('README.md', 'utf8')) ?? [];
const LINES = [...section.matchAll(/```\n([\s\S]*?)```/g)].flatMap(([, uses = '']) => uses.trim().split('\n'));
/** These go on until somebody ends them, after what they say first. */
const ENDLESS: Readonly<Record<string, RegExp>> = { serve: /serving /, watch: /watching /, thumbnails: /"serving"/ };

let home = '';
let folder = '';

beforeAll(async () => {
  home = await temporaryFolder();
  folder = join(home, 'elsewhere');
  const film = join(home, 'Videos', 'a holiday', 'film.mp4');
  await makeClip(film, { seconds: 1, size: '64x48' });
  await mkdir(join(home, 'mill', 'input', 'preserve'), { recursive: true });
  await mkdir(folder);
  await mkdir(join(home, 'bin'));
  for (const name of ['one.mp4', 'two.mp4']) await copyFile(film, join(folder, name));
  for (const name of ['clip.mov', 'film.mkv'])
    await execa('ffmpeg', ['-v', 'error', '-i', film, '-c', 'copy', join(folder, name)]);
  await copyFile('models/websr-s-rl.onnx', join(folder, 'my-x2.onnx'));
  // The usual port may be taken: by somebody's `reelmill serve`, or by these tests in another checkout.
  const anyPort = 'case $1 in serve|thumbnails) set -- "$@" --port 0 ;; esac';
  const command = `exec '${process.execPath}' '${resolve('dist/cli.js')}' "$@"`;
  await writeFile(join(home, 'bin', 'reelmill'), `#!/bin/sh\n${anyPort}\n${command}\n`, { mode: 0o755 });
});

describe('the commands of README.md, typed in a folder of somebody', () => {
  it('are there', () => {
    expect(LINES.length).toBeGreaterThan(10);
    expect(LINES.filter((line) => !line.startsWith('reelmill '))).toEqual([]);
  });

  it.each(LINES)('%s', async (line) => {
    const PATH = `${join(home, 'bin')}:${process.env.PATH}`;
    const env = { ...plainEnvironment(), HOME: home, PATH, REELMILL_SET: 'preset=ultrafast' };
    const program = startProgram('bash', ['-c', `exec ${line}`], { cwd: folder, env });
    const says = ENDLESS[line.split(' ')[1] ?? ''];
    if (says) {
      let said = '';
      for (const stream of [program.child.stdout, program.child.stderr])
        stream?.on('data', (text: string) => {
          said += text;
          if (says.test(said)) program.child.kill('SIGTERM');
        });
      await once(program.child, 'close');
      expect(said).toMatch(says);
      return;
    }
    expect(await program.ended).toMatchObject({ code: 0 });
  });
});
