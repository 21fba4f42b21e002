import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { startProgram } from '../support/started-program.ts';
import { CLIP, manifestOf, type Rehearsal, submitted } from './acts.ts';
import { batchJob, endEvent, environmentOf, runContainer } from './container.ts';
import { expectEqual, linesOf } from './steps.ts';

/** The bucket that stages/local.yml lets the stage read. */
const ARCHIVE = 'reelmill-rehearsal-archive';
const KEY = '2019/an old film.mp4';

/** What lies in the bucket of an archive becomes jobs, is made, and stays as it is. */
export async function fromArchive(rehearsal: Rehearsal): Promise<void> {
  const { step, stage, program } = rehearsal;
  const source = `s3://${ARCHIVE}/${KEY}`;
  const backfill = async (...words: readonly string[]): Promise<Record<string, unknown>> => {
    const asked = ['backfill', '--to', 'preserve', '--from', `s3://${ARCHIVE}/2019/`, '--stage', 'local', '--json'];
    const env = { ...process.env, ...stage.aws, AWS_ACCESS_KEY_ID: 'test' };
    const args = [join('dist', 'cli.js'), ...asked, ...words];
    const { code, stdout, stderr } = await startProgram(process.execPath, args, { env }).ended;
    stage.ran({ what: 'reelmill backfill', exitCode: code, lastLines: linesOf(stderr) });
    if (code !== 0) throw new Error(`reelmill backfill ended with ${code}`);
    return JSON.parse(linesOf(stdout).at(-1) ?? '{}');
  };
  await step('reelmill backfill tells what it would make of another bucket', async () => {
    await stage.s3.send(new CreateBucketCommand({ Bucket: ARCHIVE }));
    await stage.s3.send(new PutObjectCommand({ Bucket: ARCHIVE, Key: KEY, Body: createReadStream(CLIP) }));
    const cold = { Bucket: ARCHIVE, Key: '2019/cold.mov', Body: 'a film', StorageClass: 'DEEP_ARCHIVE' } as const;
    await stage.s3.send(new PutObjectCommand(cold));
    const { jobs, archived } = await backfill('--dry-run');
    expectEqual([jobs, archived], [1, { files: 1, bytes: 6 }], 'jobs, and what lies in an archive class');
    expectEqual(await stage.drops(), [], 'what came into the queue');
  });
  const job = await step('it queues the film, and on-drop makes one job of it', async () => {
    await backfill();
    const made = await submitted(rehearsal, source);
    expectEqual([(await backfill()).jobs, await stage.drops()], [0, []], 'what a second backfill makes');
    return made;
  });
  await step('its container reads the film there, and leaves the bucket as it was', async () => {
    const submission = await batchJob(stage.batch, job.sent?.reference ?? '');
    const end = await runContainer(stage, { program, environment: environmentOf(submission) });
    expectEqual([end.exitCode, end.stderr], [0, ''], 'its end');
    await stage.deployed.invoke('onJobChange', endEvent(submission, end));
    await stage.notices();
    expectEqual((await manifestOf(stage, job)).source.path, source, 'the source in its manifest');
    const { Contents = [] } = await stage.s3.send(new ListObjectsV2Command({ Bucket: ARCHIVE }));
    expectEqual(
      Contents.map(({ Key }) => Key),
      [KEY, '2019/cold.mov'],
      'what lies in the archive',
    );
  });
}
