import type { ComputedSum } from '../../core/archive/checksum-job.ts';
import { type Fixity, longestUnverified, type RecordedFile } from '../../core/archive/fixity.ts';
import { computedVerdict, type StoredObject } from '../../core/archive/stored-sum.ts';
import { readVerified, VERIFIED_KEY } from '../../core/archive/verified.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { noneYet, readArchive, type VerifiedFile } from './verify-archive.ts';

type SumPorts = {
  /** The published files of a bucket. Their keys are below `prefix`. */
  readonly store: Pick<ObjectStore, 'list' | 'read'>;
  readonly prefix: string;
};

type Started = { readonly job: string; readonly files: number; readonly bytes: number };

/** Has S3 read published files where they lie: a share of the bytes (0 to 1), those first that were verified longest ago. */
export async function startComputing(
  share: number,
  { store, prefix, start }: SumPorts & { start(keys: readonly string[]): Promise<string> },
): Promise<Started> {
  const { files } = await readArchive(store);
  const chosen = longestUnverified(files, readVerified(await store.read(VERIFIED_KEY)), share);
  const job = await start(chosen.map(({ key }) => `${prefix}${key}`));
  return { job, files: chosen.length, bytes: chosen.reduce((sum, { bytes }) => sum + bytes, 0) };
}

type ComputedVerdict = {
  readonly files: number;
  readonly verified: number;
  readonly counts: Readonly<Record<Fixity, number>>;
  readonly faults: readonly string[];
};

/**
 * Compares the sums that S3 has computed with the manifests. `files` are all published files; those that the job did not read
 * are not verified.
 */
export async function judgeComputed(
  sums: AsyncIterable<ComputedSum>,
  { store, prefix, stored }: SumPorts & { stored(key: string): Promise<StoredObject | undefined> },
  onFile: (file: VerifiedFile) => void,
): Promise<ComputedVerdict> {
  const { files, faults } = await readArchive(store);
  const recorded = new Map<string, RecordedFile>(files.map((file) => [`${prefix}${file.key}`, file]));
  const counts = noneYet();
  let verified = 0;
  for await (const sum of sums) {
    const file = recorded.get(sum.key);
    if (!file) continue; // it was replaced by other results meanwhile
    verified++;
    const { key, bytes } = file;
    const verdict = await verdictOf(sum, file);
    counts[verdict.fixity]++;
    onFile({ key, bytes, ...verdict });
  }
  return { files: files.length, verified, counts, faults };

  async function verdictOf(sum: ComputedSum, file: RecordedFile) {
    const isRead = 'crc64nvme' in sum;
    if (isRead && sum.crc64nvme === file.crc64nvme) return { fixity: 'good' } as const;
    const now = await stored(file.key);
    if (isRead || !now) return computedVerdict(file, isRead ? sum.crc64nvme : undefined, now);
    return { fixity: 'unreadable', why: sum.why } as const;
  }
}
