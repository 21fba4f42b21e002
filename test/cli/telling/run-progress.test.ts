import { describe, expect, it } from '@jest/globals';
import { type RunProgress, runProgress } from '../../../cli/telling/run-progress.ts';
import type { JobEvent, Phase } from '../../../core/job/events.ts';
import { type JobId, jobId } from '../../../core/job/job.ts';

/** Events of films whose steps take given seconds, with a clock of its own. */
function player() {
  let nowMs = 0;
  const progress = runProgress(0);
  const play = (event: JobEvent, seconds = 0) => {
    nowMs += 1000 * seconds;
    progress.event(event, nowMs);
  };
  return { progress, play, now: () => progress.snapshot(nowMs) };
}

const idOf = (number: number): JobId => jobId.parse(number.toString(16).padStart(32, '0'));
const queued = (job: JobId, source: string): JobEvent => ({ type: 'job.queued', job, recipe: 'preserve', source });
const planned = (job: JobId, frames: number, seconds = frames / 10): JobEvent => ({
  ...{ type: 'job.planned', job, renditions: ['preserve'], frames, segments: 10, reused: 0 },
  estimate: { seconds, diskBytes: 0, usd: 0 },
});
const told = (
  job: JobId,
  phase: Phase,
  [done, total]: readonly [number, number],
  rendition = 'preserve',
): JobEvent => ({
  ...{ type: 'progress', job, phase, rendition, done, total, unit: 'frames' },
  ...{ fps: undefined, speed: undefined, etaSeconds: undefined },
});
const over = (job: JobId): JobEvent => ({ type: 'job.done', job, status: 'done', manifest: '' });

/** A film of so many frames: reading takes a second, each frame 0.1 s to encode and 0.02 s to verify. */
function wholeFilm(play: ReturnType<typeof player>['play'], number: number, source: string, frames: number): void {
  const job = idOf(number);
  play(queued(job, source));
  play(planned(job, frames), 1);
  play(told(job, 'encode', [frames, frames]), frames * 0.1);
  play(told(job, 'verify', [frames, frames]), frames * 0.02);
  play(over(job));
}

const films = (count: number, bytes: number) =>
  Array.from({ length: count }, (_, i) => ({ source: `${i}.mp4`, bytes }));

describe('the time left over all films', () => {
  it('is not known before anything was measured or foreseen', () => {
    const { progress, play, now } = player();
    progress.expect(films(2, 1000));
    play(queued(idOf(0), '0.mp4'));
    expect(now()).toMatchObject({ position: 1, total: 2, secondsLeft: undefined, film: { source: '0.mp4' } });
  });

  it('is what the plan foresees of the film at hand at first, with verifying counted', () => {
    const { progress, play, now } = player();
    progress.expect(films(1, 1000));
    play(queued(idOf(0), '0.mp4'));
    play(planned(idOf(0), 100, 20), 1);
    expect(now().secondsLeft).toBeCloseTo(20 * 1.1, 6);
  });

  it('counts frames of the film at hand by the speed of encoding it so far', () => {
    const { progress, play, now } = player();
    progress.expect(films(1, 1000));
    play(queued(idOf(0), '0.mp4'));
    play(planned(idOf(0), 100, 20), 1);
    play(told(idOf(0), 'encode', [50, 100]), 25);
    expect(now().secondsLeft).toBeCloseTo(50 * 0.5 + 100 * 0.05, 6);
    play(told(idOf(0), 'encode', [100, 100]), 25);
    expect(now().secondsLeft).toBeCloseTo(100 * 0.05, 6);
    play(told(idOf(0), 'verify', [50, 100]), 10);
    expect(now().secondsLeft).toBeCloseTo(50 * 0.2, 6);
  });

  it('weighs films to come by their bytes, with reading, encoding and verifying as they were measured', () => {
    const { progress, play, now } = player();
    progress.expect([...films(1, 1000), { source: 'large.mp4', bytes: 10_000 }]);
    wholeFilm(play, 0, '0.mp4', 100);
    expect(now()).toMatchObject({ position: 1, total: 2, film: undefined });
    expect(now().secondsLeft).toBeCloseTo(10 * (1 + 10 + 2), 6);
  });

  it('comes true: it falls as fast as time passes where films are alike', () => {
    const { progress, play, now } = player();
    progress.expect(films(10, 1000));
    for (let i = 0; i < 10; i++) {
      wholeFilm(play, i, `${i}.mp4`, 100);
      const { elapsedSeconds, secondsLeft = Number.NaN } = now();
      expect(elapsedSeconds + secondsLeft).toBeCloseTo(130, 6);
    }
    expect(now().secondsLeft ?? 0).toBeCloseTo(0, 6);
  });

  it('expects of films to come that as many of them are unchanged as were so far', () => {
    const { progress, play, now } = player();
    progress.expect(films(6, 1000));
    for (const i of [0, 1, 2]) {
      play(queued(idOf(i), `${i}.mp4`));
      play({ type: 'job.done', job: idOf(i), status: 'unchanged', manifest: '' });
    }
    wholeFilm(play, 3, '3.mp4', 100);
    expect(now().secondsLeft).toBeCloseTo(2 * (0.25 * 1 + 0.25 * 12), 6);
  });

  it('counts films that a walk has found, though nobody announced them one by one', () => {
    const { progress, play, now } = player();
    progress.expect(films(1, 1000));
    wholeFilm(play, 0, '0.mp4', 100);
    progress.foresee({ films: 5, bytes: 5000 });
    expect(now()).toMatchObject({ position: 1, total: 5 });
    expect(now().secondsLeft).toBeCloseTo(4 * 13, 6);
    progress.expect([{ source: '1.mp4', bytes: 1000 }]);
    wholeFilm(play, 1, '1.mp4', 100);
    expect(now()).toMatchObject({ position: 2, total: 5 });
    expect(now().secondsLeft).toBeCloseTo(3 * 13, 6);
  });

  it.each([
    { what: 'is broken', bytes: 20 },
    { what: 'is broken and large', bytes: 1_000_000 },
  ])('does not take the first film for the others if it $what', ({ bytes }) => {
    const { progress, play, now } = player();
    progress.expect([{ source: 'broken.mp4', bytes }, ...films(3, 1000)]);
    play(queued(idOf(9), 'broken.mp4'));
    play({ type: 'job.failed', job: idOf(9), code: 'not-video', reason: 'no video' }, 0.5);
    play(queued(idOf(0), '0.mp4'));
    play(planned(idOf(0), 100), 1);
    play(told(idOf(0), 'encode', [50, 100]), 5);
    expect(now().secondsLeft).toBeCloseTo(50 * 0.1 + 100 * 0.01 + 2 * 100 * (0.1 + 0.01), 6);
  });

  it('does not take the opening of a tiny film for the speed of reading a large one', () => {
    const { progress, play, now } = player();
    progress.expect([
      { source: 'tiny.mp4', bytes: 10 },
      { source: 'large.mp4', bytes: 1e9 },
      { source: 'larger.mp4', bytes: 1e9 },
    ]);
    play(queued(idOf(0), 'tiny.mp4'));
    play({ type: 'job.done', job: idOf(0), status: 'unchanged', manifest: '' }, 0.2);
    play(queued(idOf(1), 'large.mp4'));
    play(planned(idOf(1), 100), 1);
    play(told(idOf(1), 'encode', [50, 100]), 5);
    expect(now().secondsLeft).toBeLessThan(60);
  });

  it('leaves out films that became no job, and those that were made before', () => {
    const { progress, play, now } = player();
    progress.foresee({ films: 5, bytes: 5000 });
    progress.expect(films(3, 1000));
    progress.passed(1000);
    progress.leftOut('0.mp4');
    wholeFilm(play, 1, '1.mp4', 100);
    progress.leftOut('2.mp4');
    expect(now().secondsLeft).toBeCloseTo(0.5 * 13, 6); // of the fifth film, as half of what came before was made
  });

  it('does not take pieces of an earlier run for speed', () => {
    const { progress, play, now } = player();
    progress.expect(films(1, 1000));
    const job = idOf(0);
    play(queued(job, '0.mp4'));
    play(planned(job, 100));
    play({ type: 'segment.done', job, rendition: 'preserve', index: 0, of: 2, frames: 80, bytes: 1, reused: true });
    play(told(job, 'encode', [80, 100]));
    play(told(job, 'encode', [90, 100]), 5);
    expect(now().secondsLeft).toBeCloseTo(10 * 0.5 + 100 * 0.05, 6);
  });
});

describe('the film at hand', () => {
  const shown = (progress: RunProgress) => progress.snapshot(0).film?.progress;

  it('is told of by the rendition that has most left to do', () => {
    const { progress, play } = player();
    play(queued(idOf(0), 'a'));
    play(told(idOf(0), 'encode', [90, 100], '1080p'));
    play(told(idOf(0), 'encode', [20, 100], 'sd'));
    play(told(idOf(0), 'verify', [20, 100], '4k'));
    expect(shown(progress)).toMatchObject({ rendition: 'sd', phase: 'encode', done: 20 });
  });

  it('is told of while it is read, before there is a rendition', () => {
    const { progress, play } = player();
    play(queued(idOf(0), 'a'));
    const reading = told(idOf(0), 'hash', [10, 100]);
    play(reading.type === 'progress' ? { ...reading, rendition: undefined } : reading);
    expect(shown(progress)).toMatchObject({ phase: 'hash' });
    play(told(idOf(0), 'encode', [90, 100]));
    expect(shown(progress)).toMatchObject({ phase: 'encode' });
  });

  it('counts films that nobody announced, as a watched folder has them', () => {
    const { progress, play } = player();
    for (const i of [0, 1, 2]) wholeFilm(play, i, 'same.mp4', 10);
    expect(progress.snapshot(0)).toMatchObject({ position: 3, total: 3 });
  });
});
