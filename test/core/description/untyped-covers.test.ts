import { describe, expect, it } from '@jest/globals';
import { untypedCovers } from '../../../core/description/untyped-covers.ts';
import { box, u32 } from '../../fixtures/craft.ts';

const PNG = Buffer.from('89504e470d0a1a0a00', 'hex');
const data = (type: number, bytes: Buffer) => box('data', u32(type), u32(0), bytes);
const list = (...covers: readonly Buffer[]) =>
  box('meta', u32(0), box('ilst', ...covers.map((each) => box('covr', each))));

describe('covers whose box does not say that they are pictures', () => {
  it.each([
    ['PNG', PNG, 'png'],
    ['JPEG', Buffer.from('ffd8ffe0', 'hex'), 'jpg'],
  ])('are found by how %s begins', (_, bytes, extension) => {
    const udta = box('udta', list(data(0, bytes), data(13, bytes)));
    expect(untypedCovers([{ place: 'movie', type: 'udta', bytes: udta }])).toMatchObject([{ bytes, extension }]);
  });

  it.each([
    ['what is no picture', data(0, Buffer.from('text'))],
    ['a cover that ffmpeg makes a stream of', data(14, PNG)],
    ['a box without a value', box('data', u32(0))],
    ['a box that is not there in whole', data(0, PNG).subarray(0, 20)],
  ])('are not %s', (_, cover) => {
    expect(untypedCovers([{ place: 'movie', type: 'meta', bytes: list(cover) }])).toEqual([]);
  });
});
