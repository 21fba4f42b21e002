import { describe, expect, it } from '@jest/globals';
import { segmentsAtOnce } from '../../../core/segments/parallelism.ts';

describe('segments at once', () => {
  it.each([
    { cores: 1, height: 120, segments: 1 },
    { cores: 2, height: 120, segments: 2 },
    { cores: 1, height: 4320, segments: 1 },
    { cores: 16, height: 120, segments: 16 },
  ])('are $segments on $cores cores at $height lines', ({ cores, height, segments }) => {
    expect(segmentsAtOnce(cores, height)).toBe(segments);
  });

  it('are fewer the larger the picture, and more the more cores, but never more than cores', () => {
    const heights = [120, 480, 720, 1080, 2160, 4320];
    for (let cores = 1; cores <= 64; cores++) {
      const counts = heights.map((height) => segmentsAtOnce(cores, height));
      expect(counts).toEqual([...counts].sort((a, b) => b - a));
      for (const [i, height] of heights.entries()) {
        expect(counts[i]).toBeLessThanOrEqual(cores);
        expect(segmentsAtOnce(cores + 1, height)).toBeGreaterThanOrEqual(counts[i] ?? 0);
      }
    }
  });
});
