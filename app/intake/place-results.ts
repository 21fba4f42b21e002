import { apartLabel } from '../../core/job/apart-label.ts';
import { collectedKeys, hiddenKeys } from '../../core/job/drop.ts';
import { jobIdOf } from '../../core/job/job.ts';
import { filesAndSources } from '../../core/job/manifest.ts';
import { keyAt } from '../../core/job/result-place.ts';
import { publishedManifest } from '../published-manifest.ts';
import { nameFilms } from './name-films.ts';
import type { PlacedOrder } from './new-job.ts';
import type { LaidOrder, NamedFilm, Placing, PlacingPorts } from './placing.ts';

/**
 * Gives each film of a folder, under each recipe, its place in the folder of results. Two films, or two recipes of one film,
 * never get one place, and the order in which they are given makes no difference. What was placed before stays there. A film that can have no place, since a link on the way to it leads out
 * of the folder, is told of, and the others get theirs.
 */
export async function placeResults(
  films: readonly NamedFilm[],
  orders: readonly LaidOrder[],
  ports: PlacingPorts,
  fail: (film: NamedFilm, error: unknown) => void = throwing,
): Promise<ReadonlyMap<NamedFilm, readonly PlacedOrder[]>> {
  const inOrder = [...films].sort((one, other) => Buffer.compare(Buffer.from(one.path), Buffer.from(other.path)));
  const byRank = [...orders].sort((one, other) => one.rank - other.rank);
  const placings: Placing[] = [];
  const failed = new Set<NamedFilm>();
  const failing = (film: NamedFilm) => (error: unknown) => {
    if (!failed.has(film)) fail(film, error);
    failed.add(film);
  };
  for (const order of byRank)
    for (const film of inOrder) {
      const placing = failed.has(film) ? undefined : await placingOf(film, order, ports).catch(failing(film));
      if (placing) placings.push(placing);
    }
  const named = await nameFilms(placings, ports, failing);
  const placed = new Map<NamedFilm, PlacedOrder[]>();
  for (const film of films) if (!failed.has(film)) placed.set(film, []);
  for (const [at, order] of orders.entries())
    for (const placing of placings) {
      if (placing.order !== order) continue;
      const { keys, identity } = placing;
      const films = named.get(placing);
      const own = placed.get(placing.film);
      if (own) own[at] = { ...order, ...keys, ...(films && { films }), identity };
    }
  return placed;
}

const throwing = (_: NamedFilm, error: unknown) => {
  throw error;
};

async function placingOf(film: NamedFilm, order: LaidOrder, ports: PlacingPorts): Promise<Placing> {
  const plain = await placingAt(film.path, film, order, ports);
  const rival = await rivalOf(plain, ports);
  if (rival === undefined) return plain;
  const label = apartLabel(film.path, film.location);
  const apart = await placingAt(label, film, order, ports);
  await ports.names.give(apart.keys.outputPrefix, apart.holder);
  return apart;
}

async function placingAt(
  identity: string,
  film: NamedFilm,
  order: LaidOrder,
  { jobs, outputs, store }: PlacingPorts,
): Promise<Placing> {
  const recipe = order.recipe.id;
  const id = jobIdOf({ store, recipe, source: identity, version: '' });
  const keys = order.layout === 'files' ? hiddenKeys(recipe, identity) : collectedKeys(recipe, identity);
  const job = await jobs.get(id);
  const manifest = await publishedManifest(keys, { outputs });
  const named = manifest ? filesAndSources(manifest).map(({ path }) => keyAt(keys, path)) : [];
  const published = new Set([...named, ...(job?.published.map(({ key }) => key) ?? [])]);
  return { film, order, holder: { job: id, location: film.location }, keys, identity, job, manifest, published };
}

/** Returns the location of another source that has this place. A source that has only moved keeps its place. */
async function rivalOf(
  { film, holder, keys, job, manifest }: Placing,
  ports: PlacingPorts,
): Promise<string | undefined> {
  const { names, isThere, identify } = ports;
  const taken = await names.take(keys.outputPrefix, holder);
  const of = (places: { readonly sources: string } | undefined, source: string | undefined) =>
    places && source !== undefined ? `${places.sources}/${source}` : undefined;
  const known =
    (taken.job === holder.job && taken.location === holder.location ? undefined : taken.location) ??
    of(job?.places, job?.source) ??
    of(manifest?.sourceFolder === undefined ? undefined : { sources: manifest.sourceFolder }, manifest?.source.path);
  if (known === undefined || known === film.location) return undefined;
  if (taken.job === holder.job && !(await isThere(known)) && (await isSame())) {
    await names.give(keys.outputPrefix, holder);
    return undefined;
  }
  await names.give(keys.outputPrefix, { job: taken.job, location: known });
  return known;

  async function isSame(): Promise<boolean> {
    if (!manifest) return true;
    const { bytes, sha256 } = await identify(film);
    return bytes === manifest.source.bytes && (await sha256()) === manifest.source.sha256;
  }
}
