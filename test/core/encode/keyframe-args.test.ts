import { expect, it } from '@jest/globals';
import { keyframeArgs } from '../../../core/encode/keyframe-args.ts';

it.each([
  { codec: 'x264', keyframes: undefined, args: '' },
  { codec: 'x264', keyframes: [0, 4, 8], args: '-force_key_frames expr:eq(n,0)+eq(n,4)+eq(n,8) -forced-idr 1' },
  { codec: 'x265', keyframes: [0, 1, 2, 9], args: '-force_key_frames expr:between(n,0,2)+eq(n,9) -forced-idr 1' },
  { codec: 'hevc-qsv', keyframes: [0], args: '-force_key_frames expr:eq(n,0) -forced_idr 1' },
  { codec: 'av1-qsv', keyframes: [0], args: '-force_key_frames expr:eq(n,0) -forced_idr 1' },
  { codec: 'av1-nvenc', keyframes: [0], args: '-force_key_frames expr:eq(n,0) -forced-idr 1' },
  { codec: 'hevc-nvenc', keyframes: [0], args: '-force_key_frames expr:eq(n,0) -forced-idr 1' },
  { codec: 'hevc-videotoolbox', keyframes: [0], args: '-force_key_frames expr:eq(n,0)' },
] as const)('forces keyframes of $codec at $keyframes', ({ codec, keyframes, args }) => {
  expect(keyframeArgs({ codec }, keyframes).join(' ')).toBe(args);
});
