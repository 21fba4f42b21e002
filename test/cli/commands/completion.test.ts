import { beforeAll, describe, expect, it } from '@jest/globals';
import { offeredValues } from '../../../cli/completion/offered-values.ts';
import { startReelmill } from '../../support/reelmill.ts';
import { startProgram } from '../../support/started-program.ts';

describe('reelmill completion bash', () => {
  let script = '';
  beforeAll(async () => {
    script = (await startReelmill(['completion', 'bash']).ended).stdout;
  });

  /** What bash itself would offer for the last of these words. */
  async function offered(...words: readonly string[]): Promise<string[]> {
    const asked = `COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _reelmill; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await startProgram('bash', ['-c', `${script}\n${asked}`, 'bash', ...words]).ended;
    return stdout.trim().split('\n').filter(Boolean);
  }

  it.each([
    { words: ['reelmill', 'wa'], offers: ['watch'] },
    { words: ['reelmill', 'run', '--rec'], offers: ['--recipe'] },
    { words: ['reelmill', 'run', 'a b.mov', '--out', 'x', '--rec'], offers: ['--recipe'] },
    { words: ['reelmill', 'run', '--recipe', 'me'], offers: ['mezzanine'] },
    { words: ['reelmill', 'run', '--set', 'cr'], offers: ['crf=', 'crop='] },
    { words: ['reelmill', 'run', '--set', 'preset', '=', 'sl'], offers: ['slow', 'slower'] },
    { words: ['reelmill', 'run', '--set', 'container', '='], offers: ['mp4', 'mkv', 'webm'] },
    { words: ['reelmill', 'run', '--set', 'preset=sl'], offers: ['preset=slow', 'preset=slower'] },
    { words: ['reelmill', 'run', '--set', 'crop='], offers: ['crop=none', 'crop=auto'] },
    { words: ['reelmill', 'run', '--set', 'crf', '=', '2'], offers: [] },
    { words: ['reelmill', 'run', '--recipe', '=', 'me'], offers: ['mezzanine'] },
    { words: ['reelmill', 'run', '--layout', ''], offers: ['files', 'folders'] },
    { words: ['reelmill', 'run', 'a.mov', '--others', 'c'], offers: ['copy'] },
    { words: ['reelmill', 'plan', '--layout', '=', 'fo'], offers: ['folders'] },
    { words: ['reelmill', 'model', 'x.onnx', '--device', 't'], offers: ['tensorrt'] },
    { words: ['reelmill', 'model', 'x.onnx', '--from', 'de'], offers: [] },
    { words: ['reelmill', 'storage', 'restore', '--from', 'de'], offers: ['deep-archive'] },
    { words: ['reelmill', 'storage', 'estimate', '--region', 'eu'], offers: ['eu-west-1'] },
    { words: ['reelmill', 'storage', 'reclass', '--class', 'G'], offers: ['GLACIER_IR'] },
    { words: ['reelmill', 'service', '~/mill', '--for', ''], offers: ['systemd', 'launchd'] },
    { words: ['reelmill', 'archive', 'verify', '--stage', ''], offers: ['dev', 'prod'] },
    { words: ['reelmill', 'retry', 'abc', '--stage', ''], offers: ['dev', 'prod'] },
    { words: ['reelmill', 'upload', 'a.mov', '--to', 'pre'], offers: ['preserve'] },
    { words: ['reelmill', 'archive', 've'], offers: ['verify'] },
    { words: ['reelmill', 'archive', 'verify', '--de'], offers: ['--deep'] },
    { words: ['reelmill', 'run', 'film'], offers: [] },
  ])('offers $offers for $words', async ({ words, offers }) => {
    expect(await offered(...words)).toEqual(offers);
  });
});

describe('reelmill completion', () => {
  it.each([
    { args: ['run', 'a.mov', '--recipe', 'preserve', '--out', 'x', '--layout', 'flat'], has: ['files', 'folders'] },
    { args: ['run', 'a.mov', '--recipe', 'preserve', '--out', 'x', '--others', 'move'], has: ['skip', 'copy'] },
    { args: ['service', '~/mill', '--for', 'cron'], has: ['systemd', 'launchd'] },
    { args: ['storage', 'transfer', '--size', '1TB', '--line', '1Gbps', '--direction', 'up'], has: ['in', 'out'] },
    {
      args: ['storage', 'restore', '--size', '1TB', '--from', 'cellar'],
      has: offeredValues('storage restore', '--from'),
    },
    {
      args: ['storage', 'options', '--size', '1TB', '--replica-class', 'it-archive'],
      has: offeredValues('storage options', '--replica-class'),
    },
  ])('offers what $args names when it refuses another value', async ({ args, has }) => {
    const { code, stderr } = await startReelmill(args).ended;
    const command = args[0] === 'storage' ? `storage ${args[1]}` : `${args[0]}`;
    expect(offeredValues(command, `${args.at(-2)}`)).toEqual(has);
    expect(code).toBe(64);
    for (const value of has) expect(stderr).toContain(value);
  });

  it.each([
    { shell: 'zsh', has: ['bashcompinit', 'complete -o default -F _reelmill reelmill'] },
    {
      shell: 'fish',
      has: ['preset=slower', 'complete -c reelmill -n __fish_use_subcommand -f -a watch', "-l recipe -x -a 'preserve "],
    },
  ])('$shell is a script of its own kind', async ({ shell, has }) => {
    const { code, stdout } = await startReelmill(['completion', shell]).ended;
    expect(code).toBe(0);
    for (const part of has) expect(stdout).toContain(part);
  });

  it('says which shells there are', async () => {
    expect(await startReelmill(['completion', 'tcsh']).ended).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('there is one for bash, zsh, fish'),
    });
  });
});
