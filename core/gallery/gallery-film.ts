import type { Manifest, RenditionRecord } from '../job/manifest.ts';
import { nameOf } from '../path-parts.ts';
import { contentHash } from '../small-file.ts';
import { compareTexts } from '../text-order.ts';

/** A result among others: its manifest, and which of its files are there, by their paths relative to it. */
export type FoundResult = { readonly manifest: Manifest; readonly there: ReadonlySet<string> };

/** A file of a film in the gallery: where it lies in it, and which file of which result it is. */
type GalleryFile = { readonly path: string; readonly result: FoundResult; readonly from: string };

export type GalleryVersion = GalleryFile & { readonly recipe: string; readonly rendition: RenditionRecord };

/** One film of the gallery, with everything that was made of it. */
export type GalleryFilm = {
  /** The name of its page and its folder: letters, digits and hyphens alone. */
  readonly id: string;
  readonly title: string;
  readonly seconds: number;
  readonly poster: GalleryFile | undefined;
  readonly sprite: (GalleryFile & { readonly grid: NonNullable<Manifest['thumbnails']>['sprite'] }) | undefined;
  /** Every rendition, those that most browsers play first. */
  readonly versions: readonly GalleryVersion[];
  readonly subtitles: readonly (GalleryFile & { readonly language: string })[];
  /** The HLS playlist of all rungs; it names the other files beside it. */
  readonly playlist: GalleryFile | undefined;
  /** Everything that is copied, the files that a playlist names among them. */
  readonly files: readonly GalleryFile[];
};

/** Returns the films of all results: results of one source are one film. They are in the order of their titles. */
export function galleryFilms(results: readonly FoundResult[]): readonly GalleryFilm[] {
  const bySource = new Map<string, FoundResult[]>();
  for (const result of results) {
    const { sha256, path } = result.manifest.source;
    const name = JSON.stringify([sha256, path]);
    bySource.set(name, [...(bySource.get(name) ?? []), result]);
  }
  const films = [...bySource].map(([name, found]) => filmOf(contentHash(name), found));
  return films
    .filter(({ versions }) => versions.length > 0)
    .sort((a, b) => compareTexts(a.title, b.title) || compareTexts(a.id, b.id));
}

const LONGEST_SLUG = 60;

function filmOf(hash: string, results: readonly FoundResult[]): GalleryFilm {
  const source = results[0]?.manifest.source;
  const title = titleOf(source?.path ?? '');
  const slug = title
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, LONGEST_SLUG);
  const id = [slug, hash.slice(0, 8)].filter((part) => part !== '').join('-');
  const placed = results.flatMap((result) => filesAt(id, result));
  const at = (result: FoundResult, from: string) => placed.find((file) => file.result === result && file.from === from);
  const versions = results.flatMap((result) =>
    result.manifest.renditions.flatMap((rendition) => {
      const file = at(result, rendition.path);
      return file ? [{ ...file, recipe: result.manifest.recipe, rendition }] : [];
    }),
  );
  const pictures = results.find(({ manifest }) => manifest.thumbnails);
  const picture = (kind: 'poster' | 'sprite') => {
    const found = pictures?.manifest.thumbnails?.files.find((file) => file.kind === kind && /\.jpg$/.test(file.path));
    return pictures && found && at(pictures, found.path);
  };
  const [sprite, grid] = [picture('sprite'), pictures?.manifest.thumbnails?.sprite];
  return {
    id,
    title,
    seconds: source?.durationSeconds ?? 0,
    poster: picture('poster'),
    sprite: sprite && grid && { ...sprite, grid },
    versions: versions.toSorted((a, b) => rank(a) - rank(b)),
    subtitles: results.flatMap((result) =>
      (result.manifest.subtitles ?? []).flatMap(({ path, language = 'und' }) => {
        const file = at(result, path);
        return file ? [{ ...file, language }] : [];
      }),
    ),
    playlist: results.flatMap((result) => at(result, 'master.m3u8') ?? [])[0],
    files: placed,
  };
}

/** The source's name without folders and extension. */
const titleOf = (path: string) => nameOf(path).replace(/(?<=.)\.[^.]{1,5}$/, '');

/** H.264 up to 1080 lines plays everywhere; then whatever a browser says that it plays. */
function rank({ rendition: { codec, width, height, path } }: GalleryVersion): number {
  const isWeb = /\.(?:mp4|m4v|webm)$/i.test(path);
  const lines = Math.min(width, height);
  return (isWeb ? 0 : 1e6) + (codec === 'h264' && lines <= 1080 ? 0 : 1e5) - lines;
}

/** Whether every file that a result's playlists may name is there. */
export function hasWholePlaylists({ manifest, there }: FoundResult): boolean {
  const { renditions, sounds = [], subtitles = [], playlists = [] } = manifest;
  return [...renditions, ...sounds, ...subtitles, ...playlists].every(({ path }) => there.has(path));
}

/**
 * Returns the files of a result that are there, each with its place: those that playlists name keep their names. A playlist that
 * names a file that is not there would stop in its middle, so that playlists come all or not at all.
 */
function filesAt(id: string, result: FoundResult): readonly GalleryFile[] {
  const folder = `films/${id}/${result.manifest.recipe.replace(/[^\w-]/g, '_')}`;
  const { renditions, thumbnails, playlists = [], sounds, subtitles } = result.manifest;
  const named = hasWholePlaylists(result) ? playlists : playlists.filter(({ kind }) => kind === 'init');
  const wanted = [renditions, thumbnails?.files ?? [], named, sounds ?? [], subtitles ?? []].flat();
  const taken = new Set<string>();
  return wanted.flatMap(({ path: from }) => {
    if (!result.there.has(from) || taken.has(from)) return [];
    taken.add(from);
    return [{ path: `${folder}/${nameOf(from)}`, result, from }];
  });
}
