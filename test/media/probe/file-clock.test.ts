import { describe, expect, it } from '@jest/globals';
import { fileClock } from '../../../media/probe/file-clock.ts';
import { aStream } from '../../fixtures/probes.ts';

const picture = aStream('video', 'h264', { index: 0, timeBase: { num: 1, den: 100 } });
const sound = aStream('audio', 'mp2', { index: 1, timeBase: { num: 1, den: 100 } });

describe('the clock of a file', () => {
  it('goes on where that of a transport stream goes back', () => {
    const clock = fileClock({ format: 'mpegts' });
    const shifts = [0, 4, 5000, 5004, 100, 104].map((dts) => clock.shiftFor(picture, { dts, duration: 4 }));
    expect(shifts.map((shift) => Number(shift.toFixed(2)))).toEqual([0, 0, 0, 0, 49.08, 49.08]);
    expect(clock.jumps().map(({ bySeconds }) => Number(bySeconds.toFixed(2)))).toEqual([-49.08]);
  });

  it('is one for each stream, since the last packets of a recording may stand behind the first ones of the next', () => {
    const clock = fileClock({ format: 'mpegts' });
    clock.shiftFor(picture, { dts: 5000, duration: 4 });
    clock.shiftFor(sound, { dts: 5001, duration: 4 });
    clock.shiftFor(picture, { dts: 0, duration: 4 });
    expect(clock.shiftFor(sound, { dts: 5005, duration: 4 })).toBe(0);
    expect(clock.shiftFor(sound, { dts: 1, duration: 4 })).toBeCloseTo(50.08, 6);
    expect(clock.jumps().map(({ stream }) => stream)).toEqual([0, 1]);
  });

  it('tells what lies between jumps in either direction, with its bytes and times', () => {
    const clock = fileClock({ format: 'mpegts' });
    const packets = [
      [0, 8],
      [4, 4],
      [5000, 5004],
      [100, 100],
    ] as const; // the times of decoding and of showing
    packets.forEach(([dts, pts], i) => {
      clock.shiftFor(picture, { dts, pts, duration: 4, pos: 188 * i });
    });
    expect(clock.parts().get(0)).toEqual([
      { firstByte: 0, lastByte: 188, firstDts: 0, endDts: 0.08, firstPts: 0.04, endPts: 0.12, isBack: false },
      { firstByte: 376, lastByte: 376, firstDts: 50, endDts: 50.04, firstPts: 50.04, endPts: 50.08, isBack: false },
      { firstByte: 564, lastByte: 564, firstDts: 1, endDts: 1.04, firstPts: 1, endPts: 1.04, isBack: true },
    ]);
  });

  it('keeps a pause of some seconds, pictures that are decoded out of order, and every pause of a container with an index', () => {
    const clock = fileClock({ format: 'mpegts' });
    for (const dts of [0, 4, 900]) expect(clock.shiftFor(picture, { dts, pts: dts + 8, duration: 4 })).toBe(0);
    const movie = fileClock({ format: 'mov,mp4,m4a,3gp,3g2,mj2' });
    for (const dts of [0, 4, 9000]) expect(movie.shiftFor(picture, { dts, duration: 4 })).toBe(0);
  });
});
