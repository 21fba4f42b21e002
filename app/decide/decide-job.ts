import type { RenditionSpec } from '../../core/codecs/rendition-spec.ts';
import { refuseSmallRenditions } from '../../core/encode/smallest-picture.ts';
import type { VideoFacts } from '../../core/film/probe.ts';
import type { Manifest, RenditionRecord } from '../../core/job/manifest.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { choiceKeys } from '../../core/recipes/choice-keys.ts';
import { asStayed } from '../../core/recipes/codec-choice.ts';
import type { Recipe } from '../../core/recipes/recipe.ts';
import { type RecipeKeys, recipeKeys, type ToolsByCodec } from '../../core/recipes/recipe-key.ts';
import { candidates, chained, renditionsFor } from '../../core/recipes/renditions.ts';
import type { Settings } from '../../core/settings/settings.ts';
import type { SubtitleBeside } from '../../core/streams/subtitle-beside.ts';
import type { JobRequest } from '../job-request.ts';
import { allAsPublished, type FilesNow, filesNow } from '../published-files.ts';
import { publishedManifest } from '../published-manifest.ts';
import { lacksSource } from '../source/keep-source.ts';
import { wasMadeWith } from '../source/subtitles-beside.ts';
import { type Chosen, chooseRenditions } from './choose-renditions.ts';
import { dividedByChoice } from './divided-by-choice.ts';
import { type Twin, twinOf } from './made-index.ts';
import { remadeOf } from './why-remade.ts';

/** The results of an earlier run at the job's output prefix, and the present state of their files. */
export type Before = {
  readonly manifest: Manifest;
  readonly files: FilesNow;
  /** Whether the results were made under this recipe and these settings, and all sidecars are unchanged. */
  readonly sameRecipe: boolean;
  /** Renditions that earlier drops named and this one does not, where drops name some of a recipe's renditions. */
  readonly others: readonly RenditionRecord[];
  /** Renditions that this drop names and that were made under other settings: those of this run replace them. */
  readonly replaced: readonly RenditionRecord[];
};

/**
 * The decision on a job, which is made before its source is read, by `run`, `plan` and the workflow's plan step alike.
 */
export type Decision = {
  /**
   * unchanged: nothing has to be made. take: results of the same bytes under another name are taken over. make: something
   * has to be made.
   */
  readonly verdict: 'unchanged' | 'take' | 'make';
  /** The renditions that the recipe may make under these settings. */
  readonly wanted: readonly RenditionSpec[];
  readonly recipeKey: string;
  /** The keys of the renditions that the drop names, where drops name some of a recipe's renditions. */
  readonly choices: ReadonlyMap<string, RecipeKeys> | undefined;
  /** The source's SHA-256; undefined if nothing had to be compared with it and it was not known. */
  readonly sha256: string | undefined;
  readonly before: Before | undefined;
  /** Whether the results were made from a source with these bytes under this recipe. */
  readonly sameSource: boolean;
  /** An earlier job that made the same results from the same bytes. */
  readonly twin: Twin | undefined;
  /** Whether the subtitles beside the source differ from those that the results were made with. */
  readonly besideChanged: boolean;
  /** Why unchanged renditions are made again, by name. */
  readonly remade: ReadonlyMap<string, string>;
  /** Whether a rendition that was deferred is wanted by now. */
  readonly isMoreWanted: boolean;
};

export type Deciding = {
  readonly settings: Partial<Settings>;
  readonly tools: ToolsByCodec;
  readonly beside: readonly SubtitleBeside[];
  /** The source's SHA-256, or a function that computes it if something has to be compared with it. */
  readonly sha256: string | (() => Promise<string>);
  /** Whether results of the same bytes under another name are ignored, because they were found damaged. */
  readonly alone?: boolean;
  readonly signal: AbortSignal;
};

/**
 * Decides what becomes of a job, by comparing what it asks for with what lies there: its last manifest, its files as they are now, and the
 * results of the same bytes under another name. It makes nothing. The source is hashed only where something is compared with it.
 */
export async function decideJob(request: JobRequest, ports: Ports, deciding: Deciding): Promise<Decision> {
  const { settings, tools, beside, signal } = deciding;
  const wanted = candidates(request.recipe, settings);
  const keys = recipeKeys(request.recipe, wanted, settings, tools);
  const choices = choiceKeys(request.recipe, settings, tools);
  const before = await whatIsThere(request, ports, { keys, choices }, signal);
  const hasOthers = before !== undefined && before.others.length > 0; // they would be lost if results were taken over
  const mayTake = deciding.alone !== true && !request.remake && !request.replaces && !hasOthers;
  const sha256 = await hashOf(deciding, async () => before !== undefined || (mayTake && (await hasMade(ports))));
  const same = before?.sameRecipe === true && before.manifest.source.sha256 === sha256 ? before : undefined;
  const found =
    mayTake && !same && sha256 !== undefined ? await twinOf(request, { sha256, recipeKey: keys[0] }, ports) : undefined;
  const hasEveryChoice = ({ renditions }: Manifest) => !choices || renditions.length === wanted.length;
  // further renditions of a twin have no names here; they stay where they are, and this job is made of the same pieces
  const twin = found && hasEveryChoice(found.manifest) ? found : undefined;
  const besideChanged = before !== undefined && !wasMadeWith(before.manifest, beside);
  const remade = before ? remadeOf(before.manifest, wanted, { request, tools, besideChanged }) : new Map();
  const isMoreWanted =
    same !== undefined &&
    (!hasEveryChoice(same.manifest) || (await areWanted(same.manifest, request, ports, settings)));
  const nothingElse = !isMoreWanted && !besideChanged && remade.size === 0;
  const isUnchanged = same !== undefined && nothingElse && (await isWhole(same, request, ports, settings));
  return {
    verdict: twin ? 'take' : isUnchanged ? 'unchanged' : 'make',
    wanted,
    recipeKey: keys[0],
    choices,
    sha256,
    before,
    sameSource: same !== undefined,
    twin,
    besideChanged,
    remade,
    isMoreWanted,
  };
}

/** Whether all files are as they were published, and the source lies beside them if the settings ask for that. */
async function isWhole(
  { manifest, files }: Before,
  request: JobRequest,
  ports: Ports,
  settings: Partial<Settings>,
): Promise<boolean> {
  const { sha256 } = manifest.source;
  return allAsPublished(manifest, files) && !(await lacksSource(manifest, request, ports, { sha256, settings }));
}

/**
 * Returns the renditions that a run makes, and those that are deferred until they are requested. If the source is
 * unchanged, they are those of the last manifest, from the same parents, and the picture is not examined.
 */
export async function chosenRenditions(
  { before, sameSource, isMoreWanted, wanted }: Decision,
  { recipe, ...request }: JobRequest,
  ports: Ports,
  { settings, picture }: { readonly settings: Partial<Settings>; picture(): Promise<VideoFacts> },
): Promise<Chosen> {
  if (before && sameSource && !isMoreWanted)
    return {
      made: asMadeBefore(wanted, recipe, settings, before.manifest),
      deferred: before.manifest.deferred ?? [],
    };
  const video = await picture();
  const renditions = renditionsFor(recipe, settings, video);
  refuseSmallRenditions(renditions, video);
  const there = before && sameSource ? before.manifest.renditions.map(({ name }) => name) : [];
  return chooseRenditions(renditions, request, ports, { settings, there });
}

async function hashOf({ sha256 }: Deciding, isNeeded: () => Promise<boolean>): Promise<string | undefined> {
  if (typeof sha256 === 'string') return sha256;
  return (await isNeeded()) ? sha256() : undefined;
}

async function hasMade({ made }: Pick<Ports, 'made'>): Promise<boolean> {
  for await (const _ of made.list('')) return true;
  return false;
}

async function whatIsThere(
  request: JobRequest,
  ports: Ports,
  { keys, choices }: { readonly keys: RecipeKeys; readonly choices: Decision['choices'] },
  signal: AbortSignal,
): Promise<Before | undefined> {
  const manifest = await publishedManifest(request, ports);
  if (!manifest) return undefined;
  const files = await filesNow(manifest, request, ports, signal);
  // sidecars are made with the rendition of the source: where one is missing, everything is joined again, from cached pieces
  const sidecars = manifest.sidecars.every(({ path, sha256 }) => files.get(path)?.sha256 === sha256);
  if (!choices) return { manifest, files, sameRecipe: keys.includes(manifest.recipeKey) && sidecars, ...NO_CHOICES };
  const { asked, ...rest } = dividedByChoice(manifest, choices);
  return { manifest: asked, files, sameRecipe: asked.renditions.length > 0 && sidecars, ...rest };
}

/** What recipes have of which every drop asks for all. */
const NO_CHOICES = { others: [], replaced: [] } as const;

/** Whether a rendition that an earlier run deferred is wanted by now. */
async function areWanted(
  { deferred = [] }: Manifest,
  request: JobRequest,
  ports: Ports,
  settings: Partial<Settings>,
): Promise<boolean> {
  const { made } = await chooseRenditions(deferred, request, ports, { settings, there: [] });
  return made.length > 0;
}

function asMadeBefore(
  wanted: readonly RenditionSpec[],
  { makes }: Recipe,
  { from = 'source' }: Partial<Settings>,
  { renditions }: Manifest,
): readonly RenditionSpec[] {
  const made = wanted.flatMap((rendition) => {
    const was = renditions.find(({ name }) => name === rendition.name);
    return was ? [asStayed(rendition, was.codec)] : [];
  });
  return makes === 'rungs' ? chained(made, from) : made;
}
