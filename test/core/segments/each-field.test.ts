import { describe, expect, it } from '@jest/globals';
import { relativeTimes, segmentWindow } from '../../../core/encode/windows.ts';
import { eachField } from '../../../core/segments/each-field.ts';
import { everySecond, wholeRange } from '../../../core/segments/every-second.ts';
import { contentKeys, cutSource } from '../../../core/segments/segments.ts';
import { gops, indexOf } from '../../fixtures/films.ts';

const index = indexOf(gops('a', [30, 20, 40, 25, 60]));
const length = { shortest: 0.5, longest: 5 };
const cut = cutSource(index, length);
if (!cut) throw new Error('the film has keyframes');
const doubled = eachField(index, cut);
const context = { spec: {}, independent: false, margin: 4, context: 0 };

describe('a film with a picture of each field', () => {
  it('has each frame at its time and another picture in the middle before the next, in ticks half as long', () => {
    const { times } = doubled.cut;
    expect(times).toHaveLength(2 * cut.times.length);
    expect(doubled.index.timeBase.den).toBe(2 * index.timeBase.den);
    for (let i = 0; i + 2 < times.length; i += 2) {
      expect(times[i]).toBe(2 * (cut.times[i / 2] ?? Number.NaN));
      expect(times[i + 1]).toBe(((times[i] ?? 0) + (times[i + 2] ?? 0)) / 2);
    }
    expect((times.at(-1) ?? 0) - (times.at(-2) ?? 0)).toBe((times.at(-2) ?? 0) - (times.at(-3) ?? 0));
  });

  it('has the second picture of a frame before a gap half a usual frame after it', () => {
    const gap = cut.times.map((time, i) => (i > 10 ? time + 10 * ((cut.times[1] ?? 0) - (cut.times[0] ?? 0)) : time));
    const { times } = eachField(index, { ...cut, times: gap }).cut;
    expect((times[21] ?? 0) - (times[20] ?? 0)).toBe((times[1] ?? 0) - (times[0] ?? 0));
  });

  it('is cut at whole frames, which are reached as before', () => {
    const timeline = {
      times: doubled.cut.times,
      tickSeconds: 1,
      fileStartSeconds: 0,
      keyframes: Uint32Array.of(0, 30, 50),
      fields: doubled.cut.fields,
    };
    expect(doubled.cut.ranges).toEqual(cut.ranges.map(({ start, end }) => ({ start: 2 * start, end: 2 * end })));
    expect(segmentWindow({ start: 80, end: 120 }, timeline, 4)).toMatchObject({
      skip: 7,
      lead: 4,
      frames: 40,
      from: 38,
    });
    // a sample may begin with a second picture, whose frame is decoded whole
    expect(segmentWindow({ start: 81, end: 121 }, timeline, 4)).toMatchObject({
      skip: 7,
      lead: 5,
      frames: 40,
      from: 38,
    });
    expect(relativeTimes({ start: 81, end: 83 }, doubled.cut.times)[0]).toBe(0);
  });

  it('is read as frames where damage is looked for, also with every second picture', () => {
    expect(wholeRange({ start: 80, end: 121 }, doubled.cut)).toEqual({ start: 40, end: 61 });
    expect(wholeRange({ start: 40, end: 60 }, everySecond(doubled.cut))).toEqual({ start: 40, end: 60 });
  });

  it('has keys for pieces that depend on the parts near them alone', () => {
    const keys = (parts: { start: number; end: number; first: 'tff' | 'bff' }[]) =>
      contentKeys(doubled.index, doubled.cut, { ...context, parts }).map(({ key }) => key);
    const [last] = [(doubled.cut.ranges.at(-1)?.start ?? 0) / 2];
    const before = keys([{ start: 0, end: 10, first: 'tff' }]);
    const after = keys([
      { start: 0, end: 10, first: 'tff' },
      { start: last + 20, end: last + 30, first: 'tff' },
    ]);
    expect(after.slice(0, -1)).toEqual(before.slice(0, -1));
    expect(after.at(-1)).not.toBe(before.at(-1));
  });
});
