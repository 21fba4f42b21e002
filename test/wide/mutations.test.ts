import { createHash } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { MUTATIONS, mutated } from '../support/storms/mutated.ts';
import { mutationStorm, rowsOf } from '../support/storms/mutations.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('a storm of damaged files', () => {
  it('damages each file as its seed says, and never leaves it as it was', async () => {
    const original = await readFile('demo/clips/dog-320x180.mp4');
    const digest = (seed: number) =>
      createHash('sha256')
        .update(mutated(original, original, seed).bytes)
        .digest('hex');
    const seeds = Array.from({ length: 200 }, (_, seed) => seed);
    expect(seeds.map(digest)).toEqual(seeds.map(digest));
    const whole = createHash('sha256').update(original).digest('hex');
    const same = seeds.filter((seed) => digest(seed) === whole).length;
    expect(same).toBeLessThan(20); // a byte may be replaced by itself, and zeros by zeros
    expect(new Set(seeds.map(digest)).size).toBeGreaterThan(150);
  });

  it('ends for each with a film or with one sentence, goes on where it ended, and has a row for each kind', async () => {
    const folder = await temporaryFolder();
    const first = await mutationStorm({ way: 'plan', count: 8 }, folder);
    await appendFile(`${folder}/mutations.jsonl`, '{"seed":8,"way":"pl'); // it was killed as it wrote
    const trials = await mutationStorm({ way: 'plan', count: 10 }, folder);
    expect(trials.slice(0, 8)).toEqual(first);
    expect(trials.filter(({ fault }) => fault)).toEqual([]);
    expect(rowsOf(trials).map(([mutation, files]) => [mutation, files])).toEqual(MUTATIONS.map((each) => [each, 1]));
  });
});
