import { DescribeComputeEnvironmentsCommand } from '@aws-sdk/client-batch';
import { isUnsent } from '../../app/dispatch/send-job.ts';
import { CLIP, drop, messages, type Rehearsal, submitted } from './acts.ts';
import { command } from './command.ts';
import { batchJob } from './container.ts';
import { expectEqual, expectTrue } from './steps.ts';

const KEY = 'input/preserve/after-the-stop.mp4';

/**
 * AWS's budget says that the month's sum is spent. Budgets and Lambda are stood in for: the function is handed the event of SNS with
 * Budgets' text.
 */
export async function spendingStop(rehearsal: Rehearsal): Promise<void> {
  const { step, stage } = rehearsal;
  const environments = stage.deployed.outputs.ComputeEnvironments?.split(',') ?? [];
  const states = async () => {
    const asked = new DescribeComputeEnvironmentsCommand({ computeEnvironments: environments });
    const { computeEnvironments = [] } = await stage.batch.send(asked);
    expectEqual(computeEnvironments.length, environments.length, 'compute environments');
    return new Set(computeEnvironments.map(({ state }) => state));
  };
  await step(
    'the budget says that the sum is spent: no machine starts any more, and one mail tells how to go on',
    async () => {
      expectEqual([environments.length > 0, [...(await states())]], [true, ['ENABLED']], 'before');
      const event = budgetEvent(stage.deployed.physical('SpendingTopic'));
      for (let times = 0; times < 2; times++) await stage.deployed.invoke('spendingStop', event);
      expectEqual([...(await states())], ['DISABLED'], 'the compute environments');
      const [notice, ...others] = await stage.notices();
      expectEqual([notice?.kind, others.length], ['report', 0], 'notices');
      expectTrue(
        notice?.summary.includes('reelmill spending --stage local --open') === true,
        `it says ${notice?.summary}`,
      );
    },
  );
  const waiting = await step('a drop becomes a job, and waits', async () => {
    await drop(stage, KEY, CLIP, { 'reelmill-preset': 'ultrafast' });
    expectEqual(await stage.deployed.invoke('onDrop', await messages(stage)), { batchItemFailures: [] }, 'the answer');
    const job = (await stage.jobs.list(100)).find(({ source }) => source === KEY);
    expectEqual([job?.state.status, job?.sent === undefined], ['queued', true], 'its state, and that it was not sent');
    return job;
  });
  await step('reelmill spending --open starts the machines, and what has waited is sent', async () => {
    const [before] = await command(stage, 'spending');
    expectEqual([before?.isStopped, before?.allowedUsd], [true, 100], 'what it tells before');
    // what earlier acts left unsent has waited too
    const open = await stage.jobs.listOpen(Date.now(), 1000);
    const unsent = open.filter((job) => job.state.status === 'queued' && isUnsent(job)).length;
    const [told] = await command(stage, 'spending', '--open', '5');
    expectEqual([told?.isStopped, told?.delivered], [false, unsent], 'what it tells');
    expectEqual([...(await states())], ['ENABLED'], 'the compute environments');
    const job = await submitted(rehearsal, KEY);
    expectEqual(job.id, waiting?.id, 'the job that was sent');
    expectTrue((await batchJob(stage.batch, job.sent?.reference ?? '')).jobId !== undefined, 'Batch has no job');
  });
}

/** What SNS hands to a function of a budget's notification (AWS Cost Management, "Creating an Amazon SNS topic for budget notifications"). */
function budgetEvent(TopicArn: string) {
  const Message =
    'AWS Budget Notification\nAWS Account 123456789012\n\nBudget Name: reelmill-local-spending-stop\nBudget Type: Cost\nBudgeted Amount: $100.00\nAlert Type: ACTUAL\nAlert Threshold: > $100.00\nACTUAL Amount: $101.20';
  const Sns = {
    ...{ Type: 'Notification', MessageId: '95df01b4-ee98-5cb9-9903-4c221d41eb5e', TopicArn },
    ...{ Subject: 'AWS Budgets: reelmill-local-spending-stop has exceeded your alert threshold', Message },
    Timestamp: new Date().toISOString(),
  };
  return { Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: `${TopicArn}:1`, Sns }] };
}
