import { describe, expect, it } from '@jest/globals';
import { bytesToProbe, tooLateTold } from '../../../core/recordings/late-streams.ts';

const MB = 1_000_000;

describe('how far ffmpeg has to look for the streams of a broadcast', () => {
  const [picture, sound, text] = [0x100, 0x101, 0x102];

  it('is as far as in any other file where it knows all of them', () => {
    expect(bytesToProbe(new Map([[picture, 0]]), new Set([picture, sound]))).toBeUndefined();
    expect(bytesToProbe(new Map(), new Set())).toBeUndefined();
  });

  it('is a few frames behind the beginning of the last one that can be reached, and never less far than usual', () => {
    const known = new Set([picture]);
    const first = new Map([
      [picture, 0],
      [sound, 50 * MB],
      [text, 90 * MB],
    ]);
    expect(bytesToProbe(first, known)).toBe(94 * MB);
    expect(bytesToProbe(new Map([[sound, 3 * MB]]), known)).toBe(32 * MB);
    expect(bytesToProbe(new Map(first).set(text, 197 * MB), known)).toBe(54 * MB);
    expect(bytesToProbe(new Map([[text, 900 * MB]]), known)).toBeUndefined();
  });

  it('is told where a stream begins behind that, with how it is kept, unless the stream is listed anyway', () => {
    const first = new Map([
      [sound, 50 * MB],
      [text, 900 * MB],
    ]);
    expect(tooLateTold(first, new Set([picture, sound]))).toEqual([
      expect.stringMatching(/^a stream \(0x102\) begins behind the first 200 MB .* -map 0 -c copy NEW\.mkv$/),
    ]);
    expect(tooLateTold(new Map(first).set(sound, 300 * MB), new Set())).toEqual([
      expect.stringMatching(/^streams \(0x101, 0x102\) begin behind/),
    ]);
    expect(tooLateTold(first, new Set([sound, text]))).toEqual([]);
  });
});
