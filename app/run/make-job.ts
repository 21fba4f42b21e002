import type { Ports } from '../../core/ports/ports.ts';
import { candidates } from '../../core/recipes/renditions.ts';
import { resolveSettings } from '../../core/settings/settings.ts';
import { taskGroup } from '../../core/task-group.ts';
import { type Deciding, type Decision, decideJob } from '../decide/decide-job.ts';
import { type JobWork, scratchOf } from '../encode/work.ts';
import type { JobRequest } from '../job-request.ts';
import { replacedMeanwhile } from '../publish/replaced-meanwhile.ts';
import { takeOver } from '../publish/take-over.ts';
import { manifestKey, publishedManifest } from '../published-manifest.ts';
import { type JoinSource, mayNeedWhole, sourceForJoin } from '../share/source-for-join.ts';
import { headOfSource } from '../source/head-of-source.ts';
import { refuseKeeping } from '../source/keep-source.ts';
import { openParents } from '../source/parents.ts';
import { subtitlesBeside } from '../source/subtitles-beside.ts';
import { stopwatch } from '../stopwatch.ts';
import { toolsFor } from '../tools-for.ts';
import type { Tracking } from '../tracking.ts';
import { asItIs, type MadeJob, makeAnew } from './make-anew.ts';

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
    ? { path: parts.facts.path, version: '', release: async () => {} }
    : await ports.sources.fetch(request.source, tracking.signal);
  const { subtitles: beside, release } = await subtitlesBeside(request, ports, tracking.signal);
  const scratch = scratchOf(request);
  const parents = openParents(ports.outputs, tracking.signal);
  try {
    const film = { path: file.path, bytes: head.bytes, version: file.version };
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
    const found = { parts, head, film, sha256, deciding, decision };
    const job = { ...found, request, ports, tracking, watch, settings, tools, beside, parents };
    const made = await asItIs(decision, job);
    if (made) return isTaken ? { ...made, status: 'done' } : made;
    return await makeAnew(job);
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
