import { resolve } from 'node:path';
import process from 'node:process';
import {
  deleteExtra,
  previewSync,
  type SyncPreview,
  type SyncResult,
  syncArchive,
} from '../../app/archive/sync-archive.ts';
import type { SyncOptions, SyncTask } from '../../app/archive/sync-ports.ts';
import { bucketPlace, tuningOf } from '../../core/archive/rclone-args.ts';
import { FAILURES, usage } from '../../core/errors.ts';
import { formatBytes, formatSeconds } from '../../core/format.ts';
import { bucketsOf, openSyncFolder, openTransfer } from '../../runtime/archive-transfer.ts';
import { confirmed } from '../terminal/confirm.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printable } from '../terminal/printable.ts';
import { progressLine } from '../terminal/progress-line.ts';

type SyncCommandOptions = {
  readonly dryRun?: boolean;
  readonly delete?: boolean;
  readonly yes?: boolean;
  readonly transfers?: string;
  readonly parts?: string;
  readonly partSize?: string;
  readonly region?: string;
  readonly endpoint?: string;
  readonly json?: boolean;
};

/** Sends a folder to a bucket, or fetches it. Returns 0 if both ends are equal, otherwise the exit code of "try again". */
export async function sync(from: string, to: string, options: SyncCommandOptions): Promise<number> {
  const task = taskOf(from, to, options);
  if (options.delete && task.direction === 'down')
    throw usage('--delete deletes in a bucket only; files of a folder are never deleted here');
  const signal = interruptSignal();
  const ports = {
    folder: await openSyncFolder(task.folder, task.direction),
    transfer: await openTransfer(task.place, signal),
  };
  const line = progressLine(process.stderr);
  const told: SyncOptions = {
    signal,
    onProgress: (phase, { bytes, totalBytes, etaSeconds }) => {
      const left = etaSeconds === undefined ? '' : `, ${formatSeconds(etaSeconds)} left`;
      line.show(`${phase} ${formatBytes(bytes)} of ${formatBytes(totalBytes)}${left}`);
    },
  };
  const tell = (type: string, facts: object, text: string) => {
    line.clear();
    process.stdout.write(options.json ? `${JSON.stringify({ type, ...facts })}\n` : `${text}\n`);
  };
  try {
    const preview = await previewSync(task, ports, told);
    tell('archive.preview', preview, previewText(preview, task));
    if (options.dryRun) return 0;
    const deleting = options.delete && preview.extra.length > 0;
    if (deleting && !options.yes) {
      const question = `${preview.extra.length} objects that the folder does not have will be deleted in the bucket.`;
      if (!(await confirmed(question, `delete ${preview.extra.length}`, signal))) return FAILURES.interrupted.exit;
    }
    const result = await syncArchive(task, ports, told);
    const undeleted =
      deleting && result.problems.length === 0 ? await deleteExtra(task, preview.extra, ports, signal) : [];
    const deleted = deleting && result.problems.length === 0 ? preview.extra.length - undeleted.length : 0;
    const done = { ...result, deleted, problems: [...result.problems, ...undeleted] };
    tell('archive.synced', done, resultText(done));
    return done.problems.length === 0 ? 0 : FAILURES.busy.exit;
  } finally {
    line.clear();
  }
}

function taskOf(from: string, to: string, options: SyncCommandOptions): SyncTask {
  const tuning = tuningOf({ transfers: options.transfers, parts: options.parts, partMiB: options.partSize });
  const isUp = !from.startsWith('s3://');
  if (isUp !== to.startsWith('s3://'))
    throw usage('name a folder and a place in a bucket: reelmill archive sync ~/archive s3://bucket/prefix');
  const [folder, place] = isUp ? [from, to] : [to, from];
  return {
    folder: resolve(folder),
    place: bucketPlace(place, bucketsOf(options)),
    direction: isUp ? 'up' : 'down',
    tuning,
  };
}

function previewText({ files, bytes, toSend, extra }: SyncPreview, { direction }: SyncTask): string {
  const far = direction === 'up' ? 'the bucket' : 'the folder';
  return [
    `${files} files (${formatBytes(bytes)}); ${toSend.files} to send (${formatBytes(toSend.bytes)})`,
    ...(extra.length > 0 ? [`${extra.length} files are in ${far} alone; they stay, unless --delete is given`] : []),
  ].join('\n');
}

function resultText({ sent, verified, problems, deleted }: SyncResult & { readonly deleted: number }): string {
  const { byEtag, byReading } = verified;
  const how = byReading > 0 ? `, ${byReading} of them by reading them back` : '';
  return [
    `${sent.files} files sent (${formatBytes(sent.bytes)}); ${byEtag + byReading} are equal at both ends${how}`,
    ...(deleted > 0 ? [`${deleted} objects deleted`] : []),
    ...problems.map((problem) => `not done: ${printable(problem)}`),
  ].join('\n');
}
