import { describe, expect, it } from '@jest/globals';
import { mezzanineOptions } from '../../../core/plan/mezzanine-options.ts';

const FILM = {
  pre: { width: 1024, height: 432 },
  mezzanine: { width: 4096, height: 1728 },
  final: { width: 3414, height: 1440 },
  fps: 25,
  finalFps: 24,
  minutes: 5,
  partMinutes: 10,
};
const optionOf = (option: string, minutes = 5) => {
  const found = mezzanineOptions({ ...FILM, minutes }).find((each) => each.option === option);
  if (!found) throw new Error(`no option ${option}`);
  return found;
};

describe('the intermediates of a film', () => {
  it('are 23.4 GB of ProRes 422 HQ for five minutes of 4096x1728p25, within 3 % of the 23.5 GB of the seed', () => {
    // 184 Mb/s x (256 x 108 blocks) / (120 x 68 blocks) x 300 s / 8
    const bytes = (184e6 * ((256 * 108) / (120 * 68)) * 300) / 8;
    expect(optionOf('now').mezzanine.from).toBeCloseTo(bytes, -1);
    expect(Math.abs(bytes / 23.5e9 - 1)).toBeLessThan(0.03);
  });

  it('are 15.5 GB of ProRes 422, not 10.8', () => {
    expect(optionOf('0').mezzanine.from / 1e9).toBeCloseTo((122 * ((256 * 108) / 8160) * 300) / 8e3, 6);
  });

  it('take as many times the disk as the film is longer', () => {
    expect(optionOf('0+1', 128).peak.to / optionOf('0+1', 5).peak.to).toBeCloseTo(128 / 5, 9);
  });

  it('have a peak of everything at once, or of one part where each is deleted after its use', () => {
    const { pre, mezzanine, final, peak } = optionOf('0+1+5', 128);
    expect(peak.from).toBeCloseTo(pre.from + (mezzanine.from * 10) / 128 + final.from, 0);
    const whole = optionOf('0+1', 128);
    expect(whole.peak.from).toBeCloseTo(whole.pre.from + whole.mezzanine.from + whole.final.from, 0);
  });

  it('never take more than the film itself where nothing is stored', () => {
    const { pre, mezzanine, final, peak } = optionOf('2+4');
    expect([pre.to, mezzanine.to]).toEqual([0, 0]);
    expect(peak).toEqual(final);
  });
});
