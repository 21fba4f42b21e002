import { CLIP, drop, manifestOf, type Rehearsal, submitted } from './acts.ts';
import { batchJob, capacityEvent, endEvent, environmentOf, runContainer } from './container.ts';
import { expectEqual, expectTrue } from './steps.ts';

/** Spot has no machine for a job of one container: Batch cancels it, in the words of its documentation. */
export async function capacityRefusal(rehearsal: Rehearsal): Promise<void> {
  const { step, stage, program } = rehearsal;
  const key = 'input/preserve/no-machine.mp4';
  const queueOf = (arn: string | undefined) => arn?.slice(arn.lastIndexOf('/') + 1);
  const job = await step('a job that Spot has no machine for is cancelled by Batch, and sent on demand', async () => {
    await drop(stage, key, CLIP, { 'reelmill-preset': 'ultrafast' });
    const sent = await submitted(rehearsal, key);
    const waiting = await batchJob(stage.batch, sent.sent?.reference ?? '');
    // EventBridge may deliver an event twice
    for (let times = 0; times < 2; times++) await stage.deployed.invoke('onJobChange', capacityEvent(waiting));
    const again = await stage.jobs.get(sent.id);
    expectTrue(again?.sent?.reference !== sent.sent?.reference, 'it was not sent again');
    expectEqual(again?.sent?.escalation.market, 'on-demand', 'where it was sent');
    const second = await batchJob(stage.batch, again?.sent?.reference ?? '');
    const queues = [waiting, second].map(({ jobQueue }) => queueOf(jobQueue));
    expectEqual(queues, ['reelmill-local-spot-cpu', 'reelmill-local-on-demand-cpu'], 'the queues');
    expectEqual(await stage.notices(), [], 'notices of what is not at its end');
    return again;
  });
  await step('and is done there', async () => {
    const second = await batchJob(stage.batch, job?.sent?.reference ?? '');
    const end = await runContainer(stage, { program, environment: environmentOf(second) });
    expectEqual(end.exitCode, 0, 'its exit code');
    await stage.deployed.invoke('onJobChange', endEvent(second, end));
    const told = (await stage.notices()).map(({ kind, source }) => [kind, source]);
    expectEqual(told, [['done', key]], 'notices');
    if (job) expectEqual((await manifestOf(stage, job)).job, job.id, 'whose manifest it is');
  });
}
