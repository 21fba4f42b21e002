import { chmod, mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { capture } from '../../scripts/child.mjs';
import { at, type Json, type Resource, stringsIn } from '../support/packaged-template.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const require = createRequire(import.meta.url);
const hostOf = require('../../resources/options/transfer-host.cjs') as (
  settings: object,
  names: object,
) => { readonly Resources: Readonly<Record<string, Resource>> } | undefined;

const NAMES = { prefix: 'reelmill-prod', tagList: [] };
const on = { transferHost: 'yes', transferHostHours: 24, region: 'eu-west-1' };

const resources = () => hostOf(on, NAMES)?.Resources ?? {};
const data = () => at(resources().TransferHost?.Properties, 'LaunchTemplateData');
const firstStart = () => String(at(data(), 'UserData', 'Fn::Base64'));

it('is not there where nobody asked for it', () => {
  expect(hostOf({ ...on, transferHost: 'no' }, NAMES)).toBeUndefined();
});

it('is reached by Session Manager alone: nothing may come in, and there is no key', () => {
  const group = resources().TransferHostGroup?.Properties;
  expect(at(group, 'SecurityGroupIngress')).toBeUndefined();
  expect((at(group, 'SecurityGroupEgress') as readonly Json[]).map((rule) => at(rule, 'FromPort'))).toEqual([443, 80]);
  expect(at(data(), 'KeyName')).toBeUndefined();
  expect(stringsIn(data() ?? {}).join(' ')).not.toMatch(/sshd|port 22/i);
});

it('is gone for good when it turns itself off, with its encrypted disk, and gives its credentials to no container', () => {
  expect(at(data(), 'InstanceInitiatedShutdownBehavior')).toBe('terminate');
  expect(at(data(), 'BlockDeviceMappings', 0, 'Ebs')).toMatchObject({ Encrypted: true, DeleteOnTermination: true });
  expect(at(data(), 'MetadataOptions')).toEqual({ HttpTokens: 'required', HttpPutResponseHopLimit: 1 });
});

it('ends after the hours of the stage, and looks at that before it installs anything', () => {
  expect(firstStart()).not.toContain('__');
  expect(firstStart()).toContain('OnBootSec=24h');
  expect(firstStart()).toContain('region = eu-west-1');
  expect(firstStart().indexOf('enable --now')).toBeLessThan(firstStart().indexOf('apt-get'));
});

describe('what it runs each minute', () => {
  let folder: string;
  let script: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    const bin = join(folder, 'bin');
    await mkdir(bin);
    const program = async (name: string, text: string) => {
      await writeFile(join(bin, name), `#!/bin/bash\n${text}\n`);
      await chmod(join(bin, name), 0o755);
    };
    // `pgrep -x rclone` and `pgrep -f ssm-session-worker` find what RUNS names
    await program('pgrep', '[ "$2" = "$RUNS" ]');
    await program('systemctl', `echo "$@" > ${join(folder, 'said')}`);
    const [, idle = ''] = /<<'IDLE'\n([\s\S]*?)\nIDLE\n/.exec(firstStart()) ?? [];
    script = join(folder, 'idle');
    await writeFile(script, idle);
  });

  /** What systemd was told, if the host was last in use so many minutes ago. */
  async function after(minutes: number | undefined, runs = ''): Promise<string> {
    const seen = join(folder, `seen-${minutes}-${runs}`);
    await writeFile(join(folder, 'said'), '');
    if (minutes !== undefined) {
      await writeFile(seen, '');
      const then = new Date(Date.now() - minutes * 60_000);
      await utimes(seen, then, then);
    }
    const env = { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, REELMILL_SEEN: seen, RUNS: runs };
    expect(await capture('bash', [script], { env })).toMatchObject({ code: 0 });
    return (await readFile(join(folder, 'said'), 'utf8')).trim();
  }

  it('is bash without a mistake in its words, as the whole of the first start is', async () => {
    const whole = join(folder, 'first-start');
    await writeFile(whole, firstStart());
    for (const each of [whole, script])
      expect(await capture('bash', ['-n', each])).toMatchObject({ code: 0, stderr: '' });
  });

  it.each([
    { minutes: undefined, runs: '', says: '' },
    { minutes: 29, runs: '', says: '' },
    { minutes: 31, runs: '', says: 'poweroff' },
    { minutes: 600, runs: 'rclone', says: '' },
    { minutes: 600, runs: 'ssm-session-worker', says: '' },
    { minutes: 600, runs: 'something-else', says: 'poweroff' },
  ])('says "$says" when the last use was $minutes minutes ago and "$runs" runs', async ({ minutes, runs, says }) => {
    expect(await after(minutes, runs)).toBe(says);
  });
});
