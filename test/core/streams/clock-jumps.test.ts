import { expect, it } from '@jest/globals';
import { jumpsTold } from '../../../core/streams/clock-jumps.ts';

const jump = (toSeconds: number, bySeconds: number, stream = 0) => ({ stream, toSeconds, bySeconds });

it('names when a clock jumps, and how far, where it wraps too', () => {
  expect(jumpsTold([jump(13.4, 2988), jump(25.4, 92_440.7)], 1.4)).toEqual([
    expect.stringContaining('(2988.0 s ahead at 0:12.0, 3003.0 s back at 0:24.0)'),
  ]);
});

it('takes the jumps of several streams in one place for one, and names no more than five', () => {
  expect(jumpsTold([jump(10, 100), jump(10, -100, 1), jump(10.1, 100)], 0)[0]).toContain('(100.0 s ahead at 0:10.0)');
  const many = Array.from({ length: 7 }, (_, i) => jump(60 * i, 50));
  expect(jumpsTold(many, 0)[0]).toContain('and 2 more times');
});

it('says nothing of a clock that is off by less than a second', () => {
  expect(jumpsTold([jump(10, -0.3)], 0)).toEqual([]);
  expect(jumpsTold([], 0)).toEqual([]);
});
