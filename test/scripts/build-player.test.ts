import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { playerFiles } from '../../scripts/build-player.mjs';
import { ROOT } from '../../scripts/setup.mjs';

let files: ReadonlyMap<string, string>;
beforeAll(async () => {
  files = await playerFiles(ROOT);
});

describe('the built player', () => {
  it('is one module of at most 20 kB with gzip', () => {
    expect(gzipSync(files.get('player.js') ?? '').length).toBeLessThanOrEqual(20_000);
    expect(files.get('player.js')).not.toMatch(/\bfrom\s*["']/);
  });

  it('loads what it needs later from beside it, and nothing from elsewhere', () => {
    const imports = [...(files.get('player.js') ?? '').matchAll(/import\("([^"]+)"\)/g)].map(([, path]) => path);
    expect(new Set(imports)).toEqual(new Set(['./later.js', './sphere.js']));
    for (const [name, text] of files)
      if (name.endsWith('.js')) expect([name, /\bimport\s*\(\s*["']https?:/.test(text)]).toEqual([name, false]);
  });

  it('is a package without dependencies, whose files are all there', () => {
    const { dependencies, files: names, exports } = JSON.parse(files.get('package.json') ?? '');
    expect(dependencies).toBeUndefined();
    expect(names.filter((name: string) => !files.has(name))).toEqual([]);
    expect(exports['.']).toEqual({ types: './player.d.ts', default: './player.js' });
  });
});
