import { describe, expect, it } from '@jest/globals';
import { avchdCamera, avchdPlace, avchdTimecode } from '../../../core/description/avchd-camera.ts';
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

const fraction = (tag: number, above: number, below = 1) => [tag, above >> 8, above & 255, below >> 8, below & 255];
const letter = (tag: number, said: string) => [tag, said.charCodeAt(0), 0, 0, 0];
const angle = (side: readonly number[], first: number, parts: readonly [number, number, number]) => [
  ...[side, fraction(first, parts[0]), fraction(first + 1, parts[1]), fraction(first + 2, parts[2], 10)],
];
const PARIS = [...angle(letter(0xb1, 'N'), 0xb2, [48, 51, 300]), ...angle(letter(0xb5, 'E'), 0xb6, [2, 17, 400])];
const SYDNEY = [...angle(letter(0xb1, 'S'), 0xb2, [33, 51, 245]), ...angle(letter(0xb5, 'E'), 0xb6, [151, 12, 540])];

describe('the place in the pictures of AVCHD', () => {
  it.each([
    ['where it is measured', PARIS, '+48.858333+002.294444/'],
    ['with its height', [...PARIS, fraction(0xba, 355, 10)], '+48.858333+002.294444+35.500/'],
    [
      'south of the equator, and below the sea',
      [...SYDNEY, [0xb9, 0, 0, 0, 1], fraction(0xba, 4)],
      '-33.856806+151.215000-4.000/',
    ],
    ['not where the camera had no fix', [...PARIS, letter(0xbe, 'V')], undefined],
    ['not where it is none', [...angle(letter(0xb1, 'N'), 0xb2, [91, 0, 0]), ...PARIS.slice(4)], undefined],
    [
      'not where nothing says on which side',
      [...angle(letter(0xb1, '-'), 0xb2, [1, 0, 0]), ...PARIS.slice(4)],
      undefined,
    ],
    ['not where a number is divided by nothing', [...PARIS.slice(0, 7), fraction(0xb8, 1, 0)], undefined],
    ['not where there is no such tag', [], undefined],
  ])('is told %s', (_, tags, place) => {
    expect(avchdPlace(avchdUnit(0, '20100504190208', tags))).toBe(place);
  });
});

describe('the time code in the pictures of AVCHD', () => {
  it.each([
    ['as it is', [0x12, 0x59, 0x30, 0x10], true, '10:30:59:12'],
    ['with the mark of left-out frames', [0x42, 0x00, 0x01, 0x23], true, '23:01:00;02'],
    ['without this mark at other rates', [0x42, 0x00, 0x01, 0x23], false, '23:01:00:02'],
    ['not where nothing is written', [0xff, 0xff, 0xff, 0xff], true, undefined],
  ])('is told %s', (_, digits, mayDrop, timecode) => {
    const unit = avchdUnit(0, '20100504190208', [[0x13, ...digits]]);
    expect(avchdTimecode(unit, mayDrop)).toBe(timecode);
  });
});
