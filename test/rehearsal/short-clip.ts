import { createHash } from 'node:crypto';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Job } from '../../core/job/job.ts';
import { CLIP, drop, manifestOf, messages, type Rehearsal, read, submitted } from './acts.ts';
import { batchJob, endEvent, environmentOf, runContainer } from './container.ts';
import { expectEqual, expectTrue } from './steps.ts';

const NAME = 'two words + 100%.mp4';

/** A real clip, all the way: drop, queue, function, Batch, container, event, function, topic, Slack. */
export async function shortClip(rehearsal: Rehearsal): Promise<string> {
  const { step, stage, program, slack } = rehearsal;
  const key = `input/preserve/${NAME}`;
  await step('a real clip is dropped by a real client', () =>
    drop(stage, key, CLIP, { 'reelmill-preset': 'ultrafast' }),
  );
  const job = await step('the queue has it, and on-drop makes one job of it', () => submitted(rehearsal, key));
  const submission = await step('Batch has the job', () => batchJob(stage.batch, job.sent?.reference ?? ''));
  const end = await step('its container does it', async () => {
    const given = environmentOf(submission);
    expectEqual([given.S3_KEY, given.JOB_ID, given.REELMILL_STEP], [key, job.id, 'all'], 'its environment');
    const ended = await runContainer(stage, { program, environment: given });
    expectEqual([ended.exitCode, ended.stdout, ended.stderr], [0, '', ''], 'its end');
    return ended;
  });
  await step('on-job-change tells of it, once', async () => {
    for (let times = 0; times < 2; times++) await stage.deployed.invoke('onJobChange', endEvent(submission, end));
    const notices = await stage.notices();
    expectEqual(
      notices.map(({ kind, source }) => [kind, source]),
      [['done', key]],
      'notices',
    );
    await stage.deployed.invoke('notifySlack', queuedEvent(notices[0]), { SLACK_SECRET_ARN: 'slack' });
    expectTrue(slack.length === 1 && (slack[0] ?? '').includes('saved'), `Slack was told ${JSON.stringify(slack)}`);
  });
  const sha256 = await step('the output is there, as its manifest says, and decodes', () =>
    checkOutput(rehearsal, job),
  );
  await step('the log lies in the bucket of logs', async () => {
    const log = (await read(stage, stage.logs, `tasks/${job.id}/all-attempt-1.jsonl`)).toString();
    expectTrue(log.includes('"event":"job.done"'), `it does not tell of the end: ${log.slice(-300)}`);
  });
  return sha256;
}

/** What cannot be done, and is said to whoever dropped it. */
export async function badInput(rehearsal: Rehearsal): Promise<void> {
  const { step, stage, program, folder } = rehearsal;
  const key = 'input/preserve/playlist.mp4';
  await step('a playlist that poses as a film fails, with its reason told and written down', async () => {
    await writeFile(join(folder, 'playlist.mp4'), '#EXTM3U\nhttp://169.254.169.254/latest/meta-data/\n');
    await drop(stage, key, join(folder, 'playlist.mp4'), {});
    const job = await submitted(rehearsal, key);
    const submission = await batchJob(stage.batch, job.sent?.reference ?? '');
    const end = await runContainer(stage, { program, environment: environmentOf(submission) });
    expectEqual(end.exitCode, 65, 'its exit code');
    await stage.deployed.invoke('onJobChange', endEvent(submission, end));
    expectEqual(
      (await stage.notices()).map(({ kind }) => kind),
      ['failed'],
      'notices',
    );
    const record = JSON.parse((await read(stage, stage.media, 'failed/preserve/playlist.mp4.json')).toString());
    expectEqual([record.code, record.job], ['not-video', job.id], 'what is written down');
  });
  await step('a recipe that there is not is refused, and told', async () => {
    await drop(stage, 'input/preserv/clip.mp4', CLIP, {});
    expectEqual(await stage.deployed.invoke('onDrop', await messages(stage)), { batchItemFailures: [] }, 'the answer');
    expectEqual(
      (await stage.notices()).map(({ kind }) => kind),
      ['refused'],
      'notices',
    );
  });
}

async function checkOutput({ stage, folder }: Rehearsal, job: Job): Promise<string> {
  const manifest = await manifestOf(stage, job);
  const [rendition] = manifest.renditions;
  expectTrue(rendition?.checks.every(({ passed }) => passed) === true, 'no rendition, or a failed check');
  const bytes = await read(stage, stage.media, `${job.outputPrefix}/${rendition?.path}`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expectEqual(sha256, rendition?.sha256, 'its sha256');
  expectTrue(bytes.length < (await stat(CLIP)).size, 'it is not smaller than its source');
  await writeFile(join(folder, 'output.mp4'), bytes);
  const decoding = ['-v', 'error', '-nostdin', '-xerror', '-i', join(folder, 'output.mp4'), '-f', 'null', '-'];
  const decoded = await execa('ffmpeg', decoding);
  expectEqual(decoded.stderr, '', 'what ffmpeg says of it');
  return sha256;
}

/** What Lambda hands over of a queue that the topic fills. */
const queuedEvent = (notice: unknown) => ({
  Records: [{ messageId: '1', body: JSON.stringify({ MessageId: 'rehearsal-1', Message: JSON.stringify(notice) }) }],
});
