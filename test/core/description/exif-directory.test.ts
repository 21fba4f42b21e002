import { describe, expect, it } from '@jest/globals';
import sharp, { type Exif } from 'sharp';
import { exifIn, exifTexts } from '../../../core/description/exif-directory.ts';
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

describe('the EXIF of a picture', () => {
  const PICTURE = { create: { width: 8, height: 8, channels: 3, background: 'red' } } as const;
  const IFD0 = { Make: 'Maker', Model: 'Model', DateTime: '2006:01:02 03:04:05' };
  const IFD3 = {
    GPSLatitudeRef: 'S',
    GPSLatitude: '33/1 51/1 3588/100',
    GPSLongitudeRef: 'E',
    GPSLongitude: '151/1 12/1 40/1',
  };

  const written = async (exif: Exif) => {
    const jpeg = await sharp(PICTURE).withExif(exif).jpeg().toBuffer();
    return (await sharp(jpeg).metadata()).exif ?? Buffer.alloc(0);
  };

  it('tells camera, date and place, as sharp wrote them', async () => {
    expect(exifIn(await written({ IFD0, IFD3 }))).toEqual({
      ...{ make: 'Maker', model: 'Model', date: '2006:01:02 03:04:05' },
      location: '-33.8600+151.2111/',
    });
  });

  it.each([
    { what: 'without its longitude', change: { GPSLongitude: '' } },
    { what: 'behind a pole', change: { GPSLatitude: '91/1 0/1 0/1' } },
    { what: 'by parts of nothing', change: { GPSLatitude: '33/0 51/1 0/1' } },
    { what: 'on no side of the world', change: { GPSLatitudeRef: 'X' } },
  ])('tells no place $what', async ({ change }) => {
    const place = Object.fromEntries(Object.entries({ ...IFD3, ...change }).filter(([, value]) => value !== ''));
    expect(exifIn(await written({ IFD0, IFD3: place }))).not.toHaveProperty('location');
  });

  it('tells nothing of what is no EXIF', () => {
    expect(exifIn(Buffer.from('no EXIF at all'))).toEqual({});
    expect(exifIn(Buffer.from('II*'))).toEqual({});
  });
});
