import type { Film } from '../../player/film/film.ts';
import type { JobManifest } from '../api/answers.ts';
import { playable } from './playable.ts';

/**
 * What our player plays of a result: each rendition that this browser decodes, further sounds, and subtitles. On AWS each
 * file has an address of its own, signed for it alone, so that all of them are asked for before.
 */
export async function filmOfResult(
  manifest: JobManifest,
  addressOf: (path: string) => Promise<string>,
): Promise<Film | undefined> {
  const { filmOfManifest } = await import('./player-module.ts');
  const { sounds = [], subtitles = [], thumbnails } = manifest;
  const pictures = thumbnails?.files.filter(({ kind }) => kind === 'poster') ?? [];
  const paths = [...playable(manifest.renditions), ...sounds, ...subtitles, ...pictures].map(({ path }) => path);
  const asked = paths.map(async (path) => [path, new URL(await addressOf(path), location.href).href] as const);
  const addresses = new Map(await Promise.all(asked));
  return filmOfManifest(manifest, (path) => addresses.get(path));
}
