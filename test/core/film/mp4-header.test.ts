import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { moovOffset, NOTHING_KNOWN, pictureFromMoov } from '../../../core/film/mp4-header.ts';

const clip = await readFile('demo/clips/VID_20191220_170832.mp4');
const offset = moovOffset(clip) ?? Number.NaN;

describe('the header of an MP4', () => {
  it("tells a phone's clip picture and length", () => {
    const { pixels, durationSeconds } = pictureFromMoov(clip.subarray(offset));
    expect(pixels).toBe(1920 * 1080);
    expect(durationSeconds).toBeCloseTo(1.5, 0);
  });

  it('says where it lies, from the first bytes alone', () => {
    const firstBytes = clip.subarray(0, 256);
    expect(moovOffset(firstBytes)).toBe(offset);
    expect(clip.subarray(offset + 4, offset + 8).toString()).toBe('moov');
  });

  it('tells as much from the first part of moov', () => {
    expect(pictureFromMoov(clip.subarray(offset, offset + 2048))).toEqual(pictureFromMoov(clip.subarray(offset)));
  });

  it.each([
    { what: 'nothing', bytes: Buffer.alloc(0) },
    { what: 'a Matroska file', bytes: Buffer.from('1a45dfa3a342868101', 'hex') },
    { what: 'a playlist', bytes: Buffer.from('#EXTM3U\nhttp://example.org/a.ts\n') },
    { what: 'a box that is larger than the world', bytes: Buffer.from('00000001667479700fffffffffffffff', 'hex') },
  ])('knows nothing of $what', ({ bytes }) => {
    const at = moovOffset(bytes);
    expect(at === undefined || at >= bytes.length).toBe(true);
    expect(pictureFromMoov(bytes)).toEqual(NOTHING_KNOWN);
  });

  it('survives any damage', () => {
    const header = clip.subarray(offset, offset + 4096);
    const damage = fc.array(fc.tuple(fc.nat({ max: 4095 }), fc.nat({ max: 255 })), { maxLength: 20 });
    fc.assert(
      fc.property(damage, fc.nat({ max: 4096 }), (changes, length) => {
        const bytes = Buffer.from(header.subarray(0, length));
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        const { pixels = 0, durationSeconds = 0 } = pictureFromMoov(bytes);
        expect(Number.isFinite(pixels) && Number.isFinite(durationSeconds)).toBe(true);
        moovOffset(bytes);
      }),
    );
  });
});
