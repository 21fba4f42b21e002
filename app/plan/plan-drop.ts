import type { CodecName } from '../../core/codecs/index.ts';
import type { RenditionSpec } from '../../core/codecs/rendition-spec.ts';
import { mayBeJoinedIn } from '../../core/dispatch/peak-disk.ts';
import { refuseWithoutBase } from '../../core/encode/plan-notes.ts';
import { whySkipped } from '../../core/encode/skip-rule.ts';
import { whatIsLost } from '../../core/encode/what-is-lost.ts';
import { type Estimate, estimateEncode } from '../../core/plan/estimate.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { ToolsByCodec } from '../../core/recipes/recipe-key.ts';
import { candidates, renditionsFor } from '../../core/recipes/renditions.ts';
import {
  foreseenVerdicts,
  type NodeAction,
  type NodeVerdict,
  type PublishedState,
  parentsFirst,
} from '../../core/renditions/graph.ts';
import type { DeferredRendition } from '../../core/renditions/on-demand.ts';
import { resolveSettings, type Settings } from '../../core/settings/settings.ts';
import type { StreamPlan, ToldFate } from '../../core/streams/stream-plan.ts';
import { chosenRenditions, type Decision, decideJob } from '../decide/decide-job.ts';
import { libraryOf, THUMBNAILS, thumbnailsNode } from '../decide/library-of.ts';
import { madeByOthers } from '../decide/why-remade.ts';
import { draftOf } from '../encode/draft.ts';
import { asMade } from '../encode/picture-after.ts';
import { piecesThere } from '../encode/pieces-there.ts';
import type { JobRequest } from '../job-request.ts';
import { asFilm, asItWas } from '../source/as-film.ts';
import { foreseenBeforeTelecine } from '../source/before-telecine.ts';
import { lacksSource } from '../source/keep-source.ts';
import { readSource, type SourceFacts } from '../source/read-source.ts';
import { streamedSource, withOwnFile } from '../source/streamed-source.ts';
import { subtitlesBeside } from '../source/subtitles-beside.ts';
import { stopwatch } from '../stopwatch.ts';
import { toolsFor } from '../tools-for.ts';
import { foreseenFiles } from './foreseen-files.ts';

export type PlannedRendition = {
  readonly name: string;
  readonly parent: string;
  /** keep, adopt, take: nothing is encoded. wait: the rendition is deferred until it is requested. */
  readonly action: NodeAction | 'take' | 'wait';
  readonly why: string;
  readonly codec: CodecName;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly segments: number;
  /** The number of pieces that are cached already. */
  readonly reused: number;
  /** The estimate for making the rendition, also if it is not made now. */
  readonly estimate: Estimate;
};

/** The source that a plan is for. */
export type PlannedSource = {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly seconds: number;
  /** 0 if only figures were given, and no file. */
  readonly bytes: number;
  /** The bytes of the files that are made of the source before anything else; none if absent. */
  readonly copiedBytes?: number;
  readonly mayBeJoined?: true;
};

export type PlannedDrop = {
  readonly source: PlannedSource;
  /** The renditions, parents first. */
  readonly renditions: readonly PlannedRendition[];
  /** Present for recipes with thumbnails. */
  readonly thumbnails?: NodeVerdict;
  readonly streams: readonly {
    readonly index: number;
    readonly type: string;
    readonly codec: string;
    readonly fate: string;
    readonly why: string;
  }[];
  readonly warnings: readonly string[];
  /** What the copy of the source takes beside the results, if the settings ask for one that is not there yet. */
  readonly keptBytes?: number;
};

/** Returns what `runJob` would do with a drop. Throws what `readSource` throws. */
export async function planDrop(request: JobRequest, ports: Ports, signal: AbortSignal): Promise<PlannedDrop> {
  const settings = resolveSettings(request.recipe, request.settings);
  const file = await ports.sources.fetch(request.source, signal);
  const beside = await subtitlesBeside(request, ports, signal);
  const scratch = `plans/${request.id}/${ports.clock.newId()}`;
  try {
    const tracking = { signal, emit: () => {}, record: async () => {}, watch: stopwatch(ports.clock), settings };
    const bytes = (await ports.sources.head(request.source))?.bytes ?? 0;
    const folder = await ports.scratch.open(scratch);
    const film = await asFilm({ path: file.path, bytes, sha256: '' }, folder, { request, ports, ...tracking });
    const read = asItWas(await readSource(film.file, request, ports, { ...tracking, folder }), film, file.path);
    const source = { ...foreseenBeforeTelecine(read, request, settings), beside: beside.subtitles };
    const tools = await toolsFor(candidates(request.recipe, settings), ports, { settings, signal });
    const specs = renditionsFor(request.recipe, settings, source.main.video);
    const sha256 = () => ports.reader.hash(file.path, { signal, onProgress: () => {} });
    const deciding = { settings, tools, beside: beside.subtitles, sha256, signal };
    const decision = await decideJob(request, ports, deciding);
    const picture = async () => source.main.video;
    const present = { sha256: decision.sha256 ?? '', settings };
    const isToKeep = await lacksSource(decision.before?.manifest ?? {}, request, ports, present);
    const { made, deferred } = await chosenRenditions(decision, request, ports, { settings, picture });
    const library = libraryOf(decision, request);
    const { planned: renditions, losses } = await plannedAll(
      specs,
      { source, settings, tools, deferred, library, decision },
      ports,
    );
    const [top] = specs;
    const last = made.at(-1);
    const all = foreseenVerdicts(last && request.recipe.streams ? [...made, thumbnailsNode(last)] : made, library);
    const thumbnails = all.find(({ name }) => name === THUMBNAILS);
    const plans = top ? draftOf(top, { source, tools }, settings).plans : [];
    const { recipe } = request;
    const inFiles = recipe.streams ? foreseenFiles(streamedSource(source, recipe, settings)) : undefined;
    return {
      source: plannedSource({ ...source, cut: read.cut }),
      renditions,
      ...(thumbnails && { thumbnails }),
      streams: plans.map((plan) => toldOf(plan, inFiles?.get(plan.stream.index))),
      warnings: [...new Set([...source.warnings, ...losses])],
      ...(isToKeep && { keptBytes: bytes }),
    };
  } finally {
    await beside.release();
    await file.release();
    await ports.scratch.remove(scratch);
  }
}

function toldOf(plan: StreamPlan, inFile: ToldFate | undefined): PlannedDrop['streams'][number] {
  const { index, type, codec } = plan.stream;
  const { fate = plan.fate, why = plan.why } = withOwnFile({ fate: plan.fate, why: plan.why }, inFile);
  return { index, type, codec, fate, why };
}

function plannedSource({ main: { video }, cut, probe, bytes, copies = 0 }: SourceFacts): PlannedSource {
  const { width, height } = video;
  const frames = cut.times.length;
  const seconds = probe.durationSeconds ?? 0;
  const fps = seconds > 0 ? frames / seconds : 0;
  const mayBeJoined = mayBeJoinedIn(probe.format) ? ({ mayBeJoined: true } as const) : {};
  return { width, height, fps, seconds, bytes, copiedBytes: copies * bytes, ...mayBeJoined };
}

type Planning = {
  readonly decision: Decision;
  readonly library: PublishedState;
  readonly source: SourceFacts;
  readonly settings: Partial<Settings>;
  readonly tools: ToolsByCodec;
  readonly deferred: readonly DeferredRendition[];
};

async function plannedAll(
  specs: readonly RenditionSpec[],
  planning: Planning,
  { cache, cores }: Ports,
): Promise<{ readonly planned: readonly PlannedRendition[]; readonly losses: readonly string[] }> {
  const { source, settings, tools, library } = planning;
  const foreseen = foreseenVerdicts(specs, library);
  const pictures = new Map([['source', source]]);
  const planned: PlannedRendition[] = [];
  const losses: string[] = [];
  for (const node of parentsFirst(specs)) {
    const { parent: from = node.parent } = foreseen.find(({ name }) => name === node.name) ?? {};
    const rendition = { ...node, parent: from };
    const parent = pictures.get(rendition.parent) ?? source;
    const draft = draftOf(rendition, { source: parent, tools }, settings);
    const { spec, segments, notes } = draft;
    const { main, bytes, cut } = parent;
    const skipped = whySkipped({ settings, spec, main, bytes, frames: cut.times.length });
    if (skipped === undefined && rendition.parent === 'source') refuseWithoutBase(main);
    losses.push(...(skipped === undefined || rendition.parent !== 'source' ? whatIsLost(draft) : [skipped]));
    pictures.set(rendition.name, asMade(draft, parent));
    const there = rendition.parent === 'source' ? await piecesThere(segments, cache) : [];
    const pending = segments.filter((_, i) => !there[i]);
    const frames = draft.source.cut.times.length;
    const left = pending.reduce((sum, { start, end }) => sum + end - start, 0);
    const { action, why } = actionFor(rendition.name, foreseen, planning);
    planned.push({
      ...{ name: rendition.name, parent: rendition.parent, action, why, codec: spec.codec, ...spec.size, frames },
      segments: segments.length,
      reused: segments.length - pending.length,
      estimate: estimateEncode(spec, { frames, left: action === 'make' ? left : frames, cores, notes }),
    });
  }
  return { planned, losses };
}

function actionFor(
  name: string,
  foreseen: readonly NodeVerdict[],
  { deferred, settings, tools, decision: { twin, before, wanted } }: Planning,
): Pick<PlannedRendition, 'action' | 'why'> {
  if (twin) {
    const { path } = twin.manifest.source;
    return { action: 'take', why: `what was made of ${path}, which has the same bytes, is taken over` };
  }
  const waits = deferred.find((each) => each.name === name);
  const { action, why } = foreseen.find((each) => each.name === name) ?? { action: 'make', why: '' };
  const made = action === 'keep' && before ? madeByOthers(before.manifest, wanted, tools).get(name) : undefined;
  if (!waits) return { action, why: made === undefined ? why : `${why}; ${made}, with --remake` };
  return { action: 'wait', why: `its priority is ${waits.priority}, below ${settings.onDemandBelow}` };
}
