import { describe, expect, it } from '@jest/globals';
import { feedStart, seekArgs } from '../../../core/segments/reach.ts';

describe('a decode that begins in the middle of a film', () => {
  const times = Float64Array.of(0, 1, 2, 3, 4, 5);
  it.each([
    { what: 'each frame', of: {}, from: 101, start: { frame: 101, dropped: 0, picture: 101 } },
    {
      what: 'both fields of each frame',
      of: { fields: { times } },
      from: 101,
      start: { frame: 101, dropped: 0, picture: 202 },
    },
    {
      what: 'every second frame, from one that is taken',
      of: { among: { times, every: 2 as const } },
      from: 100,
      start: { frame: 100, dropped: 0, picture: 50 },
    },
    {
      what: 'every second frame, from one that is not',
      of: { among: { times, every: 2 as const } },
      from: 101,
      start: { frame: 102, dropped: 1, picture: 51 },
    },
    {
      what: 'every second picture of two each',
      of: { among: { times, every: 2 as const }, fields: { times } },
      from: 101,
      start: { frame: 101, dropped: 0, picture: 101 },
    },
  ])('counts $what as a decode of all does', ({ of, from, start }) => {
    expect(feedStart(from, of)).toEqual(start);
  });
});

describe('a seek', () => {
  it('is to a time by the clock of the file', () => {
    const seek = ['-seek_timestamp', '1', '-ss'];
    expect(seekArgs({ seekSeconds: 2.5, fileStartSeconds: 10 })).toEqual([...seek, '12.500000']);
    expect(seekArgs({ seekSeconds: 0.01, fileStartSeconds: -0.021333 })).toEqual([...seek, '-0.011333']);
    expect(seekArgs({ seekSeconds: undefined })).toEqual([]);
  });
});
