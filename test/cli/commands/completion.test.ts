import { beforeAll, describe, expect, it } from '@jest/globals';
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
    { words: ['reelmill', 'run', '--set', 'container', '='], offers: ['mp4', 'mkv'] },
    { words: ['reelmill', 'run', '--set', 'preset=sl'], offers: ['preset=slow', 'preset=slower'] },
    { words: ['reelmill', 'run', '--set', 'crop='], offers: ['crop=none', 'crop=auto'] },
    { words: ['reelmill', 'run', '--set', 'crf', '=', '2'], offers: [] },
    { words: ['reelmill', 'run', '--recipe', '=', 'me'], offers: ['mezzanine'] },
    { words: ['reelmill', 'archive', 've'], offers: ['verify'] },
    { words: ['reelmill', 'archive', 'verify', '--de'], offers: ['--deep'] },
    { words: ['reelmill', 'run', 'film'], offers: [] },
  ])('offers $offers for $words', async ({ words, offers }) => {
    expect(await offered(...words)).toEqual(offers);
  });
});

describe('reelmill completion', () => {
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
