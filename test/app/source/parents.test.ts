import { describe, expect, it } from '@jest/globals';
import { openParents } from '../../../app/source/parents.ts';
import type { SourceFacts } from '../../../app/source/read-source.ts';

const outputs = { fetch: async () => Promise.reject(new Error('nothing is fetched here')) };

function counted() {
  const parents = openParents(outputs, new AbortController().signal);
  let reads = 0;
  const read = async () => ({ sha256: `read ${++reads}` }) as SourceFacts;
  return { parents, read, reads: () => reads };
}

describe('what renditions are made from', () => {
  it('is read once, also where two ask at the same time', async () => {
    const { parents, read, reads } = counted();
    parents.add('source', 'abc', read);
    expect(reads()).toBe(0);
    const [one, other] = await Promise.all([parents.facts('source'), parents.facts('source')]);
    expect(await parents.facts('source')).toBe(one);
    expect(other).toBe(one);
    expect(parents.known('source')).toBe(one);
    expect(reads()).toBe(1);
  });

  it('is read again once something else has its name', async () => {
    const { parents, read } = counted();
    parents.add('hd', 'abc', read);
    const before = await parents.facts('hd');
    parents.add('hd', 'def', read);
    expect(parents.known('hd')).toBeUndefined();
    expect(await parents.facts('hd')).not.toBe(before);
  });
});
