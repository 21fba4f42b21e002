import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The licences of all packages that went into a bundle, as their texts ask for.
 * @param {readonly string[]} inputs paths relative to the root
 * @param {string} root
 */
export async function licences(inputs, root) {
  const folders = new Set(inputs.flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
  const texts = await Promise.all([...folders].sort().map((folder) => licenceOf(join(root, folder))));
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

/** @param {string} folder */
async function licenceOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((each) => /^(licen[cs]e|copying)(\.|$)/i.test(each));
  const text = file === undefined ? '' : `\n${await readFile(join(folder, file), 'utf8')}`;
  return `${name} ${version} (${license})\n${text}`;
}
