import { describe, expect, it } from '@jest/globals';
import { exifTexts } from '../../../core/description/exif-directory.ts';
import { exifDirectory } from '../../fixtures/avi-chunks.ts';

describe('a directory of Exif', () => {
  it.each([true, false])('tells maker, model and date (little-endian: %s)', (isLittle) => {
    const bytes = Buffer.concat([
      Buffer.alloc(7),
      exifDirectory(['Maker', 'Model', '2006:01:02 03:04:05'], isLittle, 7),
    ]);
    expect(exifTexts(bytes, 7, isLittle)).toEqual({ make: 'Maker', model: 'Model', date: '2006:01:02 03:04:05' });
  });

  it('tells nothing of bytes at random, without an error', () => {
    const whole = exifDirectory(['Maker', 'Model', '2006:01:02 03:04:05'], true, 0);
    for (let i = 0; i < whole.length; i++) {
      const bytes = Buffer.from(whole);
      bytes[i] = 0xff;
      expect(() => exifTexts(bytes, 0, true)).not.toThrow();
      expect(() => exifTexts(whole.subarray(0, i), 0, true)).not.toThrow();
    }
  });
});
