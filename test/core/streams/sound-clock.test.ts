import { describe, expect, it } from '@jest/globals';
import { pcmBytesASecond, soundClock } from '../../../core/streams/sound-clock.ts';

describe('the times of a sound against its samples', () => {
  const found = (pieces: readonly (readonly [seconds: number, length: number])[]) => {
    const clock = soundClock();
    for (const [seconds, length] of pieces) clock.add(seconds, length);
    const { gapSeconds, overlapSeconds } = clock.found();
    return { gap: Number(gapSeconds.toFixed(3)), overlap: Number(overlapSeconds.toFixed(3)) };
  };
  const steady = (count: number, every: number, length: number) =>
    Array.from({ length: count }, (_, i) => [i * every, length] as const);

  it.each([
    { what: 'agree where each piece follows the one before', pieces: steady(100, 0.1, 0.1), gap: 0, overlap: 0 },
    {
      what: 'agree where a container rounds them to milliseconds',
      pieces: steady(3000, 0.0213333, 0.0213333).map(([at, length]) => [Math.round(at * 1000) / 1000, length] as const),
      ...{ gap: 0, overlap: 0 },
    },
    {
      what: 'show a gap, though it is short',
      pieces: [
        [0, 0.1],
        [0.15, 0.1],
        [0.25, 0.1],
      ],
      gap: 0.05,
      overlap: 0,
    },
    {
      what: 'show an overlap',
      pieces: [
        [0, 0.1],
        [0.05, 0.1],
        [0.15, 0.1],
      ],
      gap: 0,
      overlap: 0.05,
    },
    { what: 'show a slow clock as gaps', pieces: steady(1000, 0.1, 0.0999), gap: 0.083, overlap: 0 },
    { what: 'show a fast clock as overlaps', pieces: steady(1000, 0.1, 0.1001), gap: 0, overlap: 0.083 },
  ] as const)('$what', ({ pieces, gap, overlap }) => {
    const off = found(pieces);
    expect(Math.abs(off.gap - gap)).toBeLessThan(0.02);
    expect(Math.abs(off.overlap - overlap)).toBeLessThan(0.02);
    if (gap === 0) expect(off.gap).toBe(0);
    if (overlap === 0) expect(off.overlap).toBe(0);
  });
});

describe('the bytes that a second of PCM takes', () => {
  const audio = { sampleRate: 48_000, channels: 2 };
  it.each([
    { codec: 'pcm_s16le', bytes: 192_000 },
    { codec: 'pcm_s24be', bytes: 288_000 },
    { codec: 'pcm_f64le', bytes: 768_000 },
    { codec: 'pcm_u8', bytes: 96_000 },
    { codec: 'pcm_alaw', bytes: 96_000 },
    { codec: 'pcm_bluray', bytes: undefined },
    { codec: 'aac', bytes: undefined },
  ])('are $bytes for $codec', ({ codec, bytes }) => {
    expect(pcmBytesASecond({ codec, audio } as Parameters<typeof pcmBytesASecond>[0])).toBe(bytes);
  });

  it('are not known of sound without a rate', () => {
    expect(pcmBytesASecond({ codec: 'pcm_s16le', audio: undefined })).toBeUndefined();
  });
});
