import { describe, expect, it } from '@jest/globals';
import { jumpsTold, soundsApart } from '../../../core/streams/clock-jumps.ts';

const jump = (toSeconds: number, bySeconds: number, stream = 0) => ({ stream, toSeconds, bySeconds });

const film = (startSeconds: number) => ({ stream: 0, startSeconds });

it('names when a clock jumps, and how far, where it wraps too', () => {
  expect(jumpsTold([jump(13.4, 2988), jump(25.4, 92_440.7)], film(1.4))).toEqual([
    expect.stringContaining('(2988.0 s ahead at 0:12.0, 3003.0 s back at 0:24.0)'),
  ]);
});

it('names those of the picture alone, and no more than five', () => {
  expect(jumpsTold([jump(10, 100), jump(10, 100, 1)], film(0))[0]).toContain('(100.0 s ahead at 0:10.0)');
  const many = Array.from({ length: 7 }, (_, i) => jump(60 * i, 50));
  expect(jumpsTold(many, film(0))[0]).toContain('and 2 more times');
});

it('says nothing of a clock that is off by less than a second', () => {
  expect(jumpsTold([jump(10, -0.3)], film(0))).toEqual([]);
  expect(jumpsTold([], film(0))).toEqual([]);
});

describe('sound beside a picture whose clock jumps', () => {
  const joined = (short: number, joints: number) =>
    Array.from({ length: joints }, (_, i) => [jump(i + 1, -1), jump(i + 1 - short, short - 1, 1)]).flat();

  it('is in step where both end together', () => {
    expect(soundsApart(joined(0.001, 9), 0, undefined)).toEqual([]);
  });

  it('is told where it is off by what few notice', () => {
    expect(soundsApart(joined(0.03, 2), 0, undefined)).toEqual([
      expect.stringMatching(/stream 1 about 0.06 s too early/),
    ]);
  });

  it('is refused where everybody notices, unless that is accepted', () => {
    expect(() => soundsApart(joined(0.12, 3), 0, undefined)).toThrow(/stream 1 about 0.36 s too early; cut it/);
    expect(soundsApart(joined(0.12, 3), 0, 'accept')).toHaveLength(1);
    expect(() => soundsApart(joined(-0.12, 3), 0, undefined)).toThrow(/too late/);
  });
});
