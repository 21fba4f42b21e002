import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { backfill } from '../../../app/intake/backfill.ts';
import { takeDrop } from '../../../app/intake/take-drop.ts';
import type { Backfill, ListedObject } from '../../../core/job/backfilled.ts';
import { type TestIntake, testIntake } from '../../support/intake.ts';

const { signal } = new AbortController();
const file = (source: string, isArchived = false): ListedObject & { readonly source: string } => ({
  ...{ source, key: source, bytes: 6, isArchived },
});

describe('a backfill', () => {
  let intake: TestIntake;
  let delivered: Backfill[] = [];
  const deliver = async (drops: readonly Backfill[]) => {
    delivered.push(...drops);
  };
  beforeAll(async () => {
    intake = await testIntake();
    for (const key of ['input/ladder/a.mov', 'input/ladder/b.mov', 'input/preserve/c.mov'])
      await intake.folder.write(key, 'a film', 'video/quicktime');
  });
  afterAll(() => intake.close());

  async function* films() {
    for (const name of ['ladder/a.mov', 'ladder/b.mov', 'preserve/c.mov']) yield file(`input/${name}`);
  }
  const run = (of: AsyncIterable<ListedObject & { readonly source: string }>, settings = {}) => {
    delivered = [];
    const asked = { to: 'preserve', settings, isDryRun: false, signal, onFile: () => undefined };
    return backfill(of, { ...intake, deliver }, asked);
  };
  const take = async () => {
    for (const { source, to, settings } of delivered) await takeDrop(source, intake, to, settings);
  };

  it('makes one job of each film, and of a second time none', async () => {
    expect(await run(films())).toMatchObject({ jobs: 3, new: { files: 3 } });
    const twice = [...delivered];
    await take();
    delivered = twice; // the queue delivers a message again
    await take();
    expect(intake.sent.map(({ job }) => [job.source, job.recipe, job.outputPrefix])).toEqual([
      ['input/ladder/a.mov', 'preserve', 'output/preserve/input/ladder/a.mov'],
      ['input/ladder/b.mov', 'preserve', 'output/preserve/input/ladder/b.mov'],
      ['input/preserve/c.mov', 'preserve', 'output/preserve/c.mov'],
    ]);
    expect(await run(films())).toMatchObject({ jobs: 0, known: { files: 3 } });
    expect(delivered).toEqual([]);
  });

  it('gives its jobs the settings that it was asked for, before those that came with a drop', async () => {
    await intake.folder.write('input/preserve/mine.mov', 'a film', 'video/quicktime');
    await intake.folder.write(
      'input/preserve/mine.mov.reelmill.json',
      '{"settings":{"crf":20,"preset":"slow"}}',
      'application/json',
    );
    await intake.folder.write('input/ladder/theirs.mov', 'a film', 'video/quicktime');
    await intake.folder.write(
      'input/ladder/theirs.mov.reelmill.json',
      '{"settings":{"shortSide":240}}',
      'application/json',
    );
    const both = async function* () {
      yield file('input/preserve/mine.mov');
      yield file('input/ladder/theirs.mov');
    };
    expect(await run(both(), { crf: '22' })).toMatchObject({ jobs: 2 });
    expect(delivered.map(({ settings }) => settings)).toEqual([{ crf: '22' }, { crf: '22' }]);
    await take();
    const settingsOf = async (source: string) =>
      (await intake.jobs.list(100)).find((job) => job.source === source)?.settings;
    expect(await settingsOf('input/preserve/mine.mov')).toEqual({ crf: '22', preset: 'slow' });
    expect(await settingsOf('input/ladder/theirs.mov')).toEqual({ crf: '22' });
  });

  it('finds the job of a drop that came by itself', async () => {
    await intake.folder.write('input/preserve/dropped.mov', 'a film', 'video/quicktime');
    await takeDrop('input/preserve/dropped.mov', intake);
    const one = async function* () {
      yield file('input/preserve/dropped.mov');
    };
    expect(await run(one())).toMatchObject({ jobs: 0, known: { files: 1 } });
  });

  it('passes over what lies in an archive class, and makes jobs of the others', async () => {
    await intake.folder.write('input/ladder/warm.mov', 'a film', 'video/quicktime');
    const some = async function* () {
      yield file('input/ladder/cold.mov', true);
      yield file('input/ladder/warm.mov');
    };
    expect(await run(some())).toMatchObject({ jobs: 1, archived: { files: 1, bytes: 6 } });
    expect(delivered).toEqual([{ source: 'input/ladder/warm.mov', to: 'preserve' }]);
  });

  it.each([
    { first: 'input/ladder/twin.mov', second: 'input/preserve/input/ladder/twin.mov' },
    { first: 'input/preserve/input/ladder/twin 2.mov', second: 'input/ladder/twin 2.mov' },
  ])('never gives two sources one place: $second', async ({ first, second }) => {
    for (const key of [first, second]) await intake.folder.write(key, 'a film', 'video/quicktime');
    const taken = await takeDrop(second, intake, 'preserve');
    expect(taken).toMatchObject({ outcome: 'refused', reason: expect.stringContaining(`where those of ${first} lie`) });
  });

  it('goes through many files with a handful in memory', async () => {
    const count = 50_000;
    let listed = 0;
    let looked = 0;
    let most = 0;
    const many = async function* () {
      for (; listed < count; listed++) {
        most = Math.max(most, listed - looked);
        yield file(`input/ladder/photos/${listed}.jpg`);
      }
    };
    const onFile = () => {
      looked++;
    };
    const tally = await backfill(many(), { ...intake, deliver }, { to: 'preserve', isDryRun: true, signal, onFile });
    expect(tally).toMatchObject({ jobs: 0, other: { files: count } });
    expect(most).toBeLessThanOrEqual(16);
  });
});
