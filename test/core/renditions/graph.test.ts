import { describe, expect, it } from '@jest/globals';
import { foreseenVerdicts, type PublishedState, parentsFirst } from '../../../core/renditions/graph.ts';

const CHAIN = [
  { name: '4k', parent: 'source' },
  { name: '1440p', parent: '4k' },
  { name: 'hd', parent: '1440p' },
  { name: 'sd', parent: 'hd' },
  { name: 'thumbnails', parent: 'sd' },
];
/** A graph with all rungs made from the source, and the thumbnails from the smallest. */
const SPREAD = CHAIN.map(({ name, parent }, i) =>
  name === 'thumbnails'
    ? { name, parent }
    : {
        name,
        parent: 'source',
        follows: CHAIN.slice(0, i)
          .reverse()
          .map((n) => n.name),
      },
);
const names = CHAIN.map(({ name }) => name);

/** Records of nodes that were all made, each with its own name as its hash. */
const library = (over: Partial<PublishedState> = {}): PublishedState => ({
  recorded: new Map(CHAIN.map(({ name, parent }) => [name, { sha256: name, parentSha256: parent }])),
  found: new Map(names.map((name) => [name, name])),
  source: 'source',
  sameRecipe: true,
  remake: new Map(),
  keepsEdits: true,
  ...over,
});
const replaced = (name: string) => ({ found: new Map([...library().found, [name, 'by hand']]) });
const without = (name: string) => ({ found: new Map([...library().found].filter(([node]) => node !== name)) });

const made = (over: Partial<PublishedState>) =>
  foreseenVerdicts(CHAIN, library(over)).flatMap(({ name, action }) => (action === 'make' ? [name] : []));

/** Records of rungs that were all made from the source, with the thumbnails from the SD rung. */
const fromSource: PublishedState['recorded'] = new Map(
  SPREAD.map(({ name, parent }) => [name, { sha256: name, parentSha256: parent }]),
);
const spread = (over: Partial<PublishedState>) => foreseenVerdicts(SPREAD, library({ recorded: fromSource, ...over }));

describe('the graph of renditions', () => {
  it.each([
    { change: 'nothing changed', over: {}, rebuilds: [] },
    { change: 'only metadata changed, not a byte of the source', over: { source: 'source' }, rebuilds: [] },
    { change: 'the source changed', over: { source: 'another' }, rebuilds: names },
    { change: 'the 4K was replaced by hand', over: replaced('4k'), rebuilds: ['1440p', 'hd', 'sd', 'thumbnails'] },
    { change: 'the 1440p was replaced by hand', over: replaced('1440p'), rebuilds: ['hd', 'sd', 'thumbnails'] },
    { change: 'the HD was replaced by hand', over: replaced('hd'), rebuilds: ['sd', 'thumbnails'] },
    { change: 'the SD was replaced by hand', over: replaced('sd'), rebuilds: ['thumbnails'] },
    { change: 'the thumbnails were replaced by hand', over: replaced('thumbnails'), rebuilds: [] },
  ])('rebuilds $rebuilds when $change', ({ over, rebuilds }) => {
    expect(made(over)).toEqual(rebuilds);
    expect(spread(over).flatMap(({ name, action }) => (action === 'make' ? [name] : []))).toEqual(rebuilds);
  });

  it.each([
    { change: 'a file is gone', over: without('hd'), rebuilds: ['hd', 'sd', 'thumbnails'] },
    { change: 'the recipe changed', over: { sameRecipe: false }, rebuilds: names },
    {
      change: 'the HD is asked for anew',
      over: { remake: new Map([['hd', 'asked']]) },
      rebuilds: ['hd', 'sd', 'thumbnails'],
    },
    { change: 'nothing was made yet', over: { recorded: new Map() }, rebuilds: names },
    {
      change: 'a file was replaced, of a recipe that undoes that',
      over: { ...replaced('hd'), keepsEdits: false },
      rebuilds: ['hd', 'sd', 'thumbnails'],
    },
    {
      change: 'the source changed and the SD was replaced by hand',
      over: { ...replaced('sd'), source: 'another' },
      rebuilds: names,
    },
  ])('rebuilds $rebuilds when $change', ({ over, rebuilds }) => {
    expect(made(over)).toEqual(rebuilds);
  });

  it('adopts replaced files, and says why the others are made', () => {
    const said = foreseenVerdicts(CHAIN, library(replaced('hd'))).map(
      ({ name, action, why }) => `${name}: ${action}, ${why}`,
    );
    expect(said).toEqual([
      '4k: keep, nothing it depends on changed',
      '1440p: keep, nothing it depends on changed',
      'hd: adopt, its file was replaced by hand',
      'sd: make, hd changed',
      'thumbnails: make, sd is made anew',
    ]);
  });

  it('makes rungs from the nearest one above that was replaced by hand, and otherwise from the source', () => {
    const parents = (over: Partial<PublishedState>) => spread(over).map(({ parent }) => parent);
    expect(parents({})).toEqual(['source', 'source', 'source', 'source', 'sd']);
    expect(parents(replaced('4k'))).toEqual(['source', '4k', '4k', '4k', 'sd']);
    expect(parents(replaced('hd'))).toEqual(['source', 'source', 'source', 'hd', 'sd']);
    const taken = {
      recorded: new Map([...fromSource, ['1440p', { sha256: '1440p', parentSha256: 'source', edited: true }]]),
    };
    expect(parents(taken)).toEqual(['source', 'source', '1440p', '1440p', 'sd']);
    expect(parents({ ...taken, ...without('1440p') })).toEqual(['source', 'source', 'source', 'source', 'sd']);
  });

  it('puts parents first, and refuses a cycle', () => {
    expect(parentsFirst([...CHAIN].reverse()).map(({ name }) => name)).toEqual(names);
    expect(() =>
      parentsFirst([
        { name: 'a', parent: 'b' },
        { name: 'b', parent: 'a' },
      ]),
    ).toThrow('no parent for a, b');
  });
});
