import { ServiceError } from '../../core/errors.ts';
import { type Backfill, backfilledDrop, type ListedObject } from '../../core/job/backfilled.ts';
import { isUnfinished, NO_BYTES } from '../../core/job/drop.ts';
import { fileKind } from '../../core/library/file-kind.ts';
import type { JobStore } from '../../core/ports/job-store.ts';
import type { RawSettings } from '../../core/settings/settings.ts';
import { type AskedPorts, jobsOfDrop, UNFINISHED_IN_A_BUCKET } from './jobs-of-drop.ts';

type BackfillPorts = AskedPorts & {
  readonly jobs: Pick<JobStore, 'get'>;
  /** Delivers drops to the queue of drops, the one way in for a stage's jobs. */
  deliver(drops: readonly Backfill[]): Promise<void>;
};

/**
 * new: it has no job yet. known: its job is there, whatever became of it. other: by its name it is no film. archived: it has to
 * be restored before it can be read. refused: no job can be made of it.
 */
export const BACKFILL_FATES = ['new', 'known', 'other', 'archived', 'refused'] as const;
export type BackfillFate = (typeof BACKFILL_FATES)[number];

export type BackfilledFile = {
  readonly source: string;
  readonly bytes: number;
  readonly fate: BackfillFate;
  readonly why?: string;
};

type Count = { readonly files: number; readonly bytes: number };
export type BackfillTally = Readonly<Record<BackfillFate, Count>> & {
  /** The jobs that were queued, or with a dry run would be: a mix makes several of one film. */
  readonly jobs: number;
};

type BackfillOptions = {
  readonly to: string;
  /** Settings for all the jobs; they go before those that came with a drop. */
  readonly settings?: RawSettings;
  readonly isDryRun: boolean;
  readonly signal: AbortSignal;
  onFile(file: BackfilledFile, tally: BackfillTally): void;
};

const NOTHING: Count = { files: 0, bytes: 0 };
const FILES_AT_ONCE = 16;
/** How many drops are delivered at once. */
const DROPS_AT_ONCE = 10;

/**
 * Has jobs made of files that lie in a bucket, by the way that drops come in. Files come one by one, and only a few are in
 * memory. What has a job already is left alone, so that a second run delivers nothing; what is delivered twice makes one job.
 */
export async function backfill(
  files: AsyncIterable<ListedObject & { readonly source: string }>,
  ports: BackfillPorts,
  { to, settings = {}, isDryRun, signal, onFile }: BackfillOptions,
): Promise<BackfillTally> {
  const tally = { new: NOTHING, known: NOTHING, other: NOTHING, archived: NOTHING, refused: NOTHING, jobs: 0 };
  let waiting: (ListedObject & { readonly source: string })[] = [];
  let due: Backfill[] = [];
  const deliver = async () => {
    if (due.length > 0 && !isDryRun) await ports.deliver(due);
    due = [];
  };
  const look = async () => {
    for (const { jobs, ...file } of await Promise.all(waiting.map((each) => fateOf(each, { to, settings }, ports)))) {
      const before = tally[file.fate];
      tally[file.fate] = { files: before.files + 1, bytes: before.bytes + file.bytes };
      tally.jobs += jobs;
      onFile(file, tally);
      if (file.fate !== 'new') continue;
      due.push({ source: file.source, to, ...(Object.keys(settings).length > 0 && { settings }) });
      if (due.length === DROPS_AT_ONCE) await deliver();
    }
    waiting = [];
  };
  for await (const file of files) {
    if (signal.aborted) throw stopped();
    waiting.push(file);
    if (waiting.length === FILES_AT_ONCE) await look();
  }
  await look();
  await deliver();
  return tally;
}

const stopped = () =>
  new ServiceError('interrupted', 'stopped; what is queued stays queued, and the same command goes on from there');

async function fateOf(
  { source, bytes, isArchived }: ListedObject & { readonly source: string },
  { to, settings }: Pick<BackfillOptions, 'to' | 'settings'>,
  ports: BackfillPorts,
): Promise<BackfilledFile & { readonly jobs: number }> {
  const file = { source, bytes, jobs: 0 };
  const reading = backfilledDrop({ source, to });
  if (isUnfinished(source)) return { ...file, fate: 'refused', why: UNFINISHED_IN_A_BUCKET };
  if (reading.kind === 'ignored' || reading.kind === 'companion' || fileKind(source) !== 'film')
    return { ...file, fate: 'other' };
  if (reading.kind === 'refused') return { ...file, fate: 'refused', why: reading.reason };
  if (isArchived) return { ...file, fate: 'archived' };
  if (bytes === 0) return { ...file, fate: 'refused', why: NO_BYTES };
  const asked = await jobsOfDrop(source, ports, to, settings);
  if (asked.kind === 'refused') {
    // what AWS refuses for one file it refuses for all
    if (asked.failure.details.aws !== undefined) throw asked.failure;
    return { ...file, fate: 'refused', why: asked.failure.message };
  }
  if (asked.kind !== 'jobs') return { ...file, fate: 'refused', why: 'it is not there any more' };
  const there = await Promise.all(asked.jobs.map(({ id }) => ports.jobs.get(id)));
  const missing = there.filter((job) => job === undefined).length;
  return { ...file, fate: missing > 0 ? 'new' : 'known', jobs: missing };
}

/** Returns the number of files of a backfill, whatever became of each. */
export const filesLookedAt = (tally: BackfillTally): number =>
  BACKFILL_FATES.reduce((sum, fate) => sum + tally[fate].files, 0);
