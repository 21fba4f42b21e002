import { expect, it } from '@jest/globals';
import { hostileStorm } from '../support/storms/hostile.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// Some of many, without strace: npm run prove -- hostile --way traps|bombs
it.each([
  { which: 'traps', only: /to address$|^hls|^ffconcat|^QuickTime|GAB2/, files: 50 },
  { which: 'bombs', only: /cover|PNG|GIF|cmov|samples|chunks/, files: 8 },
] as const)('hostile files call nobody, leak nothing, and end for a reason: $which', async ({ which, only, files }) => {
  const { trials, asked, leaked } = await hostileStorm({ which, only, traced: false }, await temporaryFolder());
  expect(trials.filter(({ fault }) => fault)).toEqual([]);
  expect(trials.filter(({ end }) => end === 'passed over')).toEqual([]);
  expect({ asked, leaked }).toEqual({ asked: 0, leaked: [] });
  expect(trials.length).toBeGreaterThanOrEqual(files);
});
