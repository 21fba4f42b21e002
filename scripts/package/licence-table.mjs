/**
 * Licences whose terms are kept by what is here: their texts go with each package (LICENCES.txt), and what may only be
 * linked or used as it is (LGPL, MPL, CC-BY) is not changed.
 */
const ALLOWED = new Set([
  ...['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'CC0-1.0', 'ISC', 'MIT', 'MIT-0'],
  ...['CC-BY-4.0', 'LGPL-3.0-or-later', 'MPL-2.0', 'PSF-2.0', 'Python-2.0'],
]);

/** @typedef {{ name: string, version: string, licence: string, isInstalled: boolean }} Licenced */

/**
 * The packages of a lock file of version 2 or 3, each version once. `isInstalled` says that whoever installs the product
 * gets the package from npm; all others are needed to build or to test, and are bundled if they are shipped at all.
 * @param {{ packages: Record<string, { version?: string, license?: string, dev?: boolean, link?: boolean }> }} lock
 * @returns {readonly Licenced[]}
 */
export function licencesIn({ packages }) {
  const found = new Map();
  for (const [path, { version = '', license = 'none stated', dev = false, link = false }] of Object.entries(packages)) {
    if (path === '' || link) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const before = found.get(`${name}@${version}`);
    found.set(`${name}@${version}`, {
      name,
      version,
      licence: license,
      isInstalled: !dev || before?.isInstalled === true,
    });
  }
  return [...found.values()];
}

/**
 * The packages that may not be used: an expression (SPDX) is allowed if one side of each OR and both sides of each AND are.
 * @param {readonly Licenced[]} packages
 */
export function refusedIn(packages) {
  return packages.filter(({ licence }) => !isAllowed(licence.replace(/^\((.*)\)$/, '$1')));
}

/** @param {string} expression */
function isAllowed(expression) {
  return expression.split(' OR ').some((side) => side.split(' AND ').every((name) => ALLOWED.has(name)));
}

/**
 * One row for each licence, the most frequent first.
 * @param {readonly Licenced[]} packages
 */
export function tableOf(packages) {
  const names = [...new Set(packages.map(({ licence }) => licence))];
  const rows = names
    .map((name) => /** @type {const} */ ([name, packages.filter(({ licence }) => licence === name)]))
    .sort(([a, all], [b, others]) => others.length - all.length || (a < b ? -1 : 1));
  const width = Math.max(...rows.map(([licence]) => licence.length));
  const line = (
    /** @type {string} */ licence,
    /** @type {string | number} */ all,
    /** @type {string | number} */ installed,
  ) => `${licence.padEnd(width)}  ${String(all).padStart(8)}  ${String(installed).padStart(9)}`;
  return [
    line('licence', 'packages', 'installed'),
    ...rows.map(([licence, all]) => line(licence, all.length, all.filter(({ isInstalled }) => isInstalled).length)),
  ].join('\n');
}
