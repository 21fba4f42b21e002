import { describe, expect, it } from '@jest/globals';
import { flvCodec, flvSoundKinds } from '../../../core/film/flv-sound.ts';

const AAC = 10;
const described = (rate: number, channels: number) => {
  const said = (2 << 11) | (rate << 7) | (channels << 3);
  return Buffer.from([0, said >> 8, said & 0xff]);
};
const PACKET = Buffer.from([1, 0x21, 0x10]);

describe('AAC in an FLV', () => {
  it('is of the kind of the last description before it', () => {
    const kindOf = flvSoundKinds();
    expect(kindOf(AAC, PACKET)).toBeUndefined();
    expect(kindOf(AAC, described(4, 2))).toBeUndefined();
    expect(kindOf(AAC, PACKET)).toEqual({ channels: 2, layout: 'stereo', sampleRate: 44_100 });
    kindOf(AAC, described(3, 1));
    expect(kindOf(AAC, PACKET)).toEqual({ channels: 1, layout: 'mono', sampleRate: 48_000 });
  });

  it('is of no known kind where its description says neither rate nor channels', () => {
    const kindOf = flvSoundKinds();
    kindOf(AAC, described(15, 2));
    expect(kindOf(AAC, PACKET)).toBeUndefined();
    kindOf(AAC, described(3, 0));
    expect(kindOf(AAC, PACKET)).toBeUndefined();
    expect(kindOf(AAC, Buffer.from([1]))).toBeUndefined();
  });
});

it('codecs of an FLV have names, and those that nobody knows their number', () => {
  expect([10, 2, 14, 12].map(flvCodec)).toEqual(['AAC', 'MP3', 'MP3', 'codec 12']);
});
