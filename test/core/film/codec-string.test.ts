import { describe, expect, it } from '@jest/globals';
import { codecString } from '../../../core/film/codec-string.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

/** hvcC: version, profile space/tier/idc, compatibility flags, constraint flags, level; the rest is not read. */
const hvcc = (profile: string, compatibility: string, constraints: string, level: number) =>
  bytes(`01 ${profile} ${compatibility} ${constraints} ${level.toString(16).padStart(2, '0')} f000fcfdf8f800000f00`);

describe('the codecs parameter (RFC 6381)', () => {
  it.each([
    // the examples of ISO/IEC 14496-15 annex E.3
    { is: 'hev1.1.2.L93.B0', tag: 'hev1', record: hvcc('01', '40000000', 'b00000000000', 93) },
    { is: 'hev1.A4.41.H120.B0.23', tag: 'hev1', record: hvcc('64', '82000000', 'b02300000000', 120) },
    // what players see every day
    { is: 'hvc1.1.6.L93.B0', tag: 'hvc1', record: hvcc('01', '60000000', 'b00000000000', 93) },
    { is: 'hvc1.1.6.L120.90', tag: 'hvc1', record: hvcc('01', '60000000', '900000000000', 120) },
    { is: 'hvc1.2.4.L153.B0', tag: 'hvc1', record: hvcc('02', '20000000', 'b00000000000', 153) },
    { is: 'hvc1.2.4.H150.90', tag: 'hvc1', record: hvcc('22', '20000000', '900000000000', 150) },
    { is: 'hvc1.4.10.L120.9D.8', tag: 'hvc1', record: hvcc('04', '08000000', '9d0800000000', 120) },
    { is: 'hvc1.1.6.L30', tag: 'hvc1', record: hvcc('01', '60000000', '000000000000', 30) },
    { is: 'hvc1.1.6.L93.0.0.1', tag: 'hvc1', record: hvcc('01', '60000000', '000001000000', 93) },
    { is: 'hvc1.C1.80000000.L93', tag: 'hvc1', record: hvcc('c1', '00000001', '000000000000', 93) },
  ])('of HEVC is $is', ({ is, tag, record }) => {
    expect(codecString({ codec: 'hevc', tag, configuration: record })).toBe(is);
  });

  it.each([
    // written by SVT-AV1 1.4 through ffmpeg 5.1
    {
      what: 'chroma at the left',
      is: 'av01.0.00M.10.0.111.02.02.02.0',
      record: bytes('81004d000a0b000000043cfecc02f84240'),
    },
    { what: 'HDR10', is: 'av01.0.00M.10.0.110.09.16.09.0', record: bytes('81004c000a0e000000043cfecc02f85091009040') },
    // av1C alone: profile, level, tier and depth (AV1 in ISO base media files, section 2.3)
    { what: 'no sequence header', is: 'av01.0.04M.10', record: bytes('81 04 4c 00') },
    { what: 'a high tier in 12 bits', is: 'av01.2.15H.12', record: bytes('81 4f e0 00') },
    { what: '8 bits', is: 'av01.0.08M.08', record: bytes('81 08 0c 00') },
  ])('of AV1 is $is with $what', ({ is, record }) => {
    expect(codecString({ codec: 'av1', tag: 'av01', configuration: record })).toBe(is);
  });

  it.each([
    { is: 'avc1.42E01E', record: bytes('01 42 e0 1e ff e1') },
    { is: 'avc1.640028', record: bytes('01 64 00 28 ff e1') },
    { is: 'avc1.4D401F', record: bytes('01 4d 40 1f ff e1') },
    { is: 'avc1.F4000D', record: bytes('01 f4 00 0d') },
  ])('of H.264 is $is', ({ is, record }) => {
    expect(codecString({ codec: 'h264', tag: 'avc1', configuration: record })).toBe(is);
  });

  it.each([
    { what: 'another codec', codec: 'prores', tag: 'apch', configuration: bytes(''), is: 'apch' },
    {
      what: 'a codec without a name in MP4',
      codec: 'mpeg2video',
      tag: '[2][0][0][0]',
      configuration: bytes(''),
      is: 'mpeg2video',
    },
    { what: 'HEVC in Annex B', codec: 'hevc', tag: 'hev1', configuration: bytes('00000001 40 01'), is: 'hev1' },
    {
      what: 'H.264 in Annex B',
      codec: 'h264',
      tag: '[27][0][0][0]',
      configuration: bytes('00000001 67 64'),
      is: 'h264',
    },
    { what: 'a record that is cut short', codec: 'hevc', tag: 'hvc1', configuration: bytes('01 01 60'), is: 'hvc1' },
  ])('of $what is its name', ({ is, ...facts }) => {
    expect(codecString(facts)).toBe(is);
  });

  it('is read from where the record lies in a larger buffer', () => {
    const record = Buffer.concat([Buffer.alloc(5, 0xff), hvcc('01', '60000000', 'b00000000000', 93)]).subarray(5);
    expect(codecString({ codec: 'hevc', tag: 'hvc1', configuration: record })).toBe('hvc1.1.6.L93.B0');
  });
});
