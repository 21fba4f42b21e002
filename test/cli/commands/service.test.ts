import { existsSync } from 'node:fs';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { startReelmill } from '../../support/reelmill.ts';
import { startProgram } from '../../support/started-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const PARSE = 'import json, plistlib, sys; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())))';

describe('reelmill service', () => {
  it('prints a plist whose command watches the folder, read by Python', async () => {
    const root = join(await realpath(await temporaryFolder()), 'my <mill> & co');
    await mkdir(join(root, 'input'), { recursive: true });
    const args = ['service', root, '--for', 'launchd', '--', '--once'];
    const { code, stdout: plist } = await startReelmill(args).ended;
    expect(code).toBe(0);
    const { stdout } = await execa('python3', ['-c', PARSE], { input: plist });
    const [program = '', ...words] = JSON.parse(stdout).ProgramArguments;
    expect([program, words.slice(1)]).toEqual([process.execPath, ['watch', root, '--once']]);
    expect(existsSync(words[0])).toBe(true);
    expect((await startProgram(program, words).ended).code).toBe(0); // there is nothing to do
  });

  it('prints a unit for systemd', async () => {
    const { stdout } = await startReelmill(['service', '/mill', '--for', 'systemd']).ended;
    expect(stdout).toMatch(/^ExecStart="\/.*" "\/.*reelmill\.mjs" "watch" "\/mill"$/m);
  });

  it('says for which systems there are units', async () => {
    expect(await startReelmill(['service', '/mill', '--for', 'upstart']).ended).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('--for upstart is not known; it takes systemd, launchd'),
    });
  });
});
