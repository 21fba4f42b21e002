import type { TransferProgress } from '../../core/archive/rclone-log.ts';
import { type SentFile, sentFilesFrom, sentFilesText, sumsText } from '../../core/archive/sent-files.ts';
import { ServiceError } from '../../core/errors.ts';
import type { BucketObject } from '../../core/ports/bucket-transfer.ts';
import { compareWithBucket } from './compare-with-bucket.ts';
import type { BothSides, FolderFile, SyncOptions, SyncPorts, SyncTask } from './sync-ports.ts';

/** What a sync would do. */
export type SyncPreview = {
  /** The files of the side that is sent. */
  readonly files: number;
  readonly bytes: number;
  readonly toSend: { readonly files: number; readonly bytes: number };
  /** The files that only the side has to which is sent. */
  readonly extra: readonly string[];
};

/** Where the last sync is written down: what was sent, with hashes, and the same as `sha256sum --check` reads it. */
const SENT = '.reelmill/sent.json';
const SUMS = '.reelmill/SHA256SUMS';

/** Asks rclone what it would send, and lists both sides. Nothing is written. Throws `no-input` for an empty side. */
export async function previewSync(task: SyncTask, ports: SyncPorts, options: SyncOptions): Promise<SyncPreview> {
  const { files: there, objects } = await bothSides(task, ports, options.signal);
  const [from, to] = task.direction === 'up' ? [there, objects] : [objects, there];
  if (from.size === 0)
    throw new ServiceError(
      'no-input',
      `nothing is sent, since ${nameOfEmpty(task)} holds no file; name the folder of results`,
    );
  const toSend = await ports.transfer.send({ ...task, isDryRun: true }, transferring(options));
  return {
    files: from.size,
    bytes: sumOf(from.values()),
    toSend: { files: toSend.files, bytes: toSend.bytes },
    extra: [...to.keys()].filter((path) => !from.has(path)),
  };
}

/** What a sync did. */
export type SyncResult = {
  readonly sent: { readonly files: number; readonly bytes: number };
  /** Files that are equal at both ends, by what they were compared. */
  readonly verified: { readonly byEtag: number; readonly byReading: number };
  /** Files that differ or are missing at the far end, changed while they were sent, or could not be sent; a sentence each. */
  readonly problems: readonly string[];
};

/**
 * Sends what is new, and compares every file at both ends by its hash; what differs is sent once more. Both ends get the
 * list of hashes. A killed sync is taken up by the next one: files that were sent whole are not sent again.
 */
export async function syncArchive(task: SyncTask, ports: SyncPorts, options: SyncOptions): Promise<SyncResult> {
  const { folder, transfer } = ports;
  const compare = async (known: ReadonlyMap<string, SentFile>) =>
    compareWithBucket(task, { ...(await bothSides(task, ports, options.signal)), known }, ports, options);
  const known = sentFilesFrom(await folder.read(SENT));
  const first = await transfer.send({ ...task, isDryRun: false }, transferring(options));
  const compared = await compare(known);
  const again = compared.differing.map(({ path }) => path);
  let [second, verified] = [{ files: 0, bytes: 0, errors: [] as readonly string[] }, compared];
  if (again.length > 0) {
    second = await transfer.sendAgain({ ...task, isDryRun: false }, again, transferring(options));
    const now = new Map([...known, ...compared.equal.map((file) => [file.path, file] as const)]);
    verified = await compare(now);
  }
  const unwritten = await writeDown(verified.equal, task, ports, options);
  return {
    sent: { files: first.files + second.files, bytes: first.bytes + second.bytes },
    verified: { byEtag: verified.byEtag, byReading: verified.byReading },
    problems: [
      ...verified.differing.map(({ path, why }) => `${path}: ${why}`),
      ...verified.changed.map((path) => `${path}: it changed while it was sent; sync again`),
      ...second.errors,
      ...unwritten,
    ],
  };
}

/** Deletes objects that `previewSync` named as extra. Returns what could not be deleted. */
export const deleteExtra = (
  { place }: SyncTask,
  paths: readonly string[],
  { transfer }: SyncPorts,
  signal: AbortSignal,
): Promise<readonly string[]> => transfer.remove(place, paths, signal);

async function bothSides(
  { place }: SyncTask,
  { folder, transfer }: SyncPorts,
  signal: AbortSignal,
): Promise<BothSides> {
  const files = new Map<string, FolderFile>();
  for await (const file of folder.files()) if (!isOurs(file.path)) files.set(file.path, file);
  const objects = new Map<string, BucketObject>();
  for await (const object of transfer.list(place, signal)) if (!isOurs(object.path)) objects.set(object.path, object);
  return { files, objects };
}

const isOurs = (path: string) => path === SENT || path === SUMS;

async function writeDown(
  equal: readonly SentFile[],
  task: SyncTask,
  { folder, transfer }: SyncPorts,
  options: SyncOptions,
): Promise<readonly string[]> {
  try {
    await folder.write(SENT, sentFilesText(equal));
    await folder.write(SUMS, sumsText(equal));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return [`the list of hashes could not be written: ${error.message}`];
  }
  if (task.direction === 'down') return [];
  return (await transfer.sendAgain({ ...task, isDryRun: false }, [SUMS], transferring(options))).errors;
}

const transferring = ({ signal, onProgress }: SyncOptions) => ({
  signal,
  onProgress: (progress: TransferProgress) => onProgress('sending', progress),
});

const sumOf = (files: Iterable<{ readonly bytes: number }>) => {
  let sum = 0;
  for (const { bytes } of files) sum += bytes;
  return sum;
};

const nameOfEmpty = ({ direction, folder, place }: SyncTask) =>
  direction === 'up' ? folder : `s3://${place.bucket}/${place.prefix}`;
