import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { filesAndSources, type Manifest, manifestFrom } from '../../core/job/manifest.ts';
import { HIDDEN_FOLDER, keyAt } from '../../core/job/result-place.ts';
import { originalsOf } from './originals-folder.ts';

const MANIFEST = 'manifest.json';
/** Folders in the hidden one that hold no manifests of films that are published. */
const NO_RECIPES = ['work', 'originals', 'replaced', 'failed', 'samples'];

/** The path of a published file on the disk, and its bytes as they were published. */
type Published = readonly [path: string, bytes: number];

/**
 * Returns the files that were published in a folder, by the manifests in its hidden folder or by one in the folder itself.
 * A film that was put in the place of its source is not among them: it is that source now.
 */
export async function publishedIn(folder: string, names: readonly string[]): Promise<readonly Published[]> {
  const published: Published[] = [];
  if (names.includes(MANIFEST)) {
    const manifest = await manifestAt(join(folder, MANIFEST));
    if (manifest)
      published.push(...filesAndSources(manifest).map(({ path, bytes }) => [join(folder, path), bytes] as const));
  }
  if (!names.includes(HIDDEN_FOLDER)) return published;
  const isInPlace = await isThere(originalsOf(folder));
  for (const recipe of await recipesIn(folder)) {
    for await (const outputPrefix of placesIn(folder, `${HIDDEN_FOLDER}/${recipe}`)) {
      const manifest = await manifestAt(join(folder, outputPrefix, MANIFEST));
      if (!manifest || (isInPlace && (await isSource(manifest, outputPrefix, folder)))) continue;
      for (const { path, bytes } of filesAndSources(manifest))
        published.push([join(folder, keyAt({ outputPrefix }, path)), bytes]);
    }
  }
  return published;
}

/** Returns the recipes whose manifests are in the hidden folder of a folder of results. */
export const recipesIn = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(join(folder, HIDDEN_FOLDER), { withFileTypes: true }).catch(() => []);
  return entries.flatMap((each) => (each.isDirectory() && !NO_RECIPES.includes(each.name) ? [each.name] : []));
};

/** Whether a film is in the place of its source: under its name, or under another while the source is gone. */
async function isSource({ source, renditions }: Manifest, outputPrefix: string, folder: string): Promise<boolean> {
  const takesName = renditions.some(({ path }) => keyAt({ outputPrefix }, path) === source.path);
  return takesName || !(await isThere(join(folder, source.path)));
}

/** Yields the folders of manifests below a folder. */
async function* placesIn(root: string, prefix: string): AsyncGenerator<string> {
  const entries = await readdir(join(root, prefix), { withFileTypes: true }).catch(() => []);
  if (entries.some(({ name }) => name === MANIFEST)) yield prefix;
  for (const entry of entries) if (entry.isDirectory()) yield* placesIn(root, `${prefix}/${entry.name}`);
}

async function manifestAt(path: string): Promise<Manifest | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  return bytes && manifestFrom(bytes);
}

const isThere = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined;
