import { describe, expect, it } from '@jest/globals';
import { recordingTimeIn } from '../../../core/description/recording-time.ts';
import { avchdUnit } from '../../fixtures/avchd.ts';

describe('the recording time in the pictures of an AVCHD camera', () => {
  it.each([
    ['east of Greenwich', 0x02, '2010-05-04T19:02:08+01:00', '2010-05-04T18:02:08.000Z'],
    ['west, with half an hour', 0x20 | 0x07, '2010-05-04T19:02:08-03:30', '2010-05-04T22:32:08.000Z'],
    ['where a byte is escaped', 0x00, '2010-05-04T00:00:01+00:00', '2010-05-04T00:00:01.000Z'],
  ])('is read %s', (_, zone, local, utc) => {
    const digits = local.slice(0, 19).replace(/\D/g, '');
    expect(recordingTimeIn(avchdUnit(zone, digits))).toEqual({ local, utc });
  });

  it.each([
    ['that is not set', 0xff],
    ['beyond the easternmost', 0x1e],
    ['beyond the westernmost', 0x20 | 0x19],
  ])('has no zone for one %s', (_, zone) => {
    expect(recordingTimeIn(avchdUnit(zone, '20130101120000'))).toEqual({
      utc: '2013-01-01T12:00:00.000Z',
      local: '2013-01-01T12:00:00',
    });
  });

  it.each([
    ['the easternmost', 0x1c, '+14:00'],
    ['the westernmost', 0x20 | 0x18, '-12:00'],
    ['one in summer, as it is written', 0x40 | 0x02, '+01:00'],
  ])('has %s', (_, zone, text) => {
    expect(recordingTimeIn(avchdUnit(zone, '20130101120000'))?.local).toBe(`2013-01-01T12:00:00${text}`);
  });

  it.each([
    ['no message', Buffer.alloc(100)],
    ['a message that is cut', avchdUnit(0, '20100504190208').subarray(0, 30)],
    ['a day that there is not', avchdUnit(0, '20100230190208')],
    ['letters', avchdUnit(0, '2010ab04190208')],
  ])('is not invented out of %s', (_, bytes) => {
    expect(recordingTimeIn(bytes)).toBeUndefined();
  });
});
