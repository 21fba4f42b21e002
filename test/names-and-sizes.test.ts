import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { filesOfTheRepository } from './support/repository.ts';

const ROOMS = ['app', 'core', 'media', 'adapters', 'cli', 'runtime', 'functions', 'tasks'];

/** Names that are declared twice, with the reason. */
const TWICE: Readonly<Record<string, string>> = {
  Playlist: 'a file of HLS or DASH among the results, and what a player plays; each is called so by its own standard',
};

const sources = ROOMS.flatMap((room) =>
  readdirSync(room, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(room, path)),
);
const textOf = (path: string) => readFileSync(path, 'utf8');

/** The names of types, and of functions that a file exports. */
const declared = (path: string) =>
  [...textOf(path).matchAll(/^(?:(?:export )?(?:type|interface)|export (?:async )?(?:function\*?|class)) (\w+)/gm)].map(
    ([, name = '']) => ({ name, path }),
  );

/** The files from which a file takes something, and what: a name, or * for the whole file. */
const imported = (path: string) =>
  [
    ...textOf(path).matchAll(/(?:(?:im|ex)port\s+(?:type\s+)?([^;'"]*?)\s*from\s*|import\s*\(\s*)['"](\.[^'"]+)['"]/g),
  ].flatMap(([, names = '*', from = '']) => {
    const file = join(dirname(path), from);
    return names.includes('*') ? [`${file} *`] : [...names.matchAll(/\w+/g)].map(([name]) => `${file} ${name}`);
  });

/** The names that a file exports at their declaration. */
const exported = (path: string) =>
  [...textOf(path).matchAll(/^export (?:async )?(?:type|interface|const|function\*?|class) (\w+)/gm)].map(
    ([, name = '']) => ({ name, path }),
  );

describe('the house', () => {
  it('exports only what another file imports', async () => {
    const modules = (await filesOfTheRepository()).filter((path) => /\.[mc]?[jt]sx?$/.test(path));
    const taken = new Set(modules.flatMap(imported));
    const all = sources.flatMap(exported);
    expect(all.length).toBeGreaterThan(1000);
    const idle = all.filter(({ name, path }) => !taken.has(`${path} ${name}`) && !taken.has(`${path} *`));
    expect(idle.map(({ name, path }) => `${name} of ${path}`)).toEqual([]);
  });

  it('gives a name of a type or of an exported function to one thing', () => {
    const places = new Map<string, Set<string>>();
    for (const { name, path } of sources.flatMap(declared)) places.set(name, (places.get(name) ?? new Set()).add(path));
    expect(places.size).toBeGreaterThan(1000);
    const twice = [...places].filter(([, paths]) => paths.size > 1);
    expect(twice.filter(([name]) => !Object.hasOwn(TWICE, name)).map(([name, paths]) => [name, ...paths])).toEqual([]);
    expect(Object.keys(TWICE).filter((name) => !twice.some(([found]) => found === name))).toEqual([]);
  });

  it('has short files: half of them at most 90 lines, none over 250', () => {
    const lines = sources.map((path) => textOf(path).split('\n').length - 1).sort((a, b) => a - b);
    expect(lines.length).toBeGreaterThan(400);
    expect(lines[lines.length >> 1]).toBeLessThanOrEqual(90);
    expect(lines.at(-1)).toBeLessThanOrEqual(250);
  });
});
