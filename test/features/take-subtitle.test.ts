import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { takeDrop } from '../../app/intake/take-drop.ts';
import type { Job } from '../../core/job/job.ts';
import { type TestIntake, testIntake } from '../support/intake.ts';

const FILM = 'input/preserve/a/film.mkv';
const SUBTITLE = 'input/preserve/a/film.eng.srt';

describe('a subtitle that is dropped into a bucket', () => {
  let intake: TestIntake;
  const drop = (key: string, text = 'some bytes') => intake.folder.write(key, text, 'video/mp4');
  const ended = (job: Job | undefined) =>
    job && intake.jobs.advance(job.id, 'queued', { status: 'done', manifest: 'manifest.json' }, intake.clock.now());

  beforeEach(async () => {
    intake = await testIntake();
  });
  afterEach(() => intake.close());

  it('waits for its film, which takes it along', async () => {
    await drop(SUBTITLE);
    expect(await takeDrop(SUBTITLE, intake)).toEqual({ outcome: 'ignored' });
    await drop(FILM);
    expect(await takeDrop(FILM, intake)).toMatchObject({ outcome: 'sent', jobs: [{ source: FILM }] });
    expect(await takeDrop(SUBTITLE, intake)).toMatchObject({ outcome: 'known', jobs: [{ source: FILM }] });
    expect(intake.sent).toHaveLength(1);
    expect(intake.notices).toEqual([]);
  });

  it('has its film taken up again, into the same place, where it comes later; once', async () => {
    await drop(FILM);
    await takeDrop(FILM, intake);
    await ended(intake.sent[0]?.job);
    await drop(SUBTITLE);
    for (let times = 0; times < 2; times++) await takeDrop(SUBTITLE, intake);
    expect(intake.sent.map(({ job }) => [job.source, job.outputPrefix])).toEqual([
      [FILM, 'output/preserve/a/film.mkv'],
      [FILM, 'output/preserve/a/film.mkv'],
    ]);
    expect(new Set(intake.sent.map(({ job }) => job.id)).size).toBe(2);
    await ended(intake.sent[1]?.job);
    expect(await takeDrop(SUBTITLE, intake)).toMatchObject({ outcome: 'known', jobs: [] });
  });

  it('is a job of every film that it is named after, and of no other', async () => {
    for (const name of ['film.mp4', 'film.mkv', 'film.eng.forced.mkv', 'film.eng.mkv.part', 'sub/film.mkv'])
      await drop(`input/preserve/a/${name}`);
    await drop(SUBTITLE);
    const taken = await takeDrop(SUBTITLE, intake);
    expect('jobs' in taken && taken.jobs.map(({ source }) => source).sort()).toEqual([
      'input/preserve/a/film.mkv',
      'input/preserve/a/film.mp4',
    ]);
  });

  it('is none of a recipe that takes none along', async () => {
    for (const key of ['input/vj/film.mov', 'input/vj/film.srt']) await drop(key);
    await takeDrop('input/vj/film.mov', intake);
    expect(await takeDrop('input/vj/film.srt', intake)).toEqual({ outcome: 'ignored' });
    expect(intake.sent).toHaveLength(1);
  });

  it.each(['GX01.LRV', 'GX01.THM', '@eaDir/film.mkv/x.jpg', 'Thumbs.db', '._film.mkv'])(
    'and %s beside it are no jobs',
    async (name) => {
      await drop(`input/preserve/${name}`);
      expect(await takeDrop(`input/preserve/${name}`, intake)).toEqual({ outcome: 'ignored' });
      expect(intake.notices).toEqual([]);
    },
  );
});
