import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { licencesIn, refusedIn, tableOf } from '../../../scripts/package/licence-table.mjs';

const lock = {
  packages: {
    '': { version: '1.0.0', license: 'UNLICENSED' },
    'node_modules/a': { version: '1.0.0', license: 'MIT', dev: true },
    'node_modules/b/node_modules/a': { version: '1.0.0', license: 'MIT' },
    'node_modules/@scope/c': { version: '2.0.0', license: '(GPL-3.0-only OR MIT)', dev: true },
    'node_modules/d': { version: '3.0.0', license: 'Apache-2.0 AND LGPL-3.0-or-later' },
    'node_modules/linked': { link: true },
  },
};

describe('the licences of the packages', () => {
  it('are all on the list', async () => {
    const packages = licencesIn(JSON.parse(await readFile('package-lock.json', 'utf8')));
    expect(packages.length).toBeGreaterThan(100);
    expect(refusedIn(packages)).toEqual([]);
  });

  it('are read once for each version, which is installed if it is anywhere', () => {
    expect(licencesIn(lock).map(({ name, isInstalled }) => [name, isInstalled])).toEqual([
      ['a', true],
      ['@scope/c', false],
      ['d', true],
    ]);
    expect(tableOf(licencesIn(lock)).split('\n')[1]).toMatch(/^\(GPL-3.0-only OR MIT\) +1 +0$/);
  });

  it.each([
    { license: 'AGPL-3.0-only' },
    { license: 'MIT AND GPL-2.0-only' },
    { license: '(MIT OR Apache-2.0) AND SSPL-1.0' },
    { license: 'SEE LICENSE IN terms.txt' },
    {},
  ])('are refused where they are $license', (each) => {
    const packages = licencesIn({ packages: { 'node_modules/x': { version: '1.0.0', ...each } } });
    expect(refusedIn(packages).map(({ name }) => name)).toEqual(['x']);
  });

  it.each(['MIT', '(MIT OR GPL-3.0-only)', 'Apache-2.0 AND LGPL-3.0-or-later AND MIT'])(
    'are allowed where they are %s',
    (license) => {
      expect(refusedIn(licencesIn({ packages: { 'node_modules/x': { version: '1.0.0', license } } }))).toEqual([]);
    },
  );
});
