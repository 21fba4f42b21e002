import { expect, it } from '@jest/globals';
import { refuseSmallRenditions } from '../../../core/encode/smallest-picture.ts';
import { ladder } from '../../../core/recipes/ladder.ts';
import { rungsFor } from '../../../core/recipes/renditions.ts';
import { sphere } from '../../../core/recipes/sphere.ts';
import { aVideo } from '../../fixtures/probes.ts';

it('refuses the last rung before the first is made', () => {
  const video = aVideo({ width: 8192, height: 40 });
  const rungs = rungsFor(sphere.renditions, video, 'source');
  expect(rungs).toHaveLength(3);
  expect(() => refuseSmallRenditions(rungs, video)).toThrow('1440p would be 2560x12; HEVC needs at least 16x16');
});

it.each([
  { width: 1920, height: 1080 },
  { width: 1, height: 1 },
  { width: 4000, height: 10 },
])('lets the ladder of $width x $height pass: its small rungs are H.264', (size) => {
  const video = aVideo(size);
  const streams = rungsFor(ladder.renditions, video, 'source').filter(({ codec }) => codec === 'x264');
  expect(() => refuseSmallRenditions(streams, video)).not.toThrow();
});
