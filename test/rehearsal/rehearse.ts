import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isOnPath } from '../support/is-on-path.ts';
import type { Template } from '../support/packaged-template.ts';
import type { Rehearsal } from './acts.ts';
import { array } from './array.ts';
import { burst } from './burst.ts';
import { burstArray } from './burst-array.ts';
import { capacityRefusal } from './capacity-refusal.ts';
import { fromArchive } from './from-archive.ts';
import { fromHere } from './from-here.ts';
import { fromThePages } from './from-the-pages.ts';
import { imageInAccount } from './image-in-account.ts';
import { longFilms } from './long-films.ts';
import { judge } from './permissions.ts';
import { releaseTakenBack } from './release-taken-back.ts';
import { badInput, shortClip } from './short-clip.ts';
import { openSlack } from './slack.ts';
import { smallDisks } from './small-disks.ts';
import { spendingStop } from './spending-stop.ts';
import { openStage, type Stage } from './stage.ts';
import { expectEqual, expectTrue, openSteps, type Steps, writeCounts } from './steps.ts';

// The deployed stack, end to end, on this machine: npm run rehearse

async function rehearse(steps: Steps, program: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'reelmill-rehearsal-'));
  const slack = await openSlack();
  try {
    const stage = await openStage(steps, slack.url);
    const all: Rehearsal = { step: steps.step, stage, program, folder, slack: slack.told };
    try {
      await imageInAccount(all);
      const sha256 = await shortClip(all);
      await badInput(all);
      await burst(all);
      await burstArray(all);
      await fromThePages(all);
      await capacityRefusal(all);
      await smallDisks(all);
      await longFilms(all);
      await array(all);
      await fromHere(all);
      await fromArchive(all);
      await spendingStop(all);
      await releaseTakenBack(all);
      await steps.step('IAM would have let every role make the calls it made', async () => judgeCalls(stage));
      return sha256;
    } finally {
      await stage.close();
    }
  } finally {
    await slack.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The template as it was packaged for this stage, evaluated as CloudFormation does, against all that arrived. */
function judgeCalls({ calls, deployed }: Stage): void {
  const { judged, refused, roles } = judge(calls, deployed.template as unknown as Template);
  expectEqual(
    roles,
    ['ApiRole', 'EncodeTaskRole', 'NotifySlackRole', 'OnDropRole', 'OnJobChangeRole', 'SpendingStopRole'],
    'the roles that called',
  );
  expectTrue(judged > 100, `only ${judged} calls had a role`);
  expectEqual(refused, [], 'what IAM would have refused');
}

async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { json: { type: 'boolean' }, outputFile: text, program: text } });
  const say = (line: string) => process.stderr.write(`${line}\n`);
  if (!(await isOnPath('moto_server'))) {
    say("moto_server is not on the PATH: the rehearsal is left out; install it with: pip install 'moto[server]'");
    process.stdout.write(`${JSON.stringify({ passed: false, skipped: 'moto_server is not on the PATH', steps: 0 })}\n`);
    return process.env.CI === 'true' ? 69 : 0;
  }
  const steps = openSteps(say);
  const sha256 = await rehearse(steps, values.program ?? '').catch((error: unknown) =>
    say(error instanceof Error ? (error.stack ?? error.message) : `${error}`),
  );
  const isPassed = typeof sha256 === 'string';
  if (values.outputFile) await writeCounts(values.outputFile, steps.passed, isPassed ? 0 : 1);
  process.stdout.write(`${JSON.stringify({ passed: isPassed, steps: steps.passed, ...(isPassed && { sha256 }) })}\n`);
  return isPassed ? 0 : 70;
}

process.exit(await main());
