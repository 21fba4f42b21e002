import { companionOf, subtitlesOf } from '../../core/job/companions.ts';
import type { KnownResult, KnownResults } from '../../core/ports/known-results.ts';
import type { LibraryFile } from '../../core/ports/library.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { resolveSettings } from '../../core/settings/settings.ts';
import { contentHash } from '../../core/small-file.ts';
import type { MadeJob } from '../run/make-anew.ts';
import type { LaidOrder } from './placing.ts';

/** A file that was changed so recently may be changed again without a new time, on a coarse clock. */
const SETTLED_MS = 2_000;

/** A film of a folder, with the subtitles that are named after it. */
export type SeenFilm = {
  readonly location: string;
  readonly file: LibraryFile;
  readonly beside: readonly LibraryFile[];
};

/** Returns the subtitles beside each film of a folder. */
export function besideFilms(
  others: readonly LibraryFile[],
): (film: { readonly path: string }) => readonly LibraryFile[] {
  const byStem = new Map<string, LibraryFile[]>();
  for (const file of others) {
    const { path } = file;
    if (companionOf(path)?.kind !== 'subtitle') continue;
    for (let end = path.lastIndexOf('.'); end > path.lastIndexOf('/') + 1; end = path.lastIndexOf('.', end - 1))
      byStem.set(path.slice(0, end), [...(byStem.get(path.slice(0, end)) ?? []), file]);
  }
  if (byStem.size === 0) return () => [];
  return ({ path }) => {
    const stems = new Set([path, path.replace(/\.[^./]*$/, '')]);
    const named = [...stems].flatMap((stem) => byStem.get(stem) ?? []);
    return named.filter((file) => subtitlesOf(path, [file.path]).length > 0);
  };
}

/** Returns what is known of films under a recipe, each if film and results are as they were and the same is asked. */
export async function knownResults(
  films: readonly SeenFilm[],
  order: LaidOrder,
  { known, version }: KnowingPorts,
): Promise<ReadonlyMap<SeenFilm, KnownResult>> {
  const same = new Map<SeenFilm, KnownResult>();
  if (!staysAsItIs(order) || films.length === 0) return same;
  const all = await known.of(
    films.map(({ location }) => location),
    order.recipe.id,
  );
  for (const film of films) {
    const was = all.get(film.location);
    if (was?.source !== sourceState(film) || was.asked !== askedState(order, version)) continue;
    if (await known.areThere(was.files)) same.set(film, was);
  }
  return same;
}

type KnowingPorts = {
  readonly known: KnownResults;
  /** The version of this program. Another version looks at every film once. */
  readonly version: string;
};

/** Remembers a film that is done, as it lay there before its job began. */
export async function rememberFilm(
  film: SeenFilm,
  order: LaidOrder,
  { manifest, resultOf, published, job }: Omit<MadeJob, 'status'> & { readonly job: string },
  { known, version, outputs, seenMs }: KnowingPorts & Remembering,
): Promise<void> {
  const changed = [film.file, ...film.beside].map((file) => file.changedMs);
  if (!staysAsItIs(order) || Math.max(...changed) > seenMs - SETTLED_MS) return;
  const [source, asked] = [sourceState(film), askedState(order, version)];
  if (resultOf) {
    const { recipe } = resultOf;
    const result = { source, asked, job, manifest: resultOf.manifest, files: [], resultOf: { recipe } };
    return await known.put(film.location, order.recipe.id, result);
  }
  const record = await outputs.head(manifest);
  if (!record) return;
  const files = [...published, record].map(({ key, bytes, modifiedMs }) => ({
    path: outputs.locate(key),
    bytes,
    modifiedMs,
  }));
  await known.put(film.location, order.recipe.id, { source, asked, job, manifest: outputs.locate(manifest), files });
}

type Remembering = {
  readonly outputs: Pick<ObjectStore, 'head' | 'locate'>;
  /** When the film was seen as it is told here. */
  readonly seenMs: number;
};

/** Whether nothing but the source and what is asked decides what becomes of it: no demand, and no tool or model that is replaced. */
function staysAsItIs({ recipe, settings: asked }: LaidOrder): boolean {
  const { ocr = 'none', onDemandBelow = 0 } = resolveSettings(recipe, asked);
  return recipe.remakeOn !== 'tools' && recipe.makes !== 'enlarged' && ocr === 'none' && onDemandBelow === 0;
}

const sourceState = ({ file, beside }: SeenFilm): string =>
  [file, ...beside]
    .map(({ path, bytes, modifiedMs, changedMs, inode }) => [path, bytes, modifiedMs, changedMs, inode].join(' '))
    .join('\n');

const askedStates = new WeakMap<LaidOrder, string>();

function askedState(order: LaidOrder, version: string): string {
  const { recipe, settings, layout } = order;
  const known = askedStates.get(order) ?? contentHash(JSON.stringify([version, recipe, settings, layout]));
  askedStates.set(order, known);
  return known;
}
