import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foreseenVerdicts, type GraphNode, type PublishedState } from '../../core/renditions/graph.ts';

const hash = fc.constantFrom('a', 'b');

/** A node by its number: whose child it is, what it may follow, and what was recorded and found of it. */
const anyNode = fc.record(
  {
    above: fc.nat(100),
    follows: fc.uniqueArray(fc.nat(100), { maxLength: 2 }),
    remake: fc.boolean(),
    recorded: fc.record({ sha256: hash, parentSha256: hash, edited: fc.boolean() }),
    found: hash,
  },
  { requiredKeys: ['above', 'follows', 'remake'] },
);

const anyLibrary = fc
  .record({
    grown: fc.array(anyNode, { minLength: 1, maxLength: 7 }),
    source: hash,
    sameRecipe: fc.constantFrom(true, true, true, false),
    keepsEdits: fc.boolean(),
  })
  .map(({ grown, ...rest }) => {
    const named = (number: number, before: number) =>
      number % (before + 1) === 0 ? 'source' : `n${number % (before + 1)}`;
    const nodes: GraphNode[] = grown.map(({ above, follows }, i) => ({
      name: `n${i + 1}`,
      parent: named(above, i),
      follows: follows.map((each) => named(each, i)).filter((name) => name !== 'source'),
    }));
    const mapped = <T>(of: (node: (typeof grown)[number]) => T | undefined) =>
      new Map(grown.flatMap((node, i) => (of(node) === undefined ? [] : [[`n${i + 1}`, of(node) as T] as const])));
    const library: PublishedState = {
      ...rest,
      recorded: mapped(({ recorded }) => recorded),
      found: mapped(({ found }) => found),
      remake: mapped(({ remake }) => (remake ? 'asked' : undefined)),
    };
    return { nodes, library };
  });

/**
 * Which nodes are made anew, without walking the graph: every set of nodes is tried as the answer, and right is the smallest one
 * that agrees with itself, when each node is judged by what the set says of its parents.
 */
function madeByTrial(nodes: readonly GraphNode[], library: PublishedState): readonly string[] {
  const { recorded, found, source, sameRecipe, remake, keepsEdits } = library;
  const isEdited = (name: string, made: ReadonlySet<string>) => {
    const record = recorded.get(name);
    if (!record || made.has(name)) return false;
    return record.edited === true || found.get(name) !== record.sha256;
  };
  const agrees = (made: ReadonlySet<string>) =>
    nodes.every(({ name, parent, follows = [] }) => {
      const from = follows.find((each) => isEdited(each, made)) ?? parent;
      const current = from === 'source' ? source : found.get(from);
      const record = recorded.get(name);
      const stays =
        record !== undefined &&
        sameRecipe &&
        !made.has(from) &&
        record.parentSha256 === current &&
        !remake.has(name) &&
        found.has(name) &&
        (found.get(name) === record.sha256 || keepsEdits);
      return stays !== made.has(name);
    });
  const sets = Array.from({ length: 2 ** nodes.length }, (_, bits) =>
    nodes.filter((_, i) => (bits >> i) & 1).map(({ name }) => name),
  ).filter((names) => agrees(new Set(names)));
  expect(sets).toHaveLength(1); // otherwise the trial itself decides nothing
  return sets[0] ?? [];
}

it('makes anew what a search through all answers finds, whatever the graph and whatever changed', () => {
  fc.assert(
    fc.property(anyLibrary, ({ nodes, library }) => {
      const made = foreseenVerdicts(nodes, library).flatMap(({ name, action }) => (action === 'make' ? [name] : []));
      expect(made.sort()).toEqual([...madeByTrial(nodes, library)].sort());
    }),
    { numRuns: 500 },
  );
});
