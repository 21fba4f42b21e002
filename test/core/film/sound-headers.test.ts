import { describe, expect, it } from '@jest/globals';
import { adtsHeader, mpegAudioHeader } from '../../../core/film/sound-headers.ts';

const bytes = (hex: string) => Buffer.from(hex, 'hex');

describe('the header of MPEG audio', () => {
  it.each([
    { hex: 'fffdc400', is: { layer: 2, sampleRate: 48_000, isMono: false, emphasis: 0 } },
    { hex: 'fffdc8c0', is: { layer: 2, sampleRate: 32_000, isMono: true } },
    { hex: 'fff5c400', is: { layer: 2, sampleRate: 24_000 } },
    { hex: 'fffb9064', is: { layer: 3, sampleRate: 44_100, hasBitRate: true } },
    { hex: 'ffe39400', is: { layer: 3, sampleRate: 12_000 } },
    { hex: 'fffdc401', is: { emphasis: 1 } },
    { hex: 'fffdf403', is: { hasBitRate: false, emphasis: 3 } },
    { hex: 'fff9c400', is: { layer: undefined } },
  ])('$hex', ({ hex, is }) => {
    expect(mpegAudioHeader(bytes(hex))).toMatchObject(is);
  });

  it.each([
    ['without sync', '7ffdc400'],
    ['of a version that there is not', 'ffedc400'],
    ['of a rate that there is not', 'fffdcc00'],
    ['that are not there', ''],
  ])('is none in bytes %s', (_, hex) => {
    expect(mpegAudioHeader(bytes(hex))).toBeUndefined();
  });
});

describe('the header of AAC in ADTS', () => {
  it.each([
    { hex: 'fff14c80', is: { sampleRate: 48_000, configuration: 2 } },
    { hex: 'fff15080', is: { sampleRate: 44_100, configuration: 2 } },
    { hex: 'fff14d80', is: { sampleRate: 48_000, configuration: 6 } },
    { hex: 'fff14c00', is: { sampleRate: 48_000, configuration: 0 } },
    { hex: 'fff17c80', is: { sampleRate: undefined } },
  ])('$hex', ({ hex, is }) => {
    expect(adtsHeader(bytes(hex))).toMatchObject(is);
  });

  it('is none in bytes of MPEG audio, or in none', () => {
    expect(adtsHeader(bytes('fffdc400'))).toBeUndefined();
    expect(adtsHeader(bytes(''))).toBeUndefined();
  });
});
