import type { Ports } from '../core/ports/ports.ts';
import { type RecipeKeys, recipeKeys, type ToolsByCodec } from '../core/recipes/recipe-key.ts';
import { candidates } from '../core/recipes/renditions.ts';
import type { PublishedState, RecordedNode } from '../core/renditions/graph.ts';
import type { Settings } from '../core/settings/settings.ts';
import type { JobRequest } from './job-request.ts';
import { twinOf } from './made-index.ts';
import { whatIsThere } from './mill.ts';
import { type Beside, wasMadeWith } from './subtitles-beside.ts';
import { madeByOthers, remadeOf } from './why-remade.ts';

export const THUMBNAILS = 'thumbnails';

/** What lies there of an earlier run, and what a run would take over. */
export type There = {
  readonly library: PublishedState;
  /** Renditions that are current. */
  readonly there: readonly string[];
  /** Which tools made a rendition that is there, where others would now. */
  readonly madeByOthers: ReadonlyMap<string, string>;
  /** The source of which the same was made before, under another name. */
  readonly taken: string | undefined;
};

type Looking = {
  readonly path: string;
  readonly settings: Partial<Settings>;
  readonly tools: ToolsByCodec;
  readonly signal: AbortSignal;
  readonly beside: Beside;
};

/** The source is hashed only where there is something to compare it with. */
export async function libraryOf(request: JobRequest, ports: Ports, looking: Looking): Promise<There> {
  const { path, settings, tools, signal, beside } = looking;
  const { recipe } = request;
  const keepsEdits = recipe.keepsEdits ?? false;
  const wanted = candidates(recipe, settings);
  const keys = recipeKeys(recipe, wanted, settings, tools);
  const before = await whatIsThere(request, ports, keys, signal);
  if (!before) {
    const taken = await takenFrom(request, keys, ports, () => hashOf(path, ports, signal));
    return { library: { ...NOTHING_THERE, keepsEdits }, there: [], madeByOthers: new Map(), taken };
  }
  const { manifest, files, sameRecipe } = before;
  const { renditions, thumbnails } = manifest;
  const pictures = thumbnails ? [[THUMBNAILS, { sha256: '', parentSha256: thumbnails.parentSha256 }] as const] : [];
  const there = thumbnails?.files.every(({ path: at }) => files.has(at)) ? [[THUMBNAILS, ''] as const] : [];
  const source = await hashOf(path, ports, signal);
  const isOwn = sameRecipe && manifest.source.sha256 === source;
  const library: PublishedState = {
    recorded: new Map<string, RecordedNode>([
      ...renditions.map(({ name, sha256, parentSha256, edited }) => [name, { sha256, parentSha256, edited }] as const),
      ...pictures,
    ]),
    found: new Map([
      ...renditions.flatMap(({ name, path: at }) => {
        const now = files.get(at);
        return now ? [[name, now.sha256] as const] : [];
      }),
      ...there,
    ]),
    source,
    sameRecipe,
    remake: remadeOf(manifest, wanted, { request, tools, besideChanged: !wasMadeWith(manifest, beside.subtitles) }),
    keepsEdits,
  };
  return {
    library,
    there: isOwn ? renditions.map(({ name }) => name) : [],
    madeByOthers: madeByOthers(manifest, wanted, tools),
    taken: isOwn ? undefined : await takenFrom(request, keys, ports, async () => source),
  };
}

const hashOf = (path: string, { media }: Ports, signal: AbortSignal) =>
  media.hash(path, { signal, onProgress: () => {} });

async function takenFrom(
  request: JobRequest,
  [recipeKey]: RecipeKeys,
  ports: Ports,
  hash: () => Promise<string>,
): Promise<string | undefined> {
  const { done } = await ports.made.list('')[Symbol.asyncIterator]().next();
  if (request.remake || done) return undefined;
  return (await twinOf(request, { sha256: await hash(), recipeKey }, ports))?.manifest.source.path;
}

const NOTHING_THERE = {
  recorded: new Map(),
  found: new Map(),
  source: '',
  sameRecipe: false,
  remake: new Map(),
};
