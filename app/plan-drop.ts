import type { EncodeSpec } from '../core/encode/encode-spec.ts';
import { encodeSpecFor } from '../core/encode/encode-spec-for.ts';
import { planStreams } from '../core/media/streams.ts';
import { type Estimate, estimateEncode } from '../core/plan/estimate.ts';
import type { Ports } from '../core/ports/ports.ts';
import type { RenditionSpec } from '../core/recipes/recipe.ts';
import { recipeKey, type ToolsByCodec } from '../core/recipes/recipe-key.ts';
import { candidates, renditionsFor } from '../core/recipes/renditions.ts';
import { resolveSettings, type Settings } from '../core/recipes/settings.ts';
import {
  type Action,
  foresee,
  type Library,
  parentsFirst,
  type Recorded,
  type Verdict,
} from '../core/renditions/graph.ts';
import type { Deferred } from '../core/renditions/on-demand.ts';
import { asAnimation, asFilm } from './as-film.ts';
import { chooseRenditions, type Wish } from './choose-renditions.ts';
import { draftOf, wantedStreams } from './draft.ts';
import type { JobRequest } from './job-request.ts';
import { toolsFor, whatIsThere } from './mill.ts';
import { pictureAfter } from './picture-after.ts';
import { piecesThere } from './pieces-there.ts';
import { readSource, type SourceFacts } from './read-source.ts';
import { stopwatch } from './stopwatch.ts';

export type PlannedRendition = {
  readonly name: string;
  readonly parent: string;
  /** keep and adopt: nothing is encoded. wait: until somebody asks for it. */
  readonly action: Action | 'wait';
  readonly why: string;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly segments: number;
  /** Pieces that lie in the work folder already. */
  readonly reused: number;
  /** Of making it, whether or not that is to be done. */
  readonly estimate: Estimate;
};

export type PlannedDrop = {
  /** Parents first. */
  readonly renditions: readonly PlannedRendition[];
  /** Of recipes that make them. */
  readonly thumbnails?: Verdict;
  readonly streams: readonly {
    readonly index: number;
    readonly type: string;
    readonly codec: string;
    readonly fate: string;
    readonly why: string;
  }[];
  readonly warnings: readonly string[];
};

/** What `runJob` would do with a drop, and does nothing of it. Throws what `readSource` throws. */
export async function planDrop(request: JobRequest, ports: Ports, signal: AbortSignal): Promise<PlannedDrop> {
  const settings = resolveSettings(request.recipe, request.settings);
  const file = await ports.sources.fetch(request.source, signal);
  const scratch = `plans/${request.id}/${ports.clock.newId()}`;
  try {
    const tracking = { signal, emit: () => {}, record: async () => {}, watch: stopwatch(ports.clock), settings };
    const bytes = (await ports.sources.head(request.source))?.bytes ?? 0;
    const folder = await ports.scratch.open(scratch);
    const film = await asFilm({ path: file.path, bytes, sha256: '' }, folder, { ports, ...tracking });
    const source = asAnimation(await readSource(film.file, request, ports, tracking), film, file.path);
    const tools = await toolsFor(candidates(request.recipe, settings), ports, { settings, signal });
    const specs = renditionsFor(request.recipe, settings, source.main.video);
    const { there, ...library } = await libraryOf(request, ports, { path: file.path, settings, tools, signal });
    const { made, deferred } = await chooseRenditions(specs, request, ports, { settings, there });
    const renditions = await plannedAll(specs, { source, settings, tools, library, deferred }, ports);
    const [top] = specs;
    const last = made.at(-1);
    const all = foresee(last && request.recipe.streams ? [...made, thumbnailsOf(last)] : made, library);
    const thumbnails = all.find(({ name }) => name === THUMBNAILS);
    const fates = top ? planStreams(source.probe, wantedStreams(top, settings)) : [];
    return {
      renditions,
      ...(thumbnails && { thumbnails }),
      streams: fates.map(({ stream: { index, type, codec }, fate, why }) => ({ index, type, codec, fate, why })),
      warnings: source.warnings,
    };
  } finally {
    await file.release();
    await ports.scratch.remove(scratch);
  }
}

const THUMBNAILS = 'thumbnails';
const NEVER_MADE = 'it was never made';
const thumbnailsOf = ({ name }: Pick<RenditionSpec, 'name'>) => ({ name: THUMBNAILS, parent: name });

type Planning = {
  readonly source: SourceFacts;
  readonly settings: Partial<Settings>;
  readonly tools: ToolsByCodec;
  readonly library: Library;
  readonly deferred: readonly Deferred[];
};

async function plannedAll(
  specs: readonly RenditionSpec[],
  { source, settings, tools, library, deferred }: Planning,
  { cache, cores }: Ports,
): Promise<readonly PlannedRendition[]> {
  const foreseen = foresee(specs, library);
  const pictures = new Map([['source', source]]);
  const planned: PlannedRendition[] = [];
  for (const node of parentsFirst(specs)) {
    const { parent: from = node.parent } = foreseen.find(({ name }) => name === node.name) ?? {};
    const rendition = { ...node, parent: from };
    const parent = pictures.get(rendition.parent) ?? source;
    const { spec, segments } = draftOf(rendition, { source: parent, tools }, settings);
    pictures.set(rendition.name, { ...parent, main: { ...parent.main, video: pictureAfter(spec, parent.main.video) } });
    const fromSource = rendition.parent === 'source';
    const there = fromSource ? await piecesThere(segments, cache) : [];
    const pending = segments.filter((_, i) => !there[i]);
    const frames = source.cut.times.length;
    const left = pending.reduce((sum, { start, end }) => sum + end - start, 0);
    const { action, why } = actionFor(rendition.name, foreseen, { deferred, settings });
    planned.push({
      ...{ name: rendition.name, parent: rendition.parent, action, why, ...spec.size, frames },
      segments: segments.length,
      reused: segments.length - pending.length,
      estimate: estimateEncode(spec, { frames, left: action === 'make' ? left : frames, cores }),
    });
  }
  return planned;
}

function actionFor(
  name: string,
  foreseen: readonly Verdict[],
  { deferred, settings }: Pick<Planning, 'deferred' | 'settings'>,
): Pick<PlannedRendition, 'action' | 'why'> {
  const waits = deferred.find((each) => each.name === name);
  if (!waits) return foreseen.find((each) => each.name === name) ?? { action: 'make', why: '' };
  return { action: 'wait', why: `its priority is ${waits.priority}, below ${settings.onDemandBelow}` };
}

/** What lies there of an earlier run. The source is hashed only where there is something to compare it with. */
async function libraryOf(
  request: JobRequest,
  ports: Ports,
  {
    path,
    settings,
    tools,
    signal,
  }: {
    readonly path: string;
    readonly settings: Partial<Settings>;
    readonly tools: ToolsByCodec;
    readonly signal: AbortSignal;
  },
): Promise<Library & Pick<Wish, 'there'>> {
  const { recipe } = request;
  const keepsEdits = recipe.keepsEdits ?? false;
  const key = recipeKey(recipe, candidates(recipe, settings), settings, tools);
  const before = await whatIsThere(request, ports, key, signal);
  if (!before) return { recorded: new Map(), found: new Map(), source: '', sameRecipe: false, keepsEdits, there: [] };
  const { manifest, files, sameRecipe } = before;
  const { renditions, thumbnails } = manifest;
  const pictures = thumbnails ? [[THUMBNAILS, { sha256: '', parentSha256: thumbnails.parentSha256 }] as const] : [];
  const there = thumbnails?.files.every(({ path: at }) => files.has(at)) ? [[THUMBNAILS, ''] as const] : [];
  const source = await ports.media.hash(path, { signal, onProgress: () => {} });
  return {
    there: sameRecipe && manifest.source.sha256 === source ? renditions.map(({ name }) => name) : [],
    recorded: new Map<string, Recorded>([
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
    keepsEdits,
  };
}

/** The same from figures alone, for a source that is not at hand. */
export function planFigures(
  figures: { readonly width: number; readonly height: number; readonly fps: number; readonly minutes: number },
  { recipe, settings: asked }: Pick<JobRequest, 'recipe' | 'settings'>,
  cores: number,
): PlannedDrop {
  const settings = resolveSettings(recipe, asked);
  const frames = Math.round(figures.fps * figures.minutes * 60);
  const pictures = new Map([['source', figuresAsVideo(figures)]]);
  const specs = renditionsFor(recipe, settings, figuresAsVideo(figures));
  const renditions = parentsFirst(specs).map((rendition): PlannedRendition => {
    const video = pictures.get(rendition.parent) ?? figuresAsVideo(figures);
    const spec = specFor(rendition, { settings, video, fps: figures.fps });
    pictures.set(rendition.name, pictureAfter(spec, video));
    const longest = settings.segmentSeconds?.longest ?? 60;
    return {
      ...{ name: rendition.name, parent: rendition.parent, action: 'make', why: NEVER_MADE },
      ...{ ...spec.size, frames, segments: Math.ceil((figures.minutes * 60) / longest), reused: 0 },
      estimate: estimateEncode(spec, { frames, left: frames, cores }),
    };
  });
  const last = renditions.at(-1);
  const thumbnails = recipe.streams && last && ({ ...thumbnailsOf(last), action: 'make', why: NEVER_MADE } as const);
  return { renditions, ...(thumbnails && { thumbnails }), streams: [], warnings: [] };
}

function specFor(
  rendition: RenditionSpec,
  { settings, video, fps }: { readonly settings: Partial<Settings>; readonly video: Figures; readonly fps: number },
): EncodeSpec {
  const frameRate = { num: Math.round(fps * 1000), den: 1000 };
  return encodeSpecFor({ rendition, settings, video, frameRate, interlaced: false, tools: {} }).spec;
}

type Figures = SourceFacts['main']['video'];

const figuresAsVideo = ({ width, height }: { readonly width: number; readonly height: number }): Figures => ({
  width,
  height,
  pixelFormat: 'yuv420p',
  sar: { num: 1, den: 1 },
  baseFrameRate: undefined,
  averageFrameRate: undefined,
  fieldOrder: 'progressive',
  colour: { primaries: undefined, transfer: undefined, matrix: undefined, range: undefined, chromaLocation: undefined },
  displayMatrix: undefined,
  hdr: { masterDisplay: undefined, contentLight: undefined, dolbyVision: undefined, hdr10plus: false },
  isAttachedPicture: false,
  hasClosedCaptions: false,
});
