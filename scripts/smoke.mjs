// Drops a clip into a deployed stack and waits for the notice: npm run smoke -- --stage X [--clip FILE] [--minutes N]
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { DEPLOYED_STAGES } from './aws/framework.mjs';
import { stageOptions } from './aws/options.mjs';
import { exitWithSentence } from './aws/sentences.mjs';
import { existingStack } from './aws/stack.mjs';
import { ensureReady, ROOT } from './setup.mjs';
import { SetupError, say } from './setup-error.mjs';

const usage = 'npm run smoke -- --stage dev|test|prod [--clip FILE] [--minutes N]';
const CLIP = join(ROOT, 'demo', 'clips', 'VID_20191220_170832.mp4');

await exitWithSentence(async () => {
  await ensureReady({ need: ['packages'] });
  const text = /** @type {const} */ ({ type: 'string' });
  const options = stageOptions(process.argv.slice(2), {
    usage,
    stages: DEPLOYED_STAGES,
    options: { clip: text, minutes: text },
  });
  const stack = await existingStack(options);
  const { outputs, region } = stack;
  const clip = typeof options.more.clip === 'string' ? options.more.clip : CLIP;
  const minutes = Number(options.more.minutes ?? 15);
  if (!(minutes > 0))
    throw new SetupError(`--minutes ${options.more.minutes} is no number of minutes`, { exitCode: 64 });
  const { DeleteObjectsCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } = await import(
    '@aws-sdk/client-s3'
  );
  const s3 = new S3Client({ region });
  const Bucket = outputs.MediaBucketName;
  const name = `smoke/${randomUUID()}${extname(clip)}`;
  const Key = `input/preserve/${name}`;
  const { openNoticeQueue } = await import('./aws/notice-queue.mjs');
  const { openJobWatch } = await import('./aws/job-watch.mjs');
  const job = openJobWatch(stack, Key);
  const notices = await openNoticeQueue(`${outputs.NoticesTopicArn}`, region);
  try {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: await readFile(clip) }));
    say(`dropped s3://${Bucket}/${Key}; waiting ${minutes} minutes at most`);
    const sayState = onlyNews(job.state);
    const notice = await notices.waitFor((each) => each.source === Key, minutes * 60_000, sayState);
    if (notice?.kind !== 'done') {
      for (const line of await job.trouble(notice?.job)) console.error(line);
      if (notice) throw new SetupError(`${notice.kind}: ${notice.summary}`, { exitCode: 70 });
      const last = `${await job.state()} (docs/runbook.md)`;
      throw new SetupError(`no notice of ${Key} came in ${minutes} minutes; ${last}`, { exitCode: 75 });
    }
    await s3.send(new HeadObjectCommand({ Bucket, Key: `output/preserve/${name}/manifest.json` }));
    say(`${notice.summary}`);
  } finally {
    await notices.close();
    for (const Prefix of [Key, `output/preserve/${name}/`, `failed/preserve/${name}`]) {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
      const Objects = Contents.map(({ Key: each }) => ({ Key: each }));
      if (Objects.length > 0) await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    }
  }
});

/**
 * Says how something is each time it has changed.
 * @param {() => Promise<string>} state
 */
function onlyNews(state) {
  let before = '';
  return async () => {
    const now = await state();
    if (now !== before) say(now);
    before = now;
  };
}
