import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { settling } from '../../../adapters/local/settling.ts';
import type { ObjectInfo } from '../../../core/ports/object-store.ts';

const info = (bytes: number): ObjectInfo => ({ key: 'a', bytes, modifiedMs: 1 });

/** A file whose looks are given one by one; undefined is a file that is gone. */
function lookedAt(looks: readonly (() => Promise<ObjectInfo | undefined> | ObjectInfo | undefined)[]) {
  const reported: number[] = [];
  const abort = new AbortController();
  let index = 0;
  const look = async () => looks[Math.min(index++, looks.length - 1)]?.();
  const files = settling({
    stableMs: 5,
    signal: abort.signal,
    look,
    onStable: ({ bytes }) => {
      reported.push(bytes);
    },
  });
  return { files, reported, abort, looks: () => index };
}

describe('settling', () => {
  it.each([
    { what: 'one that lies still', bytes: [1, 1], reported: [1] },
    { what: 'one that grows', bytes: [1, 2, 3, 3], reported: [3] },
    { what: 'one that shrinks and grows', bytes: [3, 2, 3, 3], reported: [3] },
    { what: 'one that is gone', bytes: [undefined], reported: [] },
    { what: 'one that goes while it is waited for', bytes: [1, 2, undefined], reported: [] },
  ])('reports $what: $reported', async ({ bytes, reported: expected }) => {
    const { files, reported } = lookedAt(bytes.map((each) => () => (each === undefined ? undefined : info(each))));
    await files.see('a');
    expect(reported).toEqual(expected);
  });

  it('reports each version once, however often it is seen', async () => {
    const { files, reported } = lookedAt([() => info(1)]);
    await Promise.all([files.see('a'), files.see('a'), files.see('a')]);
    await files.see('a');
    expect(reported).toEqual([1]);
    expect([...files.reported()]).toEqual(['a']);
  });

  it('forgets a file that has gone, so that it is reported again if it comes back unchanged', async () => {
    const there = () => info(1);
    const { files, reported } = lookedAt([there, there, () => undefined, there]);
    await files.see('a');
    await files.see('a');
    expect([...files.reported()]).toEqual([]);
    await files.see('a');
    expect(reported).toEqual([1, 1]);
  });

  it('misses no change that comes after its last look', async () => {
    let change = () => {};
    const changed = new Promise<void>((resolve) => {
      change = resolve;
    });
    const slowLook = async () => {
      const before = info(1);
      await changed;
      return before;
    };
    const { files, reported, looks } = lookedAt([() => info(1), slowLook, () => info(2)]);
    const settled = files.see('a');
    while (looks() < 2) await sleep(1);
    void files.see('a');
    change();
    await settled;
    expect(reported).toEqual([1, 2]);
  });

  it('ends quietly when aborted', async () => {
    const { files, reported, abort } = lookedAt([() => info(1)]);
    const settled = files.see('a');
    abort.abort();
    await expect(settled).resolves.toBeUndefined();
    expect(reported).toEqual([]);
  });

  it('passes on what goes wrong, and works again after it', async () => {
    const broken = () => Promise.reject(new RangeError('a bug'));
    const { files, reported } = lookedAt([broken, () => info(1)]);
    await expect(files.see('a')).rejects.toThrow('a bug');
    await files.see('a');
    expect(reported).toEqual([1]);
  });
});
