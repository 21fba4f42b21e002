// A sequencer of jest: the test files that take long come first, so that no single one is left to run at the end.
// What they took in whole runs is recorded by: npm test -- --json --outputFile=A; npm run test:wide -- --json --outputFile=B;
// node scripts/longest-first.mjs A B
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import sequencer from '@jest/test-sequencer';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RECORD = join(ROOT, 'test', 'seconds.json');
/** Which of the two the import is depends on who loads a package in CommonJS: node or jest. */
const Sequencer = 'default' in sequencer ? /** @type {typeof sequencer} */ (sequencer.default) : sequencer;
/** What takes less does not matter at the end. */
const LEAST_SECONDS = 5;

/**
 * The order in which test files are begun, the longest first; those that were not recorded come last, in the order given.
 * @param {readonly string[]} paths
 * @param {Readonly<Record<string, number>>} seconds by path relative to the root
 * @returns {string[]}
 */
export function longestFirst(paths, seconds) {
  const of = (/** @type {string} */ path) => seconds[relative(ROOT, path).replaceAll('\\', '/')] ?? 0;
  return [...paths].sort((a, b) => of(b) - of(a));
}

/**
 * What runs of jest say that their files took, without those that took little.
 * @param {...{ testResults: readonly { name: string, startTime: number, endTime: number }[] }} runs
 * @returns {Record<string, number>}
 */
export function secondsOf(...runs) {
  const all = runs
    .flatMap(({ testResults }) => testResults)
    .map(({ name, startTime, endTime }) => ({
      path: relative(ROOT, name).replaceAll('\\', '/'),
      seconds: Math.round((endTime - startTime) / 1000),
    }));
  const long = all.filter(({ seconds }) => seconds >= LEAST_SECONDS).sort((a, b) => b.seconds - a.seconds);
  return Object.fromEntries(long.map(({ path, seconds }) => [path, seconds]));
}

// biome-ignore lint/style/noDefaultExport: jest takes a sequencer by its default export
export default class LongestFirst extends Sequencer {
  /**
   * @override jest's own order stays where it knows from an earlier run on this machine what the files take.
   * @param {Parameters<InstanceType<typeof Sequencer>['sort']>[0]} tests
   */
  async sort(tests) {
    const byJest = await super.sort(tests);
    if (byJest.some(({ duration }) => duration !== undefined)) return byJest;
    const byPath = new Map(byJest.map((test) => [test.path, test]));
    const order = longestFirst([...byPath.keys()], JSON.parse(readFileSync(RECORD, 'utf8')));
    return order.flatMap((path) => byPath.get(path) ?? []);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const seconds = secondsOf(...process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8'))));
  writeFileSync(RECORD, `${JSON.stringify(seconds, undefined, 2)}\n`);
}
