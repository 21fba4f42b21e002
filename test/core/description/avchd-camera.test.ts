import { describe, expect, it } from '@jest/globals';
import { avchdCamera } from '../../../core/description/avchd-camera.ts';
import { avchdUnit } from '../../fixtures/avchd.ts';

const PANASONIC = [0xe0, 0x01, 0x03, 0, 0];
const model = (part: number, letters: string) => [0xe4 + part, ...Buffer.from(letters.padEnd(4, '\0'))];

describe('the camera in the pictures of AVCHD', () => {
  it.each([
    ['its maker', [PANASONIC], { make: 'Panasonic', model: undefined }],
    [
      'its maker and its model',
      [[0xe0, 0x10, 0x11, 0, 0], model(0, 'HF M'), model(1, '41')],
      { make: 'Canon', model: 'HF M41' },
    ],
    ['nobody, where the number is none of a maker', [[0xe0, 0xff, 0xff, 0, 0]], undefined],
    ['nobody, where the letters are none', [model(0, '\u0001\u0002')], undefined],
    ['nobody, where there is no such tag', [], undefined],
  ])('is told by %s', (_, tags, camera) => {
    expect(avchdCamera(avchdUnit(0, '20100504190208', tags))).toEqual(camera);
  });
});
