import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { packFilm, plannedFilmKey, unpackFilm } from '../../core/segments/planned-film.ts';
import { makeClip } from '../fixtures/make.ts';
import { OPEN_GOPS, reorderedNoise, TIMECODE } from '../fixtures/noise.ts';
import type { LoggedS3 } from '../support/logged-s3.ts';
import { bytesAsked, piecesIn, plannedTasks } from '../support/planned-tasks.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const TASKS = 3;
const SETTINGS = { segmentSeconds: '3-4', preset: 'ultrafast', crf: '40', evenIfLarger: true };

/** How it is in other containers: test/wide/parts-of-each-container.test.ts. */
const FILMS = {
  'at-end.mp4': reorderedNoise('at-end.mp4', TIMECODE),
  'film.mkv': reorderedNoise('film.mkv', TIMECODE),
  'open.mp4': reorderedNoise('open.mp4', [...TIMECODE, ...OPEN_GOPS]),
};
type Name = keyof typeof FILMS;

describe('the tasks of a film', () => {
  let root: string;
  let stage: Awaited<ReturnType<typeof plannedTasks>>;

  beforeAll(async () => {
    root = await temporaryFolder();
    stage = await plannedTasks(root);
  });
  afterAll(() => stage.close());

  const filmOf = async (name: Name) => readFile(await makeClip(FILMS[name]));

  /** A job whose source lies in the bucket and was planned for several tasks. */
  async function planned(name: Name, key: string = name) {
    const job = await stage.dropped(key, await filmOf(name), SETTINGS);
    expect(await job.run('plan')).toEqual({ status: 'done' });
    await stage.divided(job, TASKS);
    return job;
  }

  const known = new Map<Name, Promise<Readonly<Record<string, string>>>>();
  /** What one task makes that knows nothing of a plan and fetches the whole. It is made once of each film. */
  function wholePieces(name: Name): Promise<Readonly<Record<string, string>>> {
    const made = known.get(name) ?? makeWholePieces(name);
    known.set(name, made);
    return made;
  }

  async function makeWholePieces(name: Name): Promise<Readonly<Record<string, string>>> {
    const film = await filmOf(name);
    const whole = await stage.dropped(`whole-${name}`, film, SETTINGS);
    expect((await stage.shared(whole, 1)).map(bytesAsked)).toEqual([film.length]);
    return piecesIn(whole.cache);
  }

  it.each(['at-end.mp4', 'film.mkv'] as const)(
    'fetch of %s only parts, and make the same pieces as of the whole',
    async (name) => {
      const bytes = (await filmOf(name)).length;
      const job = await planned(name);
      for (const ranges of await stage.shared(job, TASKS)) expect(bytesAsked(ranges)).toBeLessThan(0.85 * bytes);
      const made = await piecesIn(job.cache);
      expect(Object.keys(made).length).toBeGreaterThanOrEqual(2 * TASKS);
      expect(made).toEqual(await wholePieces(name));
    },
  );

  it('leave nothing of the source on the disk', async () => {
    expect((await readdir(join(root, 'scratch'))).filter((name) => name.startsWith('fetched-'))).toEqual([]);
  });

  it('never encode what was not fetched: where the plan is wrong about the places, they fetch all of it', async () => {
    const job = await planned('at-end.mp4', 'wrong.mp4');
    const film = unpackFilm<object>((await stage.bucket.read(plannedFilmKey(job.job.id))) ?? new Uint8Array());
    if (!film) throw new Error('there is no plan');
    const positions = film.film.places.positions.map((at) => Math.floor(at / 4));
    const wrong = { ...film, film: { ...film.film, places: { ...film.film.places, positions } } };
    await stage.bucket.write(plannedFilmKey(job.job.id), packFilm(wrong), 'application/octet-stream');
    const fetched = await stage.shared(job, TASKS);
    expect(fetched.map(bytesAsked)).toContain((await filmOf('at-end.mp4')).length);
    expect(await piecesIn(job.cache)).toEqual(await wholePieces('at-end.mp4'));
  });

  it('make the same of a bucket that answers no range', async () => {
    const job = await planned('at-end.mp4', 'no-ranges.mp4');
    stage.server.setRefusing(true);
    await stage.shared(job, TASKS);
    stage.server.setRefusing(false);
    expect(await piecesIn(job.cache)).toEqual(await wholePieces('at-end.mp4'));
  });

  it('read a source anew that was replaced after the plan', async () => {
    const job = await planned('at-end.mp4', 'replaced.mp4');
    await stage.bucket.write(job.job.source, await filmOf('open.mp4'), 'video/mp4');
    await stage.shared(job, TASKS);
    expect(await piecesIn(job.cache)).toEqual(await wholePieces('open.mp4'));
  });

  it('say that a source was replaced between two ranges, to be tried again, and keep no piece of it', async () => {
    const job = await planned('at-end.mp4', 'meanwhile.mp4');
    stage.server.asked.length = 0;
    const other = await filmOf('open.mp4');
    const replace = () => stage.bucket.write(job.job.source, other, 'video/mp4');
    const waiting = setReplacement(stage.server, job.job.source, replace);
    expect(await job.run('segment', 0)).toEqual({
      status: 'failed',
      code: 'reclaimed',
      reason: expect.stringMatching(/meanwhile\.mp4 was replaced while it was read; try again$/),
    });
    waiting();
    expect(await piecesIn(job.cache)).toEqual({});
  });
});

/** Acts before the first GET of an object; returns what gives up waiting for it. */
function setReplacement(server: LoggedS3, key: string, act: () => Promise<unknown>): () => void {
  let isWaiting = true;
  const wait = () =>
    server.beforeNext(async () => {
      if (!isWaiting) return;
      if (server.asked.at(-1)?.path.endsWith(key)) await act();
      else wait();
    });
  wait();
  return () => {
    isWaiting = false;
  };
}
