import { describe, expect, it } from '@jest/globals';
import { closingSummary } from '../../../cli/telling/closing-summary.ts';
import { type FilmFate, fateOfFailure } from '../../../cli/telling/film-result.ts';
import { EMPTY_TALLY, withResult, withSkipped } from '../../../cli/telling/run-tally.ts';
import { plain } from '../../../cli/terminal/colours.ts';
import { displayWidth } from '../../../cli/terminal/display-width.ts';

const DONE = { fate: 'done', before: 2_000_000_000, after: 800_000_000, quality: 'VMAF 95.1', seconds: 60 } as const;
const FATES: readonly (readonly [string, FilmFate])[] = [
  ['a.mov', DONE],
  ['b.mov', DONE],
  ['c.mp4', { ...DONE, fate: 'kept', before: 5_000_000, after: 5_000_000 }],
  ['d.mp4', { fate: 'unchanged' }],
  ['d2.mp4', { fate: 'unchanged', resultOf: { recipe: 'preserve' } }],
  ['e.mkv', { fate: 'skipped', reason: 'HEVC already, 0.031 bits for each pixel' }],
  [
    'holiday/2019/Rome and Napoli/broken.avi',
    { fate: 'failed', reason: 'the file ends in the middle of a frame: 3 of 120 frames are there' },
  ],
  ['empty.mp4', { fate: 'failed', reason: 'the file is empty' }],
];
const tally = FATES.reduce(
  (sum, [source, fate]) => withResult(sum, { source, recipe: 'preserve', ...fate }),
  withSkipped(EMPTY_TALLY, 2, 'no video'),
);
const end = {
  seconds: 3723,
  notBegun: 0,
  reports: '/home/anna/archive/.reelmill/index.html',
  work: { folder: '/home/anna/archive/.reelmill/work', bytes: 2_310_000_000 },
};
const at = (width: number | undefined) => ({ width, paint: plain, withRecipe: false });

describe('the summary of a run', () => {
  it('counts what was done, kept, unchanged, skipped and failed, with each reason on one line', () => {
    expect(closingSummary(tally, end, at(80))).toEqual([
      '8 films in 1:02:03',
      '  done       2  4.00 GB -> 1.60 GB, 60.0 % saved',
      '  kept       1  as they were: smaller already, or kept by skipBelow',
      '  unchanged  1  made before',
      '  unchanged  1  results of preserve already, left as they are',
      '  skipped    2  no video',
      '  skipped    1  HEVC already, 0.031 bits for each pixel',
      '  failed     2',
      '    holiday/2019/…i/broken.avi: the file ends in the middle of a frame: 3 of 12…',
      '    empty.mp4: the file is empty',
      '  reports: /home/anna/archive/.reelmill/index.html',
      '  work folder, 2.31 GB: /home/anna/archive/.reelmill/work',
    ]);
    expect(closingSummary(tally, end, at(120))).toContain(
      '    holiday/2019/Rome and Napoli/broken.avi: the file ends in the middle of a frame: 3 of 120 frames are there',
    );
  });

  it('counts jobs where several recipes make something of each film', () => {
    expect(closingSummary(tally, end, { ...at(80), withRecipe: true })[0]).toBe('8 jobs in 1:02:03');
  });

  it('counts no film as failed that an interruption left unfinished', () => {
    const stopped = withResult(tally, {
      source: 'f.mp4',
      recipe: 'preserve',
      ...fateOfFailure({ code: 'interrupted', reason: 'stopped' }),
    });
    const lines = closingSummary(stopped, { ...end, notBegun: 3 }, at(80));
    expect(lines).toContain('  failed     2');
    expect(lines).toContain('  stopped    1  what is finished is kept; the next run goes on from there');
    expect(lines).toContain('  not begun  3  the next run goes on with them');
  });

  it.each([40, 80, 120])('fits %i columns, but for paths, which people copy', (width) => {
    const lines = closingSummary(tally, end, at(width)).filter((line) => !line.includes('/home/'));
    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
  });

  it('says how many films it did not come to', () => {
    const one = withResult(EMPTY_TALLY, { source: 'a', recipe: 'preserve', fate: 'failed', reason: 'stopped' });
    expect(closingSummary(one, { ...end, notBegun: 31 }, at(80))).toContain(
      '  not begun  31  the next run goes on with them',
    );
  });
});
