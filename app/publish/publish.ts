import { mayBeJoinedIn } from '../../core/dispatch/peak-disk.ts';
import { fileRecord } from '../../core/file-record.ts';
import type { PublishedFile } from '../../core/job/job.ts';
import { filesOf, type Manifest, type StreamFate } from '../../core/job/manifest.ts';
import { keyAt } from '../../core/job/result-place.ts';
import { runBill } from '../../core/plan/run-bill.ts';
import type { Publishing } from '../../core/ports/source-keeper.ts';
import type { DeferredRendition } from '../../core/renditions/on-demand.ts';
import { isOfPlayersAlone } from '../../core/streams/unusable-streams.ts';
import type { Before } from '../decide/decide-job.ts';
import type { JobWork } from '../encode/work.ts';
import type { ExtraFile } from '../make/extra-file.ts';
import type { Outcome } from '../make/make-all.ts';
import type { Extras } from '../make/make-extras.ts';
import { outdatedChoices, outdatedTold } from '../make/other-choices.ts';
import { publishedState } from '../published-files.ts';
import { manifestKey } from '../published-manifest.ts';
import { withOwnFile } from '../source/streamed-source.ts';
import { keepChanged } from './keep-changed.ts';
import { publishBeside } from './publish-beside.ts';
import { type PublishedStreams, streamsOf } from './publish-streams.ts';
import { refuseOthersFiles } from './refuse-others-files.ts';
import { isInPlace, publishInPlace } from './replace-source.ts';
import { typeOfFile } from './type-of-file.ts';
import { writeReport } from './write-report.ts';

type Publication = { readonly manifest: string; readonly published: readonly PublishedFile[] };

/** The files besides renditions and their streams, and the manifest's facts about the whole. */
export type Edition = {
  readonly extras: Extras;
  readonly deferred: readonly DeferredRendition[];
  readonly recipeKey: string;
  readonly keptSources: Manifest['keptSources'];
  readonly madeFrom: readonly string[] | undefined;
  readonly source: { readonly bytes: number; readonly sha256: string; readonly modifiedMs: number };
};

/**
 * Publishes verified files, the manifest last, and removes files of an earlier run that the new manifest does not name.
 */
export async function publish(outcomes: readonly Outcome[], work: JobWork, edition: Edition): Promise<Publication> {
  const { request, ports, tracking, watch, before } = work;
  const { outputs } = ports;
  const key = (path: string) => keyAt(request, path);
  const own = await streamsOf(outcomes, work);
  const told = own.fates.map((fate) => ({ ...fate, ...withOwnFile(fate, edition.extras.fates.get(fate.index)) }));
  const beside = await publishBeside(outcomes, { streams: told.length, told: edition.extras.fates }, work);
  const streams = { ...own, sidecars: [...own.sidecars, ...beside.sidecars], fates: [...told, ...beside.fates] };
  const outdated = outdatedChoices(before, edition.source.sha256);
  const published: PublishedFile[] = [];
  const { modifiedMs } = edition.source;
  const put = async ({ path, file, content, ...is }: ExtraFile) => {
    const type = typeOfFile(path);
    const { crc64nvme } = is;
    const options = { contentType: type, signal: tracking.signal, crc64nvme, ...(request.films && { modifiedMs }) };
    if (file !== undefined) await outputs.put(key(path), file, options);
    if (content !== undefined) await outputs.write(key(path), content, type);
    published.push(await publishedState(key(path), is, outputs));
  };
  const copySource = (path: string, sums: Publishing['sums']) => {
    const copying = { source: request.source, key: key(path), sums, contentType: typeOfFile(path) };
    return ports.keeper.publish({ ...copying, ...(request.films && { modifiedMs }) }, tracking.signal);
  };
  await watch.time('publish', async () => {
    const renditions = outcomes.flatMap((each) =>
      each.kind === 'made' && !isInPlace(each, work) ? [each.record] : [],
    );
    await refuseOthersFiles([...renditions, ...streams.sidecars], work);
    await keepChanged(work);
    await outputs.remove(manifestKey(request)); // without a manifest nothing here counts as done
    for (const outcome of outcomes) {
      const { path, name, bytes } = outcome.record;
      if (isInPlace(outcome, work)) continue;
      const made = outcome.kind === 'made' ? outcome.made : undefined;
      if (made?.ofSource) await copySource(path, made.ofSource);
      await put({ ...fileRecord(outcome.record), file: made?.ofSource ? undefined : made?.file });
      if (!made) continue;
      const told = { name, path: outputs.locate(key(path)), bytes, sourceBytes: edition.source.bytes };
      tracking.emit({ type: 'rendition.done', job: request.id, ...told });
    }
    for (const sidecar of streams.sidecars) await put(sidecar);
    for (const extra of edition.extras.extras) await put(extra);
    const now = new Set(published.map((file) => file.key));
    for (const { path } of before ? [...filesOf(before.manifest), ...before.replaced, ...outdated] : []) {
      const isOurs = !request.replaces || key(path).startsWith(`${request.outputPrefix}/`);
      if (isOurs && !now.has(key(path))) await outputs.remove(key(path));
    }
  });
  const machine = await ports.usage();
  const manifest: Manifest = { ...manifestOf(outcomes, streams, work, edition), ...(machine && { machine }) };
  for (const warning of manifest.warnings) tracking.emit({ type: 'warning', job: request.id, message: warning });
  const made = outcomes.flatMap((outcome) => (outcome.kind === 'made' ? [outcome.made] : []));
  const series = Object.fromEntries(made.map(({ record, series }) => [record.name, series]));
  const pictures = Object.fromEntries(made.map(({ record, pictures: taken }) => [record.name, taken]));
  await writeReport(manifest, { series, pictures, crop: work.parents.known('source')?.proposal }, request, outputs);
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
  const inPlace = await watch.time('publish', () =>
    publishInPlace(outcomes, work, { source: edition.source, manifest: text }),
  );
  await outputs.write(manifestKey(request), text, 'application/json');
  return { manifest: manifestKey(request), published: [...published, ...inPlace] };
}

/** The marks of a sidecar are those of its stream. */
function marksOf(fates: readonly StreamFate[], stream: number): Pick<StreamFate, 'marks'> {
  const { marks } = fates.find(({ index }) => index === stream) ?? {};
  return marks ? { marks } : {};
}

function manifestOf(
  outcomes: readonly Outcome[],
  { sidecars, fates, warnings }: PublishedStreams,
  work: JobWork,
  { extras, deferred, recipeKey, keptSources, madeFrom = [], source }: Edition,
): Manifest {
  const { request, ports, watch, before } = work;
  const { thumbnails, playlists, playlistChecks, comparison, sounds, subtitles } = extras;
  const timings = watch.timings();
  const probe = work.parents.known('source')?.probe;
  const made = outcomes.flatMap(({ kind, record }) => (kind === 'made' ? [record] : []));
  const bill = runBill({
    ...{ cores: ports.cores, sharing: ports.sharing },
    seconds: timings.total,
    sourceBytes: source.bytes,
    ...(probe && mayBeJoinedIn(probe.format) && { mayBeJoined: true }),
    resultBytes: made.reduce((sum, { bytes }) => sum + bytes, 0),
    pieces: made.reduce((sum, { segments }) => sum + segments.encoded, 0),
  });
  return {
    version: 2,
    job: request.id,
    recipe: request.recipe.id,
    settings: { ...request.settings },
    recipeKey,
    status: 'done',
    source: sourceRecord(work, source),
    ...(request.places && { sourceFolder: request.places.sources }),
    ...(keptSources && { keptSources }),
    ...(madeFrom.length > 0 && { madeFrom: [...madeFrom] }),
    renditions: outcomes.map(({ record }) => record),
    ...(deferred.length > 0 && { deferred: [...deferred] }),
    sidecars: sidecars.map(({ stream, language, ...file }) => ({
      ...{ ...fileRecord(file), stream, ...marksOf(fates, stream) },
      ...(language !== undefined && { language }),
    })),
    ...(thumbnails && { thumbnails }),
    ...(playlists && { playlists: [...playlists] }),
    ...(playlistChecks && { playlistChecks: [...playlistChecks] }),
    ...(sounds && { sounds: [...sounds] }),
    ...(subtitles && { subtitles: [...subtitles] }),
    ...(comparison && { comparison: [...comparison] }),
    streams: [...fates],
    warnings: [
      ...warningsOf(outcomes, fates, before),
      ...warnings,
      ...outdatedChoices(before, source.sha256).map((record) => outdatedTold(record, request)),
    ],
    cost: { estimatedUsd: bill.usd, vcpuHours: bill.vcpuHours, basis: bill.basis, lines: [...bill.lines] },
    timings,
    madeAt: new Date(ports.clock.now()).toISOString(),
  };
}

/** Returns the warnings, with those of the last manifest about renditions that stay. */
function warningsOf(outcomes: readonly Outcome[], fates: readonly StreamFate[], before: Before | undefined): string[] {
  const made = outcomes.flatMap((outcome) => (outcome.kind === 'made' ? outcome.made.warnings : []));
  const kept = outcomes.some(({ kind }) => kind === 'kept') ? (before?.manifest.warnings ?? []) : [];
  const plans = outcomes.flatMap((outcome) => (outcome.kind === 'made' ? outcome.made.plans : []));
  const quiet = new Set(plans.filter(({ stream }) => isOfPlayersAlone(stream)).map(({ stream }) => stream.index));
  const dropped = fates.flatMap(({ fate, index, type, why }) =>
    fate === 'dropped' && !quiet.has(index) ? [`stream ${index} (${type}) is dropped: ${why}`] : [],
  );
  return [...new Set([...kept, ...made, ...dropped])];
}

function sourceRecord(
  { request, parents, before, beside }: JobWork,
  { bytes, sha256 }: Edition['source'],
): Manifest['source'] {
  const probe = parents.known('source')?.probe;
  const taken = beside.map((each) => ({ path: each.source, bytes: each.bytes, sha256: each.sha256 }));
  const there = { path: request.source, bytes, sha256, beside: taken.length > 0 ? taken : undefined };
  if (!probe) return { durationSeconds: 0, streams: [], ...before?.manifest.source, ...there };
  return {
    ...there,
    durationSeconds: probe.durationSeconds ?? 0,
    streams: probe.streams.map(({ index, type, codec, tags, video, audio }) => ({
      index,
      type,
      codec,
      ...(tags.language !== undefined && { language: tags.language }),
      ...(video && { width: video.width, height: video.height, pixelFormat: video.pixelFormat }),
      ...(audio && { channels: audio.channels, sampleRate: audio.sampleRate }),
    })),
  };
}
