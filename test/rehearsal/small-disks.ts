import { stat } from 'node:fs/promises';
import { CLIP, drop, manifestOf, messages, type Rehearsal } from './acts.ts';
import { batchJob, endEvent, environmentOf, runContainer } from './container.ts';
import { expectEqual, expectTrue } from './steps.ts';

export const GIB = 2 ** 30;
/** What a container has on its disk besides the film (core/dispatch/disks.ts). */
export const BESIDES_GIB = 2;

/** Films whose disk does not hold them. The disks that the functions know of are as small as the clip, not the film as large as a disk. */
export async function smallDisks(rehearsal: Rehearsal): Promise<void> {
  const { step, stage, program } = rehearsal;
  const { size } = await stat(CLIP);
  const disks = (...times: readonly number[]) =>
    times.map((each) => (BESIDES_GIB + (each * size) / GIB).toFixed(6)).join(' ');
  const take = async (key: string, more: Readonly<Record<string, string>>) => {
    await drop(stage, key, CLIP, { 'reelmill-preset': 'ultrafast' });
    const event = await messages(stage);
    for (let times = 0; times < 2; times++)
      expectEqual(await stage.deployed.invoke('onDrop', event, more), { batchItemFailures: [] }, 'the answer');
    return (await stage.jobs.list(100)).find(({ source }) => source === key);
  };
  const definitionOf = ({ jobDefinition = '' }: { readonly jobDefinition?: string | undefined }) =>
    /job-definition\/([^:]+)/.exec(jobDefinition)?.[1];

  const key = 'input/preserve/larger-than-its-disk.mp4';
  const known = { DISKS_GIB: `${disks(1, 20, 40, 60)} /` };
  const job = await step('a film gets the smallest disk that will hold what is made of it', async () => {
    const sent = await take(key, known);
    const submission = await batchJob(stage.batch, sent?.sent?.reference ?? '');
    expectEqual(definitionOf(submission), 'reelmill-local-encode-50', 'the job definition');
    return sent;
  });
  await step('a container whose disk does not hold its film is run again with the next larger disk', async () => {
    const first = await batchJob(stage.batch, job?.sent?.reference ?? '');
    const environment = { ...environmentOf(first), ...known };
    const end = await runContainer(stage, { program, environment, diskBytes: Math.round(size / 2) });
    expectEqual(end.exitCode, 74, 'its exit code');
    // EventBridge may deliver an event twice
    for (let times = 0; times < 2; times++) await stage.deployed.invoke('onJobChange', endEvent(first, end), known);
    expectEqual(await stage.notices(), [], 'notices of what is not at its end');
    const again = job && (await stage.jobs.get(job.id));
    const second = await batchJob(stage.batch, again?.sent?.reference ?? '');
    expectEqual(definitionOf(second), 'reelmill-local-encode-100', 'the job definition');
    const done = await runContainer(stage, { program, environment: { ...environmentOf(second), ...known } });
    expectEqual(done.exitCode, 0, 'its exit code');
    await stage.deployed.invoke('onJobChange', endEvent(second, done), known);
    const told = (await stage.notices()).map(({ kind, source }) => [kind, source]);
    expectEqual(told, [['done', key]], 'notices');
    if (again) expectEqual((await manifestOf(stage, again)).job, again.id, 'whose manifest it is');
  });
  await step('a film that no disk of the stack holds is refused when it is dropped, and told once', async () => {
    const name = 'larger-than-all.mp4';
    const sent = await take(`input/preserve/${name}`, { DISKS_GIB: `${disks(0.5, 1)} / ${disks(2)}` });
    expectEqual(sent, undefined, 'the job');
    const notices = await stage.notices();
    expectEqual(
      notices.map(({ kind, details }) => [kind, details.code]),
      [['refused', 'over-limit']],
      'notices',
    );
    expectTrue(
      /takes a disk of about \d+ GiB, and the largest/.test(notices[0]?.summary ?? ''),
      `${notices[0]?.summary}`,
    );
  });
}
