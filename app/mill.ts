import { mezzanineByCard } from '../core/codecs/diet.ts';
import type { RenditionSpec } from '../core/codecs/rendition-spec.ts';
import { refuseSmallRenditions } from '../core/encode/smallest-picture.ts';
import { ServiceError } from '../core/errors.ts';
import type { VideoFacts } from '../core/film/probe.ts';
import type { PublishedFile } from '../core/job/job.ts';
import type { Content } from '../core/job/made.ts';
import type { Manifest } from '../core/job/manifest.ts';
import type { Ports } from '../core/ports/ports.ts';
import type { Recipe } from '../core/recipes/recipe.ts';
import { type RecipeKeys, recipeKeys, type ToolsByCodec } from '../core/recipes/recipe-key.ts';
import { candidates, hung, renditionsFor } from '../core/recipes/renditions.ts';
import { resolveSettings, type Settings } from '../core/settings/settings.ts';
import { refuseMissingOcr } from '../core/subtitles/ocr.ts';
import { taskGroup } from '../core/task-group.ts';
import { type Chosen, chooseRenditions } from './choose-renditions.ts';
import { headOfSource } from './head-of-source.ts';
import type { JobRequest } from './job-request.ts';
import { noteMade } from './made-index.ts';
import { type Before, type Making, makeAll } from './make-all.ts';
import { makeExtras } from './make-extras.ts';
import { openParents, type Parents } from './parents.ts';
import { publish } from './publish.ts';
import { allAsPublished, filesNow } from './published-files.ts';
import { manifestKey, publishedManifest } from './published-manifest.ts';
import { readWanted } from './read-wanted.ts';
import { stopwatch } from './stopwatch.ts';
import { subtitlesBeside, wasMadeWith } from './subtitles-beside.ts';
import { type Taken, takeOver } from './take-over.ts';
import type { Tracking } from './tracking.ts';
import { anyRemade } from './why-remade.ts';
import { scratchOf } from './work.ts';

export type Milled = {
  readonly status: 'done' | 'unchanged';
  readonly manifest: string;
  readonly published: readonly PublishedFile[];
};

/** probe -> plan -> segments -> join -> verify -> publish, for one source under one recipe. Throws ServiceError. */
export async function mill(request: JobRequest, ports: Ports, tracking: Tracking): Promise<Milled> {
  const watch = stopwatch(ports.clock);
  const settings = resolveSettings(request.recipe, request.settings);
  const wanted = candidates(request.recipe, settings);
  const head = await headOfSource(request, ports, tracking.signal);
  const file = await ports.sources.fetch(request.source, tracking.signal);
  const { subtitles: beside, release } = await subtitlesBeside(request, ports, tracking.signal);
  const scratch = scratchOf(request);
  const parents = openParents(ports.outputs, tracking.signal);
  try {
    const { path } = file;
    const { bytes } = head;
    const group = taskGroup(tracking.signal);
    const [tools, sha256] = await group.all([
      group.run((signal) => toolsFor(wanted, ports, { settings, signal })), // which has to start them, to be told their versions
      group.run((signal) => watch.time('hash', () => hashOf({ path, bytes }, request, ports, { ...tracking, signal }))),
    ]);
    const keys = recipeKeys(request.recipe, wanted, settings, tools);
    const content = { sha256, recipeKey: keys[0] };
    const found = await whatIsThere(request, ports, keys, tracking.signal);
    const isOwn = found?.sameRecipe === true && found.manifest.source.sha256 === sha256;
    const taken: Taken =
      isOwn || request.remake
        ? { kind: 'none' }
        : await takeOver({ ...{ request, ports, tracking, watch, content, beside }, before: found });
    const isTaken = taken.kind === 'taken';
    const before = taken.kind === 'taken' ? taken.now : taken.kind === 'none' ? found : undefined;
    const sameSource = before?.sameRecipe === true && before.manifest.source.sha256 === sha256;
    const due = before && sameSource ? await dueNow(before.manifest, request, ports, settings) : [];
    const besideChanged = before !== undefined && !wasMadeWith(before.manifest, beside);
    const remake = before && (besideChanged || anyRemade(before.manifest, wanted, { request, tools, besideChanged }));
    if (before && sameSource && due.length === 0 && !remake && allAsPublished(before.manifest, before.files))
      return await noted(request, content, ports, {
        ...{ status: isTaken ? 'done' : 'unchanged', manifest: manifestKey(request) },
        published: [...before.files.values()],
      });

    await ports.scratch.remove(scratch); // what a killed run left there, and perhaps still writes
    const folder = await ports.scratch.open(scratch);
    parents.add('source', sha256, async () => {
      const context = { ...tracking, watch, settings };
      return { ...(await readWanted({ path, bytes, sha256 }, folder, { request, ports, context })), beside };
    });
    const making: Making = {
      request,
      ports,
      tracking,
      watch,
      settings,
      tools,
      folder,
      parents,
      before,
      beside,
      besideChanged,
      isBehind: () => false,
    };
    const chosen: Chosen =
      before && sameSource && due.length === 0
        ? {
            made: asMadeBefore(wanted, request.recipe, settings, before.manifest),
            deferred: before.manifest.deferred ?? [],
          }
        : await chooseRenditions(makeable(request.recipe, settings, await pictureOf(parents)), request, ports, {
            settings,
            there: before && sameSource ? before.manifest.renditions.map(({ name }) => name) : [],
          });
    const outcomes = await makeAll(chosen.made, making);
    const extras = await makeExtras(outcomes, making);
    await refuseChanged(request, ports, head);
    await refuseOvertaken(request, ports, before?.manifest);
    const edition = { ...making, ...extras, deferred: chosen.deferred, recipeKey: keys[0], source: { bytes, sha256 } };
    return await noted(request, content, ports, { status: 'done', ...(await publish(outcomes, edition)) });
  } finally {
    await parents.release();
    await release();
    await file.release();
    await ports.scratch.remove(scratch);
  }
}

async function noted(request: JobRequest, content: Content, ports: Ports, milled: Milled): Promise<Milled> {
  await noteMade(request, content, ports);
  return milled;
}

/** Of what an earlier run left, what is wanted by now. */
async function dueNow(
  { deferred = [] }: Manifest,
  request: JobRequest,
  ports: Ports,
  settings: Partial<Settings>,
): Promise<readonly string[]> {
  const { made } = await chooseRenditions(deferred, request, ports, { settings, there: [] });
  return made.map(({ name }) => name);
}

/** The tools of every codec among these renditions, and what reads subtitles if the settings want them read. Throws `missing-tool`. */
export async function toolsFor(
  renditions: readonly RenditionSpec[],
  { media }: Pick<Ports, 'media'>,
  { settings, signal }: { readonly settings: Partial<Settings>; readonly signal: AbortSignal },
): Promise<ToolsByCodec> {
  const codecs = [...new Set(renditions.map(({ codec }) => codec))];
  const network = renditions.some(({ enlarge }) => enlarge) ? await enlargingTools(media, settings, signal) : {};
  const versions = await Promise.all(
    codecs.map(async (codec) => [codec, { ...(await media.tools(codec, signal)), ...network }] as const),
  );
  return new Map([...versions, ...(await ocrTools(media, settings, signal))]);
}

/** What runs the network and, where a card makes the mezzanine, that card. */
async function enlargingTools(
  media: Ports['media'],
  settings: Partial<Settings>,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const { device } = mezzanineByCard(settings) ? await media.tools('hevc-nvenc-intra', signal) : {};
  return { ...media.networkTools(), ...(device !== undefined && { mezzanine: device }) };
}

/** Subtitles are read again by another tesseract, or by the first there is; the pieces of the picture stay. */
async function ocrTools({ ocrTool }: Ports['media'], settings: Partial<Settings>, signal: AbortSignal) {
  const { ocr = 'none' } = settings;
  if (ocr === 'none') return [];
  const tool = await ocrTool(signal);
  refuseMissingOcr(settings, tool);
  return tool ? [['ocr', { tesseract: tool.version, languages: tool.languages.join() }] as const] : [];
}

export async function whatIsThere(
  request: JobRequest,
  ports: Ports,
  keys: RecipeKeys,
  signal: AbortSignal,
): Promise<Before | undefined> {
  const manifest = await publishedManifest(request, ports);
  if (!manifest) return undefined;
  const files = await filesNow(manifest, request, ports, signal);
  // sidecars come with the rendition made from the source: to have one again, all is made again (of pieces there already)
  const sidecars = manifest.sidecars.every(({ path, sha256 }) => files.get(path)?.sha256 === sha256);
  return { manifest, files, sameRecipe: keys.includes(manifest.recipeKey) && sidecars };
}

/** Of an unchanged source the same renditions are made, from the same parents, without reading it. */
function asMadeBefore(
  wanted: readonly RenditionSpec[],
  { makes }: Recipe,
  { from = 'source' }: Partial<Settings>,
  { renditions }: Manifest,
): readonly RenditionSpec[] {
  const made = wanted.filter(({ name }) => renditions.some((was) => was.name === name));
  return makes === 'rungs' ? hung(made, from) : made;
}

/** What a recipe makes of this picture, every one of them known to be large enough before the first is begun. */
function makeable(recipe: Recipe, settings: Partial<Settings>, video: VideoFacts): readonly RenditionSpec[] {
  const renditions = renditionsFor(recipe, settings, video);
  refuseSmallRenditions(renditions, video);
  return renditions;
}

export const pictureOf = async (parents: Parents) => (await parents.facts('source')).main.video;

async function refuseChanged(
  { source }: JobRequest,
  { sources }: Ports,
  was: { readonly bytes: number; readonly modifiedMs: number },
): Promise<void> {
  const is = await sources.head(source);
  if (is?.bytes === was.bytes && is.modifiedMs === was.modifiedMs) return;
  throw new ServiceError('busy', `${source} changed while it was being read; it is taken up again as it is now`);
}

/** In a bucket each upload of a film is a job, and so is each of its subtitles: two may be at work on one place of results. */
async function refuseOvertaken(request: JobRequest, ports: Ports, before: Manifest | undefined): Promise<void> {
  const now = await publishedManifest(request, ports);
  if (now === undefined || (now.job === before?.job && now.madeAt === before.madeAt)) return;
  throw new ServiceError('busy', `${request.source} was published by job ${now.job} meanwhile; it is taken up again`);
}

async function hashOf(
  { path, bytes }: { readonly path: string; readonly bytes: number },
  request: JobRequest,
  { media }: Ports,
  { signal, emit }: Tracking,
): Promise<string> {
  const nothing = { rendition: undefined, fps: undefined, speed: undefined, etaSeconds: undefined };
  const onProgress = (done: number) =>
    emit({ type: 'progress', job: request.id, phase: 'hash', done, total: bytes, unit: 'bytes', ...nothing });
  return media.hash(path, { signal, onProgress });
}
