import { ServiceError } from '../../core/errors.ts';
import { subtitlesOf } from '../../core/job/companions.ts';
import type { PublishedFile } from '../../core/job/job.ts';
import { filesOf, type KeptSource, type Manifest } from '../../core/job/manifest.ts';
import { movedPaths, withPaths } from '../../core/job/moved-paths.ts';
import { keyAt, type ResultPlace } from '../../core/job/result-place.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SubtitleBeside } from '../../core/streams/subtitle-beside.ts';
import type { Before } from '../decide/decide-job.ts';
import type { Twin } from '../decide/made-index.ts';
import type { JobRequest } from '../job-request.ts';
import { hashOfOutput } from '../published-files.ts';
import { manifestKey } from '../published-manifest.ts';
import type { Stopwatch } from '../stopwatch.ts';
import type { Tracking } from '../tracking.ts';
import { othersFiles, refuseOthersFiles } from './refuse-others-files.ts';
import { REPORT, REPORT_POSTER, writeReport } from './write-report.ts';

type TakingOver = {
  readonly request: JobRequest;
  readonly ports: Ports;
  readonly tracking: Tracking;
  readonly watch: Stopwatch;
  readonly twin: Twin;
  readonly before: Before | undefined;
  readonly beside: readonly SubtitleBeside[];
};

/**
 * Takes over results of the same bytes under another name: they are moved if that source is gone, and copied if it is a
 * duplicate. Nothing is encoded, and every file is hashed before the new manifest is written. Undefined if the results
 * differ from their manifest; earlier results here are then removed too.
 */
export async function takeOver(taking: TakingOver): Promise<Before | undefined> {
  const { request, ports, twin, watch } = taking;
  const files = await watch.time('publish', () => bringHere(twin, taking));
  if (!files) return undefined;
  const manifest = await manifestOf(twin, taking);
  await watch.time('publish', async () => {
    const now = new Set([...files.values()].map(({ key }) => key));
    for (const { path } of taking.before ? filesOf(taking.before.manifest) : []) {
      const key = keyAt(request, path);
      if (!now.has(key)) await ports.outputs.remove(key);
    }
    await writeReport(manifest, { series: {}, pictures: {} }, request, ports.outputs);
    await attempt(ports.outputs.copy(keyAt(twin, REPORT_POSTER), keyAt(request, REPORT_POSTER)));
    await ports.outputs.write(manifestKey(request), `${JSON.stringify(manifest, undefined, 2)}\n`, 'application/json');
    if (!twin.isThere) await clearAway(twin, now, ports);
  });
  tell(twin, manifest, taking);
  return { manifest, files, sameRecipe: true, others: [], replaced: [] };
}

type Files = ReadonlyMap<string, PublishedFile>;

/**
 * Brings the files here; undefined if one differs from its manifest or disappears meanwhile, and then none of them stays.
 */
async function bringHere(twin: Twin, taking: TakingOver): Promise<Files | undefined> {
  const { request, ports, tracking, before } = taking;
  const { outputs } = ports;
  const files = new Map<string, PublishedFile>();
  const paths = movedPaths(twin.manifest, twin, request);
  const here = withPaths(twin.manifest, paths);
  const refusing = { request, ports, before, tracking };
  if ((await othersFiles(here.sidecars, refusing)).length > 0) return undefined; // making it anew finds another place
  await refuseOthersFiles(filesOf(here), refusing);
  await outputs.remove(manifestKey(request)); // without a manifest nothing here counts as done
  for (const { path: was, bytes, sha256 } of filesOf(twin.manifest)) {
    tracking.signal.throwIfAborted();
    const path = paths.get(was) ?? was;
    const [from, key] = [keyAt(twin, was), keyAt(request, path)];
    const isHere = await attempt(twin.isThere ? outputs.copy(from, key) : outputs.link(from, key));
    const is = isHere ? await hashOfOutput(key, ports, tracking.signal) : undefined;
    files.set(path, { key, bytes, sha256, modifiedMs: (await outputs.head(key))?.modifiedMs ?? 0 });
    if (is === sha256) continue;
    for (const each of files.values()) await outputs.remove(each.key);
    return undefined;
  }
  return files;
}

async function attempt(work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'no-input') return false;
    throw error;
  }
}

async function manifestOf(twin: Twin, taking: TakingOver): Promise<Manifest> {
  const { manifest: was, isThere } = twin;
  const { request, ports, watch } = taking;
  const machine = await ports.usage();
  const from = was.source.path;
  const manifest = withPaths(was, movedPaths(was, twin, request));
  const { taken: before, machine: _, keptSources = [], ...rest } = manifest;
  const moved = isThere ? [] : keptSources.map(keptFrom(twin, request));
  const kept = [...(taking.before?.manifest.keptSources ?? []), ...moved];
  const warnings = manifest.warnings.filter((warning) => !before || warning !== duplicate(before.from));
  return {
    ...rest,
    job: request.id,
    settings: { ...request.settings },
    source: { ...manifest.source, path: request.source, ...besideNow(manifest, taking) },
    ...(request.places && { sourceFolder: request.places.sources }),
    ...(kept.length > 0 && { keptSources: kept }),
    renditions: manifest.renditions.map((each) => ({
      ...each,
      segments: { ...each.segments, encoded: 0, reused: each.segments.total },
    })),
    streams: manifest.streams.map((each) =>
      each.beside === undefined ? each : { ...each, beside: renamed(each.beside, manifest, taking) },
    ),
    taken: { how: isThere ? 'copied' : 'moved', from, job: manifest.job },
    warnings: isThere ? [...warnings, duplicate(from)] : warnings,
    cost: { ...manifest.cost, estimatedUsd: 0, vcpuHours: 0, lines: [] },
    timings: watch.timings(),
    madeAt: new Date(ports.clock.now()).toISOString(),
    ...(machine && { machine }),
  };
}

/** A kept source stays where it is when its film moves, since an archived object cannot be copied. */
const keptFrom =
  (from: ResultPlace, to: ResultPlace) =>
  (kept: KeptSource): KeptSource => ({
    ...kept,
    path: `${'../'.repeat(to.outputPrefix.split('/').length)}${keyAt(from, kept.path)}`,
  });

const duplicate = (of: string) => `it has the same bytes as ${of}: what was made of these is copied`;

/** Returns the moved subtitles under their present names. Others keep their names, and therefore count as gone. */
function besideNow(manifest: Manifest, taking: TakingOver): Pick<Manifest['source'], 'beside'> {
  const { beside } = manifest.source;
  return beside ? { beside: beside.map((each) => ({ ...each, path: renamed(each.path, manifest, taking) })) } : {};
}

function renamed(path: string, { source }: Manifest, { beside }: TakingOver): string {
  const sha256 = source.beside?.find((each) => each.path === path)?.sha256;
  const suffix = subtitlesOf(source.path, [path])[0]?.subtitle.suffix;
  return beside.find((each) => each.sha256 === sha256 && each.suffix === suffix)?.source ?? path;
}

/** Removes the earlier results, the manifest first, because without it nothing there counts as done. */
async function clearAway(twin: Twin, now: ReadonlySet<string>, { outputs, made }: Ports): Promise<void> {
  await outputs.remove(manifestKey(twin));
  for (const name of [REPORT, REPORT_POSTER]) await outputs.remove(keyAt(twin, name));
  for (const key of filesOf(twin.manifest).map(({ path }) => keyAt(twin, path)))
    if (!now.has(key)) await outputs.remove(key);
  await made.remove(twin.entry);
}

function tell({ isThere, manifest: was }: Twin, manifest: Manifest, { request, ports, tracking }: TakingOver): void {
  const { id: job } = request;
  const how = isThere ? 'copied' : 'moved';
  tracking.emit({ type: 'job.taken', job, how, from: was.source.path, source: request.source });
  for (const { name, path, bytes } of manifest.renditions) {
    const at = ports.outputs.locate(keyAt(request, path));
    tracking.emit({ type: 'rendition.done', job, name, path: at, bytes, sourceBytes: manifest.source.bytes });
  }
  for (const message of manifest.warnings) tracking.emit({ type: 'warning', job, message });
}
