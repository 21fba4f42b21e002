// Puts sharp and all it needs into the zip of the one function that makes pictures. It cannot be bundled: its libraries
// are files of their own, those of the machine that Lambda is. Nothing is fetched for it: they are taken from node_modules.
const { existsSync, readFileSync } = require('node:fs');
const { join, posix } = require('node:path');

const FUNCTION = 'thumbnail';
const PLATFORM = 'linux-x64';

module.exports = class SharpFiles {
  /** @param {import('./aliases.cjs').Serverless & { serviceDir: string }} serverless */
  constructor(serverless) {
    const { service } = serverless;
    this.hooks = {
      'before:package:createDeploymentArtifacts': () => {
        if (!service.getAllFunctions().includes(FUNCTION)) return;
        const folders = foldersOf('sharp', serverless.serviceDir);
        service.getFunction(FUNCTION).package = { patterns: folders.flatMap(patternsOf) };
      },
    };
  }
};

/**
 * The folders, from the root on, of a package and of what it depends on; of the optional ones, those for the platform.
 * Throws one sentence where one is not installed.
 * @param {string} name
 * @param {string} root
 * @param {string} [from]
 * @param {Set<string>} [found]
 * @returns {readonly string[]}
 */
function foldersOf(name, root, from = '', found = new Set()) {
  const folder = placesFor(name, from).find((place) => existsSync(join(root, place, 'package.json')));
  if (folder === undefined) throw sentence(name, root);
  if (found.has(folder)) return [...found];
  found.add(folder);
  const { dependencies = {}, optionalDependencies = {} } = packageAt(root, folder);
  const native = Object.keys(optionalDependencies).filter((each) => each.endsWith(`-${PLATFORM}`));
  for (const each of [...Object.keys(dependencies), ...native]) foldersOf(each, root, folder, found);
  return [...found];
}

/** Where Node.js looks for it: beside who asks, and further up. */
function placesFor(/** @type {string} */ name, /** @type {string} */ from) {
  const inner = from && posix.join(from, 'node_modules', name);
  const outer = posix.join('node_modules', name);
  return inner ? [inner, outer] : [outer];
}

const packageAt = (/** @type {string} */ root, /** @type {string} */ folder) =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));

/** What runs, and its licence; not sources, types and descriptions. */
const patternsOf = (/** @type {string} */ folder) =>
  ['**/*.{js,cjs,mjs,json,node}', '**/*.so*', 'LICENSE*'].map((files) => `${folder}/${files}`);

/** @param {string} name @param {string} root */
function sentence(name, root) {
  const { optionalDependencies = {} } = packageAt(root, 'node_modules/sharp');
  const wanted = Object.entries(optionalDependencies).filter(([each]) => each.endsWith(`-${PLATFORM}`));
  const packages = wanted.map(([each, version]) => `${each}@${version}`).join(' ');
  const message = `${name} is not installed here, and the function "${FUNCTION}" runs on it: npm i --no-save --force ${packages}`;
  return Object.assign(new Error(message), { stack: undefined }); // the message is the whole story
}
