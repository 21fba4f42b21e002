import { ServiceError } from '../core/errors.ts';
import type { PublishedResult } from '../core/job/events.ts';
import type { PublishedFile } from '../core/job/job.ts';
import type { Manifest } from '../core/job/manifest.ts';
import type { Ports } from '../core/ports/ports.ts';
import { candidates } from '../core/recipes/renditions.ts';
import { keptClass } from '../core/settings/kept-class.ts';
import { resolveSettings } from '../core/settings/settings.ts';
import { taskGroup } from '../core/task-group.ts';
import { chosenRenditions, type Deciding, type Decision, decideJob } from './decide-job.ts';
import { headOfSource } from './head-of-source.ts';
import type { JobRequest } from './job-request.ts';
import { keepSource, keptFilesNow, refuseKeeping, refuseSequence } from './keep-source.ts';
import { noteMade } from './made-index.ts';
import { makeAll } from './make-all.ts';
import { makeExtras } from './make-extras.ts';
import { otherOutcomes, withChoiceKeys } from './other-choices.ts';
import { openParents } from './parents.ts';
import { publish } from './publish.ts';
import { manifestKey, publishedManifest } from './published-manifest.ts';
import { readWanted } from './read-wanted.ts';
import { replacedMeanwhile } from './replaced-meanwhile.ts';
import { type JoinSource, mayNeedWhole, sourceForJoin } from './source-for-join.ts';
import { stopwatch } from './stopwatch.ts';
import { subtitlesBeside } from './subtitles-beside.ts';
import { takeOver } from './take-over.ts';
import { toolsFor } from './tools-for.ts';
import type { Tracking } from './tracking.ts';
import { type JobWork, scratchOf } from './work.ts';

export type MadeJob = {
  readonly status: 'done' | 'unchanged';
  /** The key of the manifest. */
  readonly manifest: string;
  /** There if the source is a result itself. Its manifest may lie in another store. */
  readonly resultOf?: PublishedResult | undefined;
  readonly published: readonly PublishedFile[];
};

/**
 * Makes and publishes what a job requests, for one source under one recipe: probe -> plan -> segments -> join -> verify
 * -> publish. Does nothing if everything is up to date. Throws ServiceError.
 */
export async function makeJob(request: JobRequest, ports: Ports, tracking: Tracking): Promise<MadeJob> {
  const parts = await sourceForJoin({ request, ports, tracking });
  if (!parts) return makeFrom(undefined, request, ports, tracking);
  try {
    return await makeFrom(parts, request, ports, tracking);
  } catch (error) {
    if (!mayNeedWhole(error)) throw error;
  } finally {
    await parts.release();
  }
  return makeFrom(undefined, request, ports, tracking);
}

/** Makes a job from a source that an earlier step has read, or from the whole, which is fetched and read. */
async function makeFrom(
  parts: JoinSource | undefined,
  request: JobRequest,
  ports: Ports,
  tracking: Tracking,
): Promise<MadeJob> {
  const watch = stopwatch(ports.clock);
  const settings = resolveSettings(request.recipe, request.settings);
  refuseKeeping(request, settings);
  const replaced = await replacedMeanwhile(request, ports);
  if (replaced) return replaced;
  const head = await headOfSource(request, ports, tracking.signal);
  const file = parts
    ? { path: parts.facts.path, release: async () => {} }
    : await ports.sources.fetch(request.source, tracking.signal);
  const { subtitles: beside, release } = await subtitlesBeside(request, ports, tracking.signal);
  const scratch = scratchOf(request);
  const parents = openParents(ports.outputs, tracking.signal);
  try {
    const film = { path: file.path, bytes: head.bytes };
    const group = taskGroup(tracking.signal);
    const wanted = candidates(request.recipe, settings);
    const [tools, sha256] = await group.all([
      group.run((signal) => toolsFor(wanted, ports, { settings, signal })), // tools are started to learn their versions
      group.run((signal) =>
        watch.time('hash', async () => parts?.facts.sha256 ?? hashOf(film, request, ports, { ...tracking, signal })),
      ),
    ]);
    const result = request.replaces && !request.remake ? await resultItself(sha256, request, ports) : undefined;
    if (result) return result;
    const deciding = { settings, tools, beside, sha256, signal: tracking.signal };
    const { decision, isTaken } = await decideAndTake(request, ports, { deciding, tracking, watch });
    const { before, besideChanged, recipeKey } = decision;
    const content = { sha256, recipeKey };
    const asItIs = async ({ before: there, verdict }: Decision): Promise<MadeJob | undefined> => {
      if (!there || verdict !== 'unchanged') return undefined;
      if (!request.replaces) await noteMade(request, content, ports);
      const kept = await keptFilesNow(there.manifest.keptSources ?? [], request, ports);
      return { status: 'unchanged', manifest: manifestKey(request), published: [...there.files.values(), ...kept] };
    };
    const made = await asItIs(decision);
    if (made) return isTaken ? { ...made, status: 'done' } : made;

    await ports.scratch.remove(scratch); // files of a killed run, which may even still be writing
    const folder = await ports.scratch.open(scratch);
    parents.add('source', sha256, async () => {
      if (parts) return { ...parts.facts, beside };
      const context = { ...tracking, watch, settings };
      return { ...(await readWanted({ ...film, sha256 }, folder, { request, ports, context })), beside };
    });
    const shared = { request, ports, tracking, watch, settings, tools, folder, parents, before, beside, besideChanged };
    const work: JobWork = { ...shared, isBehind: () => false };
    if (keptClass(settings) !== undefined) refuseSequence(request, await parents.facts('source'));
    const picture = async () => (await parents.facts('source')).main.video;
    const chosen = await chosenRenditions(decision, request, ports, { settings, picture });
    const fresh = withChoiceKeys(await makeAll(chosen.made, work), decision.choices);
    const outcomes = [...fresh, ...otherOutcomes(decision, sha256)];
    const extras = await makeExtras(outcomes, work);
    await refuseChanged(request, ports, head);
    const other = await overtakenBy(request, ports, before?.manifest);
    if (other) {
      const alike = await asItIs(await decideJob(request, ports, deciding)); // as by another machine with a table of its own
      if (alike) return alike;
      throw overtaken(request, other);
    }
    const { bytes, modifiedMs } = head;
    const keeping = { path: file.path, before: before?.manifest, sha256, settings, signal: tracking.signal };
    const kept = await watch.time('publish', () => keepSource(request, ports, keeping));
    const keptSources = kept.length > 0 ? [...kept] : undefined;
    const madeFrom = request.replaces ? (await ports.inPlace.resultOf(sha256))?.madeFrom : undefined;
    const edition = {
      keptSources,
      madeFrom,
      extras,
      deferred: chosen.deferred,
      recipeKey,
      source: { bytes, sha256, modifiedMs },
    };
    const publication = await publish(outcomes, work, edition);
    if (!request.replaces) await noteMade(request, content, ports);
    const manifestPath = ports.outputs.locate(publication.manifest);
    for (const { record } of outcomes)
      if (record.quality.metric !== 'identical') await ports.inPlace.note(record.sha256, manifestPath);
    const published = [...publication.published, ...(await keptFilesNow(kept, request, ports))];
    return { status: 'done', ...publication, published };
  } finally {
    await parents.release();
    await release();
    await file.release();
    await ports.scratch.remove(scratch);
  }
}

type Taking = Pick<JobWork, 'tracking' | 'watch'> & { readonly deciding: Deciding };

/** Decides about a job. If results of the same bytes exist under another name, it takes them over and decides again. */
async function decideAndTake(
  request: JobRequest,
  ports: Ports,
  { deciding, tracking, watch }: Taking,
): Promise<{ readonly decision: Decision; readonly isTaken: boolean }> {
  const decision = await decideJob(request, ports, deciding);
  const { twin, before } = decision;
  if (!twin) return { decision, isTaken: false };
  const taken = await takeOver({ request, ports, tracking, watch, twin, before, beside: deciding.beside });
  const now = await decideJob(request, ports, { ...deciding, alone: true });
  return { decision: now, isTaken: taken !== undefined };
}

/** A source that is a published film itself is never encoded again in its place, whatever recipe and folder it came from. */
async function resultItself(sha256: string, request: JobRequest, ports: Ports): Promise<MadeJob | undefined> {
  const own = await publishedManifest(request, ports);
  const isOwn = own?.renditions.some((each) => each.sha256 === sha256 && each.quality.metric !== 'identical');
  const resultOf = isOwn
    ? { manifest: ports.outputs.locate(manifestKey(request)), recipe: request.recipe.id, madeFrom: [] }
    : await ports.inPlace.resultOf(sha256);
  return resultOf && { status: 'unchanged', manifest: manifestKey(request), resultOf, published: [] };
}

async function refuseChanged(
  { source }: JobRequest,
  { sources }: Ports,
  was: { readonly bytes: number; readonly modifiedMs: number },
): Promise<void> {
  const is = await sources.head(source);
  if (is?.bytes === was.bytes && is.modifiedMs === was.modifiedMs) return;
  throw new ServiceError('busy', `${source} changed while it was being read; the next run takes it as it is now`);
}

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

async function hashOf(
  { path, bytes }: { readonly path: string; readonly bytes: number },
  request: JobRequest,
  { reader }: Pick<Ports, 'reader'>,
  { signal, emit }: Tracking,
): Promise<string> {
  const nothing = { rendition: undefined, fps: undefined, speed: undefined, etaSeconds: undefined };
  const onProgress = (done: number) =>
    emit({ type: 'progress', job: request.id, phase: 'hash', done, total: bytes, unit: 'bytes', ...nothing });
  return reader.hash(path, { signal, onProgress });
}
