import { describe, expect, it } from '@jest/globals';
import { sampleLine, sampleTable } from '../../../cli/telling/sample-table.ts';
import { displayWidth } from '../../../cli/terminal/display-width.ts';
import type { TriedSettings } from '../../../core/quality/try-before.ts';

const tried = (settings: Record<string, string>, more: Partial<TriedSettings> = {}): TriedSettings => ({
  ...{ settings, bytes: 612_000_000, percent: 43.1, mean: 95.12, lowest: 91.3 },
  ...{ framesPerSecond: 12.34, secondsForAll: 7384, givenUp: undefined, ...more },
});
const none = { mean: undefined, lowest: undefined, givenUp: 'it would have 93 % of the source' };

describe('settings that were tried', () => {
  it('stand in a table of at most 80 columns, each by what the others have differently', () => {
    const rows = [tried({ crf: '23', preset: 'slow' }), tried({ crf: '26', preset: 'slow' }, none)];
    expect(sampleTable(rows, 'vmaf').split('\n')).toEqual([
      'settings   picture  of source    VMAF   worst      speed  time for all',
      'crf=23      612 MB     43.1 %   95.12   91.30   12.3 fps       2:03:04',
      'crf=26      612 MB     43.1 %       -       -   12.3 fps       2:03:04',
    ]);
    const long = ['ultrafast', 'veryslow'].map((preset) => tried({ crf: '23', preset, audio: preset }));
    for (const line of sampleTable(long, 'ssim').split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  });

  it('are told one by one', () => {
    expect(sampleLine(tried({ crf: '23' }), 'vmaf')).toBe('crf=23: 43.1 % of the source, VMAF 95.12');
    expect(sampleLine(tried({}, none), 'vmaf')).toBe(
      "the recipe's own: given up, because it would have 93 % of the source",
    );
  });
});
