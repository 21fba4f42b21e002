import { expect, it } from '@jest/globals';
import { mediaConvertUsd } from '../../../core/plan/media-convert.ts';
import { listedPrices } from '../../../core/storage/list-prices.ts';

const hour = { codec: 'x264', width: 1920, height: 1080, fps: 25, minutes: 60 } as const;

it.each([
  // 60 minutes, counted twice for HD, x $0.0075
  { what: 'AVC in HD', output: hour, usd: 60 * 2 * 0.0075 },
  { what: 'AVC in SD', output: { ...hour, width: 722, height: 406 }, usd: 60 * 0.0075 },
  { what: 'AVC in portrait HD', output: { ...hour, width: 1080, height: 1920 }, usd: 60 * 2 * 0.0075 },
  {
    what: 'HEVC in 4K at 50',
    output: { ...hour, codec: 'x265', width: 3840, height: 2160, fps: 50 },
    usd: 60 * 4 * 2 * 0.012,
  },
  { what: 'two seconds, charged as ten', output: { ...hour, minutes: 2 / 60 }, usd: (10 / 60) * 2 * 0.0075 },
  { what: 'HAP, which it does not make', output: { ...hour, codec: 'hap' }, usd: undefined },
] as const)('MediaConvert takes at least $usd dollars for $what', ({ output, usd }) => {
  const found = mediaConvertUsd(output, listedPrices());
  if (usd === undefined) expect(found).toBeUndefined();
  else expect(found).toBeCloseTo(usd, 9);
});
