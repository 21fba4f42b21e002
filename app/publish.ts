import type { PublishedFile } from '../core/job/job.ts';
import type { Manifest, StreamFate } from '../core/manifest.ts';
import type { StreamPlan } from '../core/media/streams.ts';
import { costOf, FARGATE_SPOT } from '../core/plan/estimate.ts';
import { reportHtml } from '../core/report/report-html.ts';
import { manifestKey, publishedManifest } from './unchanged.ts';
import type { MadeRendition, Work } from './work.ts';

type Publication = { readonly manifest: string; readonly published: readonly PublishedFile[] };
type Sidecar = {
  readonly plan: StreamPlan;
  readonly file: string;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
};

/** Verified files go out under their names, the manifest last; what an earlier run left and this one did not make goes. */
export async function publish(
  renditions: readonly MadeRendition[],
  work: Work & { readonly recipeKey: string },
): Promise<Publication> {
  const { request, ports, tracking, watch } = work;
  const { outputs } = ports;
  const key = (path: string) => `${request.outputPrefix}/${path}`;
  const before = await publishedManifest(request, ports);
  const { sidecars, fates, problems } = await sidecarsOf(renditions, work);
  const published: PublishedFile[] = [];
  await watch.time('publish', async () => {
    await outputs.remove(manifestKey(request)); // from here until the new one, nothing here counts as done
    for (const { file, record } of renditions) {
      await outputs.put(key(record.path), file, { contentType: contentType(record.path), signal: tracking.signal });
      published.push(await stateOf(key(record.path), record, work));
      const told = { bytes: record.bytes, sourceBytes: work.source.bytes };
      tracking.emit({
        type: 'rendition.done',
        job: request.id,
        name: record.name,
        path: outputs.locate(key(record.path)),
        ...told,
      });
    }
    for (const sidecar of sidecars) {
      await outputs.put(key(sidecar.path), sidecar.file, {
        contentType: contentType(sidecar.path),
        signal: tracking.signal,
      });
      published.push(await stateOf(key(sidecar.path), sidecar, work));
    }
    const now = new Set(published.map((file) => file.key));
    for (const { path } of [...(before?.renditions ?? []), ...(before?.sidecars ?? [])]) {
      if (!now.has(key(path))) await outputs.remove(key(path));
    }
  });
  const manifest = manifestOf(renditions, { sidecars, fates, problems }, work);
  for (const warning of manifest.warnings) tracking.emit({ type: 'warning', job: request.id, message: warning });
  const series = Object.fromEntries(renditions.map(({ record, series }) => [record.name, series]));
  await outputs.write(key('report.html'), reportHtml(manifest, series), 'text/html; charset=utf-8');
  await outputs.write(manifestKey(request), `${JSON.stringify(manifest, undefined, 2)}\n`, 'application/json');
  return { manifest: manifestKey(request), published };
}

async function stateOf(
  key: string,
  { bytes, sha256 }: { bytes: number; sha256: string },
  { ports }: Work,
): Promise<PublishedFile> {
  const there = await ports.outputs.head(key);
  return { key, bytes, sha256, modifiedMs: there?.modifiedMs ?? 0 };
}

async function sidecarsOf(renditions: readonly MadeRendition[], { ports, source, folder, tracking, watch }: Work) {
  const plans = renditions[0]?.plans ?? [];
  const from = { path: source.path, probe: source.probe, stream: source.main.index };
  const written = await watch.time('join', () =>
    ports.media.writeSidecars({ source: from, plans, folder }, tracking.signal),
  );
  const sidecars: Sidecar[] = [];
  const problems = new Map<number, string>();
  for (const { index, path: file, problem } of written) {
    const plan = plans.find(({ stream }) => stream.index === index);
    if (problem !== undefined) problems.set(index, problem);
    if (!plan?.sidecar || file === undefined) continue;
    const info = await ports.media.fileInfo(file, tracking.signal);
    sidecars.push({ plan, file, path: plan.sidecar.name, ...info });
  }
  const fates = plans.map((plan) => fateOf(plan, problems.get(plan.stream.index)));
  return { sidecars, fates, problems };
}

function fateOf({ stream, fate, why, sidecar, codecArgs }: StreamPlan, problem: string | undefined): StreamFate {
  const about = { index: stream.index, type: stream.type, codec: stream.codec };
  if (problem === undefined) return { ...about, fate, why, ...(sidecar && { sidecar: sidecar.name }) };
  return {
    ...about,
    fate: codecArgs ? fate : 'dropped',
    why: `${why}; but its sidecar could not be written: ${problem}`,
  };
}

function manifestOf(
  renditions: readonly MadeRendition[],
  streams: { sidecars: readonly Sidecar[]; fates: StreamFate[]; problems: ReadonlyMap<number, string> },
  work: Work & { readonly recipeKey: string },
): Manifest {
  const { request, ports, source, watch } = work;
  const timings = watch.timings();
  const { usd, vcpuHours } = costOf((timings.encode + timings.verify) * ports.cores);
  const dropped = streams.fates.flatMap(({ fate, index, type, why }) =>
    fate === 'dropped' ? [`stream ${index} (${type}) is dropped: ${why}`] : [],
  );
  return {
    version: 1,
    job: request.id,
    recipe: request.recipe.id,
    settings: { ...request.settings },
    recipeKey: work.recipeKey,
    status: 'done',
    source: {
      path: request.source,
      bytes: source.bytes,
      sha256: source.sha256,
      durationSeconds: source.probe.durationSeconds ?? 0,
      streams: source.probe.streams.map(({ index, type, codec, tags, video, audio }) => ({
        index,
        type,
        codec,
        ...(tags.language !== undefined && { language: tags.language }),
        ...(video && { width: video.width, height: video.height, pixelFormat: video.pixelFormat }),
        ...(audio && { channels: audio.channels, sampleRate: audio.sampleRate }),
      })),
    },
    renditions: renditions.map(({ record }) => record),
    sidecars: streams.sidecars.map(({ plan, path, bytes, sha256 }) => ({
      path,
      bytes,
      sha256,
      stream: plan.stream.index,
    })),
    streams: streams.fates,
    warnings: [...new Set([...renditions.flatMap(({ warnings }) => warnings), ...dropped])],
    cost: { estimatedUsd: usd, vcpuHours, basis: `this machine's time, as if on ${FARGATE_SPOT.basis}` },
    timings,
    madeAt: new Date(ports.clock.now()).toISOString(),
  };
}

const TYPES: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  mkv: 'video/x-matroska',
  webm: 'video/webm',
};

const contentType = (path: string) =>
  TYPES[path.slice(path.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream';
