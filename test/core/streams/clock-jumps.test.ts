import { describe, expect, it } from '@jest/globals';
import { apartSeconds, apartTold, jumpsTold, needsOneClock, refuseApart } from '../../../core/streams/clock-jumps.ts';
import type { StreamPlan } from '../../../core/streams/stream-plan.ts';
import { aStream } from '../../fixtures/probes.ts';

const jump = (toSeconds: number, bySeconds: number, stream = 0) => ({ stream, toSeconds, bySeconds });

it('names when a clock jumps, and how far, where it wraps too', () => {
  expect(jumpsTold([jump(13.4, 2988), jump(25.4, 92_440.7)], 1.4)).toEqual([
    expect.stringContaining('(2988.0 s ahead at 0:12.0, 3003.0 s back at 0:24.0)'),
  ]);
});

it('names no more than five', () => {
  const many = Array.from({ length: 7 }, (_, i) => jump(60 * i, 50));
  expect(jumpsTold(many, 0)[0]).toContain('and 2 more times');
});

it('says nothing of a clock that is off by less than a second', () => {
  expect(jumpsTold([jump(10, -0.3)], 0)).toEqual([]);
  expect(jumpsTold([], 0)).toEqual([]);
});

it.each([
  { what: 'whose sound is in step', streams: [], ahead: false, needs: false },
  {
    what: 'with data, which keep no times',
    streams: [aStream('data', 'klv', { index: 2 })],
    ahead: false,
    needs: false,
  },
  { what: 'with texts', streams: [aStream('subtitle', 'dvb_subtitle', { index: 2 })], ahead: false, needs: true },
  { what: 'of which one begins ahead', streams: [], ahead: true, needs: true },
])('copies joined recordings $what onto one clock: $needs', ({ streams, ahead, needs }) => {
  const ticks = (seconds: number) => seconds * 90_000 * (ahead ? -1 : 1);
  const moves = [0, 2].map((seconds) => ({ fromByte: 0, ticks: ticks(seconds), beginsSeconds: seconds }));
  const jumps = [jump(2, -2), jump(2, -2, 1)];
  const all = [aStream('video', 'mpeg2video', { index: 0 }), aStream('audio', 'mp2', { index: 1 }), ...streams];
  expect(needsOneClock({ jumps, moves, picture: 0 }, { streams: all })).toBe(needs);
});

describe('sound beside a picture whose clock jumps', () => {
  const joined = (short: number, joints: number) =>
    Array.from({ length: joints }, (_, i) => [jump(i + 1, -1), jump(i + 1 - short, short - 1, 1)]).flat();
  const both = { picture: 0, sound: 1 };
  const stream = aStream('audio', 'ac3', { index: 1 });
  const plans: readonly StreamPlan[] = [{ stream, fate: 'kept', why: '', sidecar: undefined, codecArgs: ['copy'] }];
  const told = (seconds: number) => apartTold(plans, [{ stream: 1, apartSeconds: seconds }]);

  it('is as early or late as all ends before it were apart', () => {
    expect(apartSeconds(joined(0.12, 3), both)).toBeCloseTo(-0.36, 6);
    expect(apartSeconds(joined(-0.12, 3), both)).toBeCloseTo(0.36, 6);
    expect(apartSeconds([], both)).toBe(0);
  });

  it('has no place that is known where its own times go back besides', () => {
    const glitch = jump(0.5, -0.2, 1);
    expect(apartSeconds([glitch, ...joined(0.12, 1)], both)).toBeCloseTo(-0.12, 6);
    expect(apartSeconds([jump(0.5, -3, 1), ...joined(0.12, 1)], both)).toBeUndefined();
  });

  it('is told where it is off by little, and refused where nobody accepts it', () => {
    expect(told(0.001)).toEqual([]);
    expect(apartTold(plans, [{ stream: 1, isApartUnknown: true }])).toEqual([
      expect.stringMatching(/stream 1.*may be out/),
    ]);
    expect(told(-0.06)).toEqual([expect.stringMatching(/stream 1 about 0.06 s too early behind/)]);
    const far = [{ stream: 1, apartSeconds: 0.36 }];
    expect(() => refuseApart(plans, far)).toThrow(/stream 1 about 0.36 s too late.*cut it/);
    expect(() => refuseApart(plans, far, 'accept')).not.toThrow();
    expect(() => refuseApart([], far)).not.toThrow(); // a sound that is not taken
  });
});
