import { describe, expect, it } from '@jest/globals';
import { timecodeAfter, timecodeShown } from '../../../core/film/track-timecode.ts';
import { u8, u16, u32 } from '../../fixtures/craft.ts';

const DROPS = 1;
const entry = (rate: readonly [number, number, number], flags = 0) => {
  const [scale, frameTicks, frames] = rate;
  return Buffer.concat([Buffer.alloc(6), u16(1), u32(0), u32(flags), u32(scale), u32(frameTicks), u8(frames), u8(0)]);
};
const PAL = entry([25, 1, 25]);
const NTSC = entry([30_000, 1001, 30], DROPS);
const HOUR = 25 * 3600;
const one = {
  timescale: 1000,
  movieScale: 600,
  runs: [{ count: 1, ticks: 3_600_000 }],
  edits: [{ from: 0, lasts: 600_000 }],
};

describe('the time code that a track shows', () => {
  it.each([
    { what: 'from its beginning', is: { entry: PAL, values: [HOUR] }, at: 0, shown: '01:00:00:00' },
    { what: 'at a later beginning of the film', is: { entry: PAL, values: [HOUR] }, at: 0.5, shown: '01:00:00:12' },
    {
      what: 'behind what an edit hides',
      is: { entry: PAL, values: [HOUR], edits: [{ from: 2000, lasts: 600 }] },
      at: 0,
      shown: '01:00:02:00',
    },
    {
      what: 'of a later sample',
      is: {
        entry: PAL,
        values: [HOUR, 2 * HOUR],
        runs: [{ count: 2, ticks: 1000 }],
        edits: [{ from: 1400, lasts: 60 }],
      },
      at: 0,
      shown: '02:00:00:10',
    },
    {
      what: 'behind a minute whose first two numbers are left out',
      is: { entry: NTSC, values: [1799], edits: [{ from: 1001 / 30, lasts: 600 }] },
      at: 0,
      shown: '00:01:00;02',
    },
    {
      what: 'behind ten minutes',
      is: { entry: NTSC, values: [17_981], edits: [{ from: 1001 / 30, lasts: 600 }] },
      at: 0,
      shown: '00:10:00;00',
    },
    { what: 'behind midnight', is: { entry: PAL, values: [24 * HOUR - 25] }, at: 1, shown: '00:00:00:00' },
  ])('$what', ({ is, at, shown }) => {
    expect(timecodeShown({ ...one, ...is }, at)?.shown).toBe(shown);
  });

  it('is counted back from a track that begins later, beyond midnight too', () => {
    const late = { ...one, entry: PAL, edits: [{ from: -1, lasts: 600 }, ...one.edits] };
    expect(timecodeShown({ ...late, values: [HOUR] }, 0)).toMatchObject({ shown: '00:59:59:00', from: 1 });
    expect(timecodeShown({ ...late, values: [0] }, 0)).toMatchObject({ shown: '23:59:59:00' });
  });

  it.each([
    { what: 'counts on', values: [HOUR, HOUR + 25], jumps: false },
    { what: 'jumps', values: [HOUR, HOUR + 75], jumps: true },
  ])('is said to jump where it does: it $what', ({ values, jumps }) => {
    const runs = [{ count: 2, ticks: 1000 }];
    const edits = [{ from: 0, lasts: 1200 }];
    expect(timecodeShown({ ...one, entry: PAL, runs, edits, values }, 0)?.jumps).toBe(jumps);
  });

  it.each([
    { what: 'no track shows anything then', is: { entry: PAL, values: [1], edits: [{ from: -1, lasts: 600 }] } },
    {
      what: 'it plays at another speed',
      is: { entry: PAL, values: [1], edits: [{ from: 0, lasts: 600, rate: 0x8000 }] },
    },
    { what: 'it is a counter', is: { entry: entry([25, 1, 25], 8), values: [1] } },
    { what: 'it has no frames', is: { entry: entry([25, 0, 25]), values: [1] } },
    { what: 'it has no samples', is: { entry: PAL, values: [] } },
    { what: 'its entry is cut', is: { entry: PAL.subarray(0, 20), values: [1] } },
  ])('is not told where $what', ({ is }) => {
    expect(timecodeShown({ ...one, ...is }, 0)).toBeUndefined();
  });
});

it.each([
  ['01:00:00:24', 1, 25, '01:00:01:00'],
  ['00:00:59;29', 1, 30, '00:01:00;02'],
  ['00:01:00;02', -1, 30, '00:00:59;29'],
  ['00:09:59;29', 1, 30, '00:10:00;00'],
  ['23:59:59:24', 1, 25, '00:00:00:00'],
  ['no time code', 1, 25, undefined],
] as const)('behind %s by %d at %d a second comes %s', (timecode, frames, rate, after) => {
  expect(timecodeAfter(timecode, frames, rate)).toBe(after);
});
