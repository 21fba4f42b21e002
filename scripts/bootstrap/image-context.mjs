import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { ROOT } from '../setup.mjs';

/** @typedef {'encode' | 'upscale'} Image */
/** @typedef {{ readonly path: string, readonly bytes: Uint8Array }} Entry */

/** What CodeBuild runs. */
const BUILDSPEC = 'docker/buildspec.yml';

/**
 * Everything that an image is made from, as it lies in the checkout, by the list that the image's Dockerfile is given as
 * its context. The bundled task has to be there already.
 * @param {Image} image
 * @param {string} [root]
 * @returns {Promise<readonly Entry[]>} sorted by path
 */
export async function imageContext(image, root = ROOT) {
  const dockerfile = `docker/${image}/Dockerfile`;
  const ignore = `${dockerfile}.dockerignore`;
  const patterns = (await readFile(join(root, ignore), 'utf8'))
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));
  const found = await Promise.all(patterns.map((pattern) => pathsOf(pattern, root)));
  const paths = [...new Set([BUILDSPEC, dockerfile, ignore, ...found.flat()])].sort();
  return Promise.all(paths.map(async (path) => ({ path, bytes: await readFile(join(root, path)) })));
}

/**
 * The tag under which ECR has an image. Equal contents have an equal tag on any day and machine, so that an image that is there
 * is not built again.
 * @param {readonly Entry[]} entries
 * @param {{ readonly platform: string, readonly target?: string | undefined }} of
 */
export function contentKey(entries, { platform, target = '' }) {
  const hash = createHash('sha256').update(JSON.stringify([platform, target]));
  for (const { path, bytes } of entries) {
    hash.update(JSON.stringify([path, createHash('sha256').update(bytes).digest('hex')]));
  }
  return hash.digest('hex').slice(0, 32);
}

/** @param {readonly Entry[]} entries */
export const zipOf = (entries) => zipSync(Object.fromEntries(entries.map(({ path, bytes }) => [path, bytes])));

/**
 * The files of one pattern: a file, a folder with all that lies in it, or a * in the last part of a path.
 * @param {string} pattern
 * @param {string} root
 * @returns {Promise<readonly string[]>}
 */
async function pathsOf(pattern, root) {
  const slash = pattern.lastIndexOf('/');
  const [folder, name] = [pattern.slice(0, Math.max(slash, 0)), pattern.slice(slash + 1)];
  if (name.startsWith('*')) {
    const names = await readdir(join(root, folder));
    return names.filter((each) => each.endsWith(name.slice(1))).map((each) => `${folder}/${each}`);
  }
  if (!(await stat(join(root, pattern))).isDirectory()) return [pattern];
  const inside = await readdir(join(root, pattern), { withFileTypes: true });
  const nested = inside.map((each) => pathsOf(`${pattern}/${each.name}`, root));
  return (await Promise.all(nested)).flat();
}
