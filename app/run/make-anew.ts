import { ServiceError } from '../../core/errors.ts';
import type { PublishedResult } from '../../core/job/events.ts';
import type { PublishedFile } from '../../core/job/job.ts';
import type { Manifest } from '../../core/job/manifest.ts';
import type { ObjectInfo } from '../../core/ports/object-store.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { keptClass } from '../../core/settings/kept-class.ts';
import { chosenRenditions, type Deciding, type Decision, decideJob } from '../decide/decide-job.ts';
import { noteMade } from '../decide/made-index.ts';
import { type JobWork, scratchOf } from '../encode/work.ts';
import type { JobRequest } from '../job-request.ts';
import { makeAll, type Outcome } from '../make/make-all.ts';
import { makeExtras } from '../make/make-extras.ts';
import { otherOutcomes, withChoiceKeys } from '../make/other-choices.ts';
import { type Edition, publish } from '../publish/publish.ts';
import { manifestKey, publishedManifest } from '../published-manifest.ts';
import type { JoinSource } from '../share/source-for-join.ts';
import { keepSource, keptFilesNow, refuseSequence } from '../source/keep-source.ts';
import { readWanted } from '../source/read-wanted.ts';

export type MadeJob = {
  readonly status: 'done' | 'unchanged';
  /** The key of the manifest. */
  readonly manifest: string;
  /** There if the source is a result itself. Its manifest may lie in another store. */
  readonly resultOf?: PublishedResult | undefined;
  readonly published: readonly PublishedFile[];
};

/** A job whose source lies here, and of which it is decided what is to be made. */
type DecidedJob = Omit<JobWork, 'folder' | 'before' | 'besideChanged' | 'isBehind'> & {
  readonly parts: JoinSource | undefined;
  /** The size and date of the source before it was read. */
  readonly head: ObjectInfo;
  /** The source as a file on this machine, and its version in the store; empty where the version is held by other means. */
  readonly film: { readonly path: string; readonly bytes: number; readonly version: string };
  readonly sha256: string;
  readonly deciding: Deciding;
  readonly decision: Decision;
};

/** Returns the job as done where its results are there already; undefined where something is to be made. */
export async function asItIs(
  { before, verdict, recipeKey }: Decision,
  { request, ports, sha256 }: DecidedJob,
): Promise<MadeJob | undefined> {
  if (!before || verdict !== 'unchanged') return undefined;
  if (!request.replaces) await noteMade(request, { sha256, recipeKey }, ports);
  const kept = await keptFilesNow(before.manifest.keptSources ?? [], request, ports);
  return { status: 'unchanged', manifest: manifestKey(request), published: [...before.files.values(), ...kept] };
}

/** Makes the renditions and all that belongs to them, and publishes them, unless the source or its results changed meanwhile. */
export async function makeAnew(job: DecidedJob): Promise<MadeJob> {
  const { request, ports, decision } = job;
  const work = await openWork(job);
  const { outcomes, made } = await makeResults(job, work).catch(async (error: unknown) => {
    // a source that changes while it is read makes all kinds of work fail
    const isChanged = !job.tracking.signal.aborted && (await hasChanged(job).catch(() => false));
    throw isChanged ? changed(request) : error;
  });
  if (await hasChanged(job)) throw changed(request);
  const other = await overtakenBy(request, ports, decision.before?.manifest);
  if (!other) return publishMade(outcomes, made, { work, job });
  // another machine with a table of its own may have made the same results
  const alike = await asItIs(await decideJob(request, ports, job.deciding), job);
  if (alike) return alike;
  throw overtaken(request, other);
}

/** Makes the renditions that are to be made, takes over those that stay, and makes what belongs to all of them. */
async function makeResults(
  { request, ports, settings, decision, sha256, parents }: DecidedJob,
  work: JobWork,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly made: MadeNow }> {
  if (keptClass(settings) !== undefined) refuseSequence(request, await parents.facts('source'));
  const picture = async () => (await parents.facts('source')).main.video;
  const chosen = await chosenRenditions(decision, request, ports, { settings, picture });
  const fresh = withChoiceKeys(await makeAll(chosen.made, work), decision.choices);
  const outcomes = [...fresh, ...otherOutcomes(decision, sha256)];
  const extras = await makeExtras(outcomes, work);
  return { outcomes, made: { extras, deferred: chosen.deferred } };
}

/** Empties the job's folder, in which a killed run may have left files that it even still writes, and opens it. */
async function openWork({
  parts,
  head: _,
  film,
  sha256,
  deciding: __,
  decision,
  ...shared
}: DecidedJob): Promise<JobWork> {
  const { request, ports, tracking, watch, settings, beside, parents } = shared;
  const scratch = scratchOf(request);
  await ports.scratch.remove(scratch);
  const folder = await ports.scratch.open(scratch);
  parents.add('source', sha256, async () => {
    if (parts) return { ...parts.facts, beside };
    const context = { ...tracking, watch, settings };
    return { ...(await readWanted({ ...film, sha256 }, folder, { request, ports, context })), beside };
  });
  const { before, besideChanged } = decision;
  return { ...shared, folder, before, besideChanged, isBehind: () => false };
}

type MadeNow = Pick<Edition, 'extras' | 'deferred'>;

/** Publishes what was made, and notes it where moved sources and results in place are recognised. */
async function publishMade(
  outcomes: readonly Outcome[],
  made: MadeNow,
  { work, job }: { readonly work: JobWork; readonly job: DecidedJob },
): Promise<MadeJob> {
  const { request, ports, settings, watch, before, tracking } = work;
  const { sha256, film, head, decision } = job;
  const { recipeKey } = decision;
  const keeping = { path: film.path, before: before?.manifest, sha256, settings, signal: tracking.signal };
  const kept = await watch.time('publish', () => keepSource(request, ports, keeping));
  const publication = await publish(outcomes, work, {
    ...made,
    keptSources: kept.length > 0 ? [...kept] : undefined,
    madeFrom: request.replaces ? (await ports.inPlace.resultOf(sha256))?.madeFrom : undefined,
    recipeKey,
    source: { bytes: head.bytes, sha256, modifiedMs: head.modifiedMs },
  });
  if (!request.replaces) await noteMade(request, { sha256, recipeKey }, ports);
  const manifestPath = ports.outputs.locate(publication.manifest);
  for (const { record } of outcomes)
    if (record.quality.metric !== 'identical') await ports.inPlace.note(record.sha256, manifestPath);
  const published = [...publication.published, ...(await keptFilesNow(kept, request, ports))];
  return { status: 'done', ...publication, published };
}

/** Whether a source is no longer as it was. Where only its dates tell that something changed, its bytes decide. */
async function hasChanged({
  request,
  ports,
  head: was,
  film,
  sha256,
  tracking: { signal },
}: DecidedJob): Promise<boolean> {
  const { source } = request;
  const { sources, reader } = ports;
  const is = await sources.head(source);
  if (is?.bytes !== was.bytes || is.modifiedMs !== was.modifiedMs) return true;
  if (film.version === '') return false;
  const there = await sources.fetchParts(source, film.version, signal);
  await there?.release();
  if (there) return false;
  const anew = await sources.fetch(source, signal);
  try {
    return (await reader.hash(anew.path, { signal, onProgress: () => {} })) !== sha256;
  } finally {
    await anew.release();
  }
}

const changed = ({ source }: JobRequest) =>
  new ServiceError('busy', `${source} changed while it was being read; the next run takes it as it is now`);

/**
 * Returns what was published here meanwhile. In a bucket each upload of a film or subtitle is a job, and two of them may share one
 * output prefix; on a network drive two machines may work on one folder.
 */
async function overtakenBy(
  request: JobRequest,
  ports: Ports,
  before: Manifest | undefined,
): Promise<Manifest | undefined> {
  const now = await publishedManifest(request, ports);
  return now?.job === before?.job && now?.madeAt === before?.madeAt ? undefined : now;
}

const overtaken = ({ source }: JobRequest, { job }: Manifest) =>
  new ServiceError('busy', `${source} was published by job ${job} meanwhile; the next run sees what is there`);
