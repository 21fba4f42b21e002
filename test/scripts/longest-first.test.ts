import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import LongestFirst, { longestFirst, secondsOf } from '../../scripts/longest-first.mjs';
import seconds from '../seconds.json' with { type: 'json' };

describe('the order of test files', () => {
  it('begins with those that took longest, and leaves the others as they come', () => {
    const paths = ['test/b.test.ts', 'test/long.test.ts', 'test/a.test.ts', 'test/longer.test.ts'].map((path) =>
      resolve(path),
    );
    const order = longestFirst(paths, { 'test/long.test.ts': 10, 'test/longer.test.ts': 20 });
    expect(order).toEqual(
      ['test/longer.test.ts', 'test/long.test.ts', 'test/b.test.ts', 'test/a.test.ts'].map((path) => resolve(path)),
    );
  });

  it('is that of the record where jest itself knows nothing, by its size for what is not recorded', async () => {
    const [longest = '', next = ''] = Object.keys(seconds);
    const context = {
      config: { cache: false },
      hasteFS: { getSize: (path: string) => path.length },
    };
    const tests = ['test/a.test.ts', next, 'test/larger.test.ts', longest].map((path) => ({
      path: resolve(path),
      context,
    }));
    const sequencer = new LongestFirst({ contexts: [], globalConfig: {} } as never);
    const order = await sequencer.sort(tests as never);
    expect(order.map(({ path }) => path)).toEqual(
      [longest, next, 'test/larger.test.ts', 'test/a.test.ts'].map((path) => resolve(path)),
    );
  });

  it('is recorded from what runs say of themselves, without what took little', () => {
    const result = (name: string, endTime: number) => ({ name: resolve('test', name), startTime: 1000, endTime });
    const run = { testResults: [result('a.test.ts', 7400), result('b.test.ts', 3000)] };
    const wide = { testResults: [result('c.test.ts', 31_000)] };
    expect(Object.entries(secondsOf(run, wide))).toEqual([
      ['test/c.test.ts', 30],
      ['test/a.test.ts', 6],
    ]);
  });

  it('names no file that is gone', async () => {
    for (const path of Object.keys(seconds)) expect((await stat(path)).isFile()).toBe(true);
  });
});
