import { ServiceError } from '../../core/errors.ts';
import {
  type FoundResult,
  type GalleryFilm,
  galleryFilms,
  hasWholePlaylists,
} from '../../core/gallery/gallery-film.ts';
import {
  filmHtml,
  galleryHtml,
  galleryPlaylist,
  galleryPlaylistJson,
  pageName,
} from '../../core/gallery/gallery-html.ts';
import { filesOf, manifestFrom } from '../../core/job/manifest.ts';
import { HIDDEN_FOLDER, keyAt } from '../../core/job/result-place.ts';
import type { GalleryFolder } from '../../core/ports/gallery-folder.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import type { WorkOptions } from '../../core/ports/work-options.ts';

type GalleryPorts = {
  readonly outputs: Pick<ObjectStore, 'list' | 'read' | 'head' | 'fetch'>;
  readonly target: GalleryFolder;
  /** Returns the SHA-256 of a file. */
  hash(path: string, options: WorkOptions): Promise<string>;
  /** The player's files, the module that pages load first; empty where this installation has none. */
  readonly player: readonly { readonly name: string; readonly path: string }[];
  /** Tells people what is left out. */
  tell(sentence: string): void;
};

type GalleryMade = { readonly films: number; readonly files: number; readonly copied: number };

const MANIFEST = 'manifest.json';
const FILES_AT_HAND = 'player/';

/**
 * Makes static pages of published results: all films, a page for each, and their files beside them. Results that cannot be
 * read, and files that are gone or are not as they were published, are told and left out. Throws `no-input` where nothing is left.
 */
export async function makeGallery(
  {
    title,
    recipes,
    signal,
  }: { readonly title: string; readonly recipes: readonly string[]; readonly signal: AbortSignal },
  ports: GalleryPorts,
): Promise<GalleryMade> {
  const { found, made } = await foundResults(recipes, ports);
  const nothing = () => new ServiceError('no-input', nothingToShow(recipes, made));
  if (filmsOf(found).length === 0) throw nothing();
  await ports.target.open();
  const results = await intactResults(found, ports, signal);
  const films = filmsOf(results);
  if (films.length === 0) throw nothing();
  const folders = new Map(results.map(({ result, folder }) => [result, folder]));
  const written: string[] = [];
  let copied = 0;
  const copy = async (path: string, from: string) => {
    if (await ports.target.copy(path, from, signal)) copied += 1;
    written.push(path);
  };
  for (const { name, path } of ports.player) await copy(`${FILES_AT_HAND}${name}`, path);
  const first = ports.player[0] && `${FILES_AT_HAND}${ports.player[0].name}`;
  for (const film of films) {
    for (const { path, result, from } of film.files) {
      const local = await ports.outputs.fetch(keyAt({ outputPrefix: folders.get(result) ?? '' }, from), signal);
      await copy(path, local.path).finally(() => local.release());
    }
  }
  for (const [path, text] of pagesOf(films, title, first)) {
    await ports.target.write(path, text);
    written.push(path);
  }
  await ports.target.finish(written);
  return { films: films.length, files: written.length, copied };
}

const filmsOf = (results: readonly ResultAt[]) => galleryFilms(results.map(({ result }) => result));

const pagesOf = (films: readonly GalleryFilm[], title: string, player: string | undefined) => [
  ...films.map((film) => [pageName(film.id), filmHtml(film, player)] as const),
  ['all.m3u8', galleryPlaylist(films)] as const,
  ['all.json', galleryPlaylistJson(films)] as const,
  ['index.html', galleryHtml(films, title)] as const, // last: where it is, the gallery is whole
];

type ResultAt = { readonly result: FoundResult; readonly folder: string };

/** Returns every result of these recipes (of all, if none is named) with those of its files that are there, and all recipes. */
async function foundResults(recipes: readonly string[], { outputs, tell }: GalleryPorts) {
  const made = new Set<string>();
  const keys = new Set<string>();
  for (const top of ['', `${HIDDEN_FOLDER}/`])
    for await (const { key } of outputs.list(top))
      if (key.endsWith(`/${MANIFEST}`) && !key.startsWith(`${HIDDEN_FOLDER}/work/`)) keys.add(key);
  const found: ResultAt[] = [];
  for (const key of [...keys].sort()) {
    const bytes = await outputs.read(key);
    const manifest = bytes && manifestFrom(bytes);
    if (!manifest) {
      tell(`${JSON.stringify(key)} is no manifest that can be read; its film is left out`);
      continue;
    }
    made.add(manifest.recipe);
    if (recipes.length > 0 && !recipes.includes(manifest.recipe)) continue;
    const folder = key.slice(0, -MANIFEST.length - 1);
    const there = new Set<string>();
    for (const { path, bytes: size } of filesOf(manifest)) {
      const head = await outputs.head(keyAt({ outputPrefix: folder }, path)).catch(() => undefined);
      if (head?.bytes === size) there.add(path);
      else tell(`${JSON.stringify(path)} of ${JSON.stringify(key)} is gone or was changed; it is left out`);
    }
    found.push({ result: { manifest, there }, folder });
  }
  return { found, made };
}

/**
 * Returns the results without the files whose bytes are not the published ones. Files that an earlier gallery has copied are not
 * read again.
 */
async function intactResults(found: readonly ResultAt[], ports: GalleryPorts, signal: AbortSignal) {
  const { outputs, target, hash, tell } = ports;
  const places = new Map(found.map((each) => [each.result, { ...each, there: new Set(each.result.there) }]));
  for (const { path, result, from } of filmsOf(found).flatMap(({ files }) => files)) {
    const { folder, there } = places.get(result) ?? {};
    const recorded = filesOf(result.manifest).find((file) => file.path === from);
    if (folder === undefined || !there || !recorded) continue;
    const local = await outputs.fetch(keyAt({ outputPrefix: folder }, from), signal);
    try {
      if (await target.has(path, local.path)) continue;
      if ((await hash(local.path, { signal, onProgress: () => {} })) === recorded.sha256) continue;
    } finally {
      await local.release();
    }
    there.delete(from);
    tell(`${JSON.stringify(from)} of ${manifestAt(folder)} is not as it was published; it is left out`);
  }
  return [...places.values()].map(({ result: { manifest }, folder, there }): ResultAt => {
    const result = { manifest, there };
    if (manifest.playlists?.some(({ kind }) => kind !== 'init') && !hasWholePlaylists(result))
      tell(`the playlists of ${manifestAt(folder)} name what is left out; they are left out too`);
    return { result, folder };
  });
}

const manifestAt = (folder: string) => JSON.stringify(`${folder}/${MANIFEST}`);

/** Why there is no gallery: nothing was made, or by other recipes than were named. */
function nothingToShow(recipes: readonly string[], made: ReadonlySet<string>): string {
  const others = [...made].filter((recipe) => !recipes.includes(recipe)).sort();
  return recipes.length > 0 && others.length > 0
    ? `there is nothing of ${recipes.join(', ')} with films that are there; there are results of ${others.join(', ')}`
    : 'there are no results with films that are there';
}
