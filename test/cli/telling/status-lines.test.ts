import { describe, expect, it } from '@jest/globals';
import type { RunSnapshot } from '../../../cli/telling/run-progress.ts';
import { EMPTY_TALLY, withResult } from '../../../cli/telling/run-tally.ts';
import { minuteLine, statusLines } from '../../../cli/telling/status-lines.ts';
import { displayWidth } from '../../../cli/terminal/display-width.ts';
import type { JobEvent } from '../../../core/job/events.ts';
import { jobId } from '../../../core/job/job.ts';

const progress: Extract<JobEvent, { type: 'progress' }> = {
  type: 'progress',
  job: jobId.parse('0'.repeat(32)),
  phase: 'encode',
  rendition: 'preserve',
  done: 430,
  total: 1000,
  unit: 'frames',
  fps: 12.34,
  speed: 0.514,
  etaSeconds: 46,
};
const done = withResult(EMPTY_TALLY, {
  ...{ source: 'a', recipe: 'preserve', fate: 'done', quality: undefined, seconds: 1 },
  ...{ before: 20_000_000_000, after: 7_600_000_000 },
});
const tally = { ...done, noun: 'film' } as const;
const source = 'holiday/2019/Rome and Napoli/Camera 2/旅行DSC_0042.mov';
const film = { source, recipe: 'preserve', progress };
const snapshot: RunSnapshot = { position: 2, total: 32, film, others: 0, elapsedSeconds: 900, secondsLeft: 2700 };

describe('the lines below', () => {
  it.each([40, 80, 120])('name the film that began first and count the others, in %i columns', (width) => {
    const [line = '', ...others] = statusLines({ ...snapshot, others: 2 }, tally, width);
    expect(others).toEqual(statusLines(snapshot, tally, width).slice(1));
    expect(displayWidth(line)).toBeLessThanOrEqual(width);
    if (width >= 80) expect(line).toMatch(/encoding preserve {2}43 % .* and 2 more$/);
  });

  it.each([
    [
      80,
      [
        '  holiday/2019/Rome …/旅行DSC_0042.mov  encoding preserve  43 %  12.3 fps, 0.51x',
        '  ████████░░░░░░░░░░░░░░░░░░░░░░  25 %  1 of 32 films  12.4 GB saved  45:00 left',
      ],
    ],
    [
      120,
      [
        '  holiday/2019/Rome and Napoli/Camera 2/旅行DSC_0042.mov  encoding preserve  43 %  12.3 fps, 0.51x',
        '  ██████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  25 %  1 of 32 films  12.4 GB saved  45:00 left',
      ],
    ],
  ])('show the film at work and the whole in %i columns', (width, lines) => {
    expect(statusLines(snapshot, tally, width)).toEqual(lines);
  });

  it('count jobs where several recipes make something of each film', () => {
    const jobs = { ...tally, noun: 'job' } as const;
    expect(statusLines(snapshot, jobs, 80)[1]).toContain('1 of 32 jobs');
    expect(minuteLine(snapshot, jobs)).toContain('1 of 32 jobs');
  });

  it('fit any width', () => {
    for (let width = 1; width < 140; width++)
      for (const line of statusLines(snapshot, tally, width)) expect(displayWidth(line)).toBeLessThanOrEqual(width);
  });

  it('say nothing of a time left that nobody can know yet, nor of savings that there are not', () => {
    const early = { ...snapshot, total: 1, secondsLeft: undefined, film: { ...film, progress: undefined } };
    expect(statusLines(early, { ...EMPTY_TALLY, noun: 'film' }, 60)).toEqual([
      '  holiday/2019/Rome and Na…mera 2/旅行DSC_0042.mov  starting',
      '  ░░░░░░░░░░░░░░░░░░░░░░░░░░░   0 %  time left not known yet',
    ]);
  });

  it('are one line a minute where there is no terminal', () => {
    expect(minuteLine(snapshot, tally)).toBe(
      `25 % after 15:00: 1 of 32 films, 12.4 GB saved, 45:00 left; ${source}, encoding preserve  43 %  12.3 fps, 0.51x`,
    );
  });
});
