import { describe, expect, it } from '@jest/globals';
import { type SentSoFar, transferProgress, withMoment } from '../../../core/upload/transfer-speed.ts';

describe('the progress of an upload', () => {
  it.each([
    { of: 'nothing yet', moments: [], share: 0, speed: undefined, left: undefined },
    { of: 'one moment', moments: [{ atMs: 20_000, bytes: 0 }], share: 0, speed: undefined, left: undefined },
    {
      of: 'two moments',
      moments: [
        { atMs: 15_000, bytes: 100 },
        { atMs: 20_000, bytes: 200 },
      ],
      ...{ share: 0.2, speed: 20, left: 40 },
    },
    {
      of: 'a line that became slower',
      moments: [
        { atMs: 0, bytes: 0 },
        { atMs: 12_000, bytes: 900 },
        { atMs: 20_000, bytes: 908 },
      ],
      ...{ share: 0.908, speed: 1, left: 92 },
    },
    {
      of: 'a line that stands still',
      moments: [
        { atMs: 15_000, bytes: 500 },
        { atMs: 20_000, bytes: 500 },
      ],
      ...{ share: 0.5, speed: undefined, left: undefined },
    },
    {
      of: 'an old moment alone',
      moments: [{ atMs: 1000, bytes: 500 }],
      ...{ share: 0.5, speed: undefined, left: undefined },
    },
  ])('knows $of', ({ moments, share, speed, left }) => {
    expect(transferProgress(1000, moments, 20_000)).toEqual({ share, bytesPerSecond: speed, secondsLeft: left });
  });

  it('forgets moments that no speed needs any more', () => {
    let moments: readonly SentSoFar[] = [];
    for (let atMs = 0; atMs <= 60_000; atMs += 1000) moments = withMoment(moments, { atMs, bytes: atMs });
    expect(moments.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 11 }, (_, i) => 50_000 + i * 1000));
  });
});
