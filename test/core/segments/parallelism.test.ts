import { describe, expect, it } from '@jest/globals';
import { segmentsAtOnce } from '../../../core/segments/parallelism.ts';

describe('segments at once', () => {
  it.each([
    { cores: 1, height: 120, segments: 1 },
    { cores: 2, height: 120, segments: 2 },
    { cores: 2, height: 1080, segments: 1 },
    { cores: 16, height: 1080, segments: 2 },
    { cores: 16, height: 2160, segments: 1 },
    { cores: 16, height: 200, segments: 16 },
  ])('are $segments on $cores cores at $height lines', ({ cores, height, segments }) => {
    expect(segmentsAtOnce(cores, height)).toBe(segments);
  });
});
