import { type Fixity, type RecordedFile, recordedFiles } from '../../core/archive/fixity.ts';
import { isOfMonth } from '../../core/archive/month-share.ts';
import { type StoredObject, storedVerdict } from '../../core/archive/stored-sum.ts';
import { asServiceError } from '../../core/errors.ts';
import { manifestFrom } from '../../core/job/manifest.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import type { WalkedShare } from '../../core/stack-report/walked-share.ts';
import { noneYet } from './verify-archive.ts';

type WalkPorts = {
  readonly store: Pick<ObjectStore, 'list' | 'read'>;
  readonly clock: Clock;
  /** What S3 says of an object without reading it. */
  stored(key: string): Promise<StoredObject | undefined>;
};

type ArchiveWalk = {
  /** The month that is reported on, as 2026-10, and in how many months the whole archive is walked. */
  readonly month: string;
  readonly months: number;
  /** Where the results lie: a prefix that ends in a slash. */
  readonly prefix: string;
  /** When the walk ends, even in the midst of the share. */
  readonly untilMs: number;
};

const MANIFESTS_AT_ONCE = 16;
/** How many files a report names. */
const MOST_NAMED = 20;

/**
 * Compares this month's share of the published files with the sums that S3 stores. Nothing is read but manifests, and no more
 * than a few of them are in memory, however large the archive is.
 */
export async function walkArchive(walk: ArchiveWalk, ports: WalkPorts): Promise<WalkedShare> {
  const counts: Record<Fixity, number> = noneYet();
  const bad: { key: string; fixity: Fixity }[] = [];
  const told = (key: string, fixity: Fixity) => {
    counts[fixity]++;
    if (fixity !== 'agrees' && fixity !== 'unsummed' && bad.length < MOST_NAMED) bad.push({ key, fixity });
  };
  let isWhole = true;
  let waiting: string[] = [];
  const look = async () => {
    await Promise.all(waiting.map((key) => lookAtManifest(key, ports, told)));
    waiting = [];
  };
  for await (const { key } of ports.store.list(walk.prefix)) {
    if (!key.endsWith('/manifest.json') || !isOfMonth(key, walk.month, walk.months)) continue;
    isWhole = ports.clock.now() < walk.untilMs;
    if (!isWhole) break;
    waiting.push(key);
    if (waiting.length === MANIFESTS_AT_ONCE) await look();
  }
  await look();
  return { months: walk.months, isWhole, counts, bad };
}

async function lookAtManifest(key: string, ports: WalkPorts, told: (key: string, fixity: Fixity) => void) {
  const manifest = manifestFrom((await ports.store.read(key)) ?? new Uint8Array());
  if (!manifest) return told(key, 'unreadable');
  for (const file of recordedFiles(key, manifest).files) told(file.key, await fixityOfObject(file, ports));
}

async function fixityOfObject(file: RecordedFile, ports: WalkPorts): Promise<Fixity> {
  try {
    return storedVerdict(file, await ports.stored(file.key)).fixity;
  } catch (error) {
    if (asServiceError(error).code === 'busy') throw error; // S3 is not there: the whole walk tells nothing
    return 'unreadable';
  }
}
