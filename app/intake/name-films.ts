import { ServiceError } from '../../core/errors.ts';
import { type Addition, extensionOf, type Rival, stemOf, toldApart } from '../../core/job/film-name.ts';
import { type FilmNames, filmKey, keyAt } from '../../core/job/result-place.ts';
import { nameOf } from '../../core/path-parts.ts';
import { candidates } from '../../core/recipes/renditions.ts';
import { containerOf } from '../../core/settings/delivery.ts';
import { resolveSettings } from '../../core/settings/settings.ts';
import { recipeTakesSubtitles } from '../../core/subtitles/beside.ts';
import type { LaidOrder, NamedFilm, Placing, PlacingPorts } from './placing.ts';

type MadeFile = { readonly name: string; readonly extension: string };

/** Gives films their names in the layout `files`. Who has a name keeps it; then comes the film whose own name it is. */
export async function nameFilms(
  placings: readonly Placing[],
  ports: PlacingPorts,
  failing: (film: NamedFilm) => (error: unknown) => void,
): Promise<ReadonlyMap<Placing, FilmNames>> {
  const made = new Map<LaidOrder, readonly MadeFile[]>();
  const makes = (order: LaidOrder) => {
    const known = made.get(order) ?? madeBy(order);
    made.set(order, known);
    return known;
  };
  const due = placings.filter(({ order }) => order.layout === 'files');
  const isOwn = ({ film, order }: Placing) =>
    makes(order).some(({ extension }) => film.path.toLowerCase().endsWith(`.${extension}`));
  const turns = [
    due.filter((each) => before(each, makes(each.order)) !== undefined),
    due.filter((each) => before(each, makes(each.order)) === undefined && isOwn(each)),
    due.filter((each) => before(each, makes(each.order)) === undefined && !isOwn(each)),
  ];
  const stems = new Map<Placing, string>();
  for (const placing of turns.flat()) {
    const stem = await chooseStem(placing, makes(placing.order), ports).catch(failing(placing.film));
    if (stem !== undefined) stems.set(placing, stem);
  }
  const names = new Map<Placing, FilmNames>();
  for (const [placing, stem] of stems) {
    const all = await namesAt(stem, placing, makes(placing.order), ports).catch(failing(placing.film));
    if (all) names.set(placing, all);
  }
  return names;
}

function madeBy({ recipe, settings: asked }: LaidOrder): readonly MadeFile[] {
  const settings = resolveSettings(recipe, asked);
  return candidates(recipe, settings).map(({ name, delivery }) => ({
    name,
    extension: containerOf(delivery, settings),
  }));
}

/** Returns the stem that the job's films had before. */
function before({ job, keys, manifest }: Placing, made: readonly MadeFile[]): string | undefined {
  if (job?.films) return job.films.stem;
  const [first] = manifest?.renditions ?? [];
  if (!first || first.quality.metric === 'identical') return undefined;
  const key = keyAt(keys, first.path);
  const end = filmKey({ stem: '', byRendition: made.length > 1 }, first.name, extensionOf(key));
  return key.endsWith(end) ? key.slice(0, -end.length) : undefined;
}

/**
 * Whether a rendition has its name in its file's name. Where drops name some of a recipe's renditions (`codec=` of vj), the
 * first file has the film's name alone, and one that a later drop names must not take that from it.
 */
const isByRendition = ({ order, manifest }: Placing, made: readonly MadeFile[]): boolean =>
  made.length > 1 ||
  (typeof order.recipe.makes === 'object' &&
    manifest?.renditions.some(({ name }) => made.every((each) => each.name !== name)) === true);

async function chooseStem(placing: Placing, made: readonly MadeFile[], ports: PlacingPorts): Promise<string> {
  const byRendition = isByRendition(placing, made);
  const keysAt = (stem: string) => made.map(({ name, extension }) => filmKey({ stem, byRendition }, name, extension));
  const known = before(placing, made);
  if (known !== undefined && !(await rivalAt(keysAt(known), placing, ports))) return known;
  return freeName(placing, (additions) => stemOf(toName(placing), additions), { keysAt, ports });
}

async function namesAt(
  stem: string,
  placing: Placing,
  made: readonly MadeFile[],
  ports: PlacingPorts,
): Promise<FilmNames> {
  const { film, order, holder, job } = placing;
  if (order.replaces) return { stem, byRendition: false, hasSubtitles: false, asIs: film.path };
  const byRendition = isByRendition(placing, made);
  const subtitles =
    recipeTakesSubtitles(order.recipe) && (await ports.names.take(`${stem}/`, holder)).job === holder.job;
  const extension = extensionOf(film.path);
  const [only] = made;
  const names = { stem, byRendition, hasSubtitles: subtitles };
  if (byRendition || !order.recipe.neverLarger || only?.extension === extension.toLowerCase())
    return { ...names, asIs: filmKey(names, only?.name ?? '', extension) };
  const at = (key: string) => [key];
  if (job?.films && !(await rivalAt(at(job.films.asIs), placing, ports))) return { ...names, asIs: job.films.asIs };
  const asIs = await freeName(placing, (additions) => `${stemOf(toName(placing), additions)}.${extension}`, {
    keysAt: at,
    ports,
  });
  return { ...names, asIs };
}

const toName = ({ film, order, holder }: Placing) => ({
  path: film.path,
  parent: nameOf(film.location.slice(0, film.location.lastIndexOf('/'))),
  recipe: order.recipe.id,
  job: holder.job,
});

type Choosing = { keysAt(name: string): readonly string[]; readonly ports: PlacingPorts };

async function freeName(
  placing: Placing,
  nameWith: (additions: readonly Addition[]) => string,
  { keysAt, ports }: Choosing,
): Promise<string> {
  for (const additions: Addition[] = []; ; ) {
    const name = nameWith(additions);
    const rival = await rivalAt(keysAt(name), placing, ports);
    if (!rival) return name;
    const next = toldApart(toName(placing), additions, rival);
    if (next === undefined) throw new ServiceError('cannot-write', `no name is left for ${placing.film.location}`);
    additions.push(next);
  }
}

/** Takes these names; or returns who has one of them, and takes none. */
async function rivalAt(keys: readonly string[], placing: Placing, ports: PlacingPorts): Promise<Rival | undefined> {
  const { holder, film, order, published } = placing;
  const { names, outputs } = ports;
  if (order.replaces) return rivalInPlace(keys, placing, ports);
  const taken: string[] = [];
  for (const key of keys) {
    const { job, location, isNew } = await names.take(key, holder);
    const rival =
      job === holder.job
        ? isNew && (await strangerAt(key))
        : { isSameSource: location === film.location, fileName: nameOf(location) };
    if (isNew) taken.push(key);
    if (job === holder.job && location !== holder.location) await names.give(key, holder); // its source was moved
    if (!rival) continue;
    for (const each of taken) await names.giveUp(each, holder.job);
    return rival;
  }
  return undefined;

  /** A file that no job of ours made; it may be the source itself. */
  async function strangerAt(key: string): Promise<Rival | undefined> {
    if (published.has(key) || !(await outputs.head(key))) return undefined;
    return { isSameSource: outputs.locate(key) === film.location, fileName: undefined };
  }
}

/** In place a film has its own name, whoever made it, and one that is free on the disk, unless another source waits for it. */
async function rivalInPlace(
  keys: readonly string[],
  { film, holder }: Placing,
  { names, outputs, isThere }: PlacingPorts,
): Promise<Rival | undefined> {
  for (const key of keys) {
    if (key !== film.path) {
      if (await outputs.head(key)) return { isSameSource: false, fileName: undefined };
      const { job, location } = await names.take(key, holder);
      if (job !== holder.job && (await isThere(location)))
        return { isSameSource: location === film.location, fileName: nameOf(location) };
    }
    await names.give(key, holder);
  }
  return undefined;
}
