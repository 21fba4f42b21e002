import { describe, expect, it } from '@jest/globals';
import { encodeSpecFor, type SpecInput } from '../../../core/encode/encode-spec-for.ts';
import { aVideo } from '../../fixtures/probes.ts';

const specOf = (changes: Partial<SpecInput> = {}) =>
  encodeSpecFor({
    rendition: { name: 'preserve', parent: 'source', codec: 'x265', delivery: 'archive' },
    settings: {},
    video: aVideo(),
    frameRate: { num: 25, den: 1 },
    tools: { ffmpeg: '5.1' },
    ...changes,
  });
const small = {
  name: 'small',
  parent: 'source',
  codec: 'x265',
  delivery: 'archive',
  fit: { shortSide: 720 },
} as const;

describe("a rendition's spec", () => {
  it.each<{ does: string; input: Partial<SpecInput>; filters: string[]; margin: number }>([
    { does: 'leaves a picture that needs nothing alone', input: {}, filters: [], margin: 0 },
    {
      does: 'deinterlaces, with two frames on either side to look at',
      input: { deinterlacing: { pictures: 1 } },
      filters: ['bwdif=mode=send_frame:parity=auto:deint=all'],
      margin: 2,
    },
    {
      does: 'scales, and keeps the shape of the pixels',
      input: { rendition: small, video: aVideo({ sar: { num: 64, den: 45 } }) },
      filters: ['scale=1280:720:flags=lanczos+accurate_rnd+full_chroma_int', 'setsar=64/45'],
      margin: 0,
    },
    {
      does: 'scales, and keeps a shape that takes large numbers',
      input: { rendition: small, video: aVideo({ sar: { num: 1450, den: 1449 } }) },
      filters: ['scale=1280:720:flags=lanczos+accurate_rnd+full_chroma_int', 'setsar=1450/1449:max=65535'],
      margin: 0,
    },
    {
      does: 'makes pixels square that are nearly so, where nothing is scaled for it',
      input: {
        rendition: { ...small, fit: { halfPerimeter: 1128 } },
        video: aVideo({ width: 160, height: 90, sar: { num: 1281, den: 1280 } }),
      },
      filters: ['setsar=1/1'],
      margin: 0,
    },
    {
      does: 'deinterlaces before it scales',
      input: { rendition: small, deinterlacing: { pictures: 1 } },
      filters: [
        'bwdif=mode=send_frame:parity=auto:deint=all',
        'scale=1280:720:flags=lanczos+accurate_rnd+full_chroma_int',
        'setsar=1/1',
      ],
      margin: 2,
    },
    {
      does: 'never enlarges',
      input: { rendition: small, video: aVideo({ width: 640, height: 480 }) },
      filters: [],
      margin: 0,
    },
    {
      does: 'pads odd sides',
      input: { video: aVideo({ width: 161, height: 121 }) },
      filters: ['format=yuv420p,pad=162:122:0:0'],
      margin: 0,
    },
  ])('$does', ({ input, filters, margin }) => {
    const { spec } = specOf(input);
    expect(spec.filters).toEqual(filters);
    expect(spec.margin).toBe(margin);
  });

  it('says what the picture loses, and what is added to it', () => {
    const video = aVideo({ width: 161, height: 120, pixelFormat: 'yuva420p' });
    expect(specOf({ video }).losses).toEqual(['the alpha channel']);
    expect(specOf({ video }).padding).toMatchObject({ width: 162, columns: 1, rows: 0 });
    expect(specOf()).toMatchObject({ losses: [], padding: undefined });
  });

  it.each([
    { codec: 'x265', of: 'yuv420p', is: 'yuv420p' },
    { codec: 'x265', of: 'yuv420p10le', is: 'yuv420p10le' },
    { codec: 'x265', of: 'yuv422p10le', is: 'yuv420p10le' },
    { codec: 'x265', of: 'yuv444p12le', is: 'yuv420p10le' },
    { codec: 'x265', of: 'gray', is: 'yuv420p' },
    { codec: 'svt-av1', of: 'yuv422p', is: 'yuv420p10le' },
    { codec: 'x264', of: 'yuv422p10le', is: 'yuv420p' },
    { codec: 'hevc-nvenc', of: 'yuv422p', is: 'yuv420p' },
    { codec: 'hevc-nvenc', of: 'yuv444p10le', is: 'yuv420p10le' },
  ] as const)('streams $of as $is by $codec, and tells of no loss', ({ codec, of, is }) => {
    const rendition = { name: '4k', parent: 'source', codec, delivery: 'stream' } as const;
    const { spec, losses } = specOf({ rendition, video: aVideo({ pixelFormat: of }) });
    expect(spec.pixelFormat).toBe(is);
    expect(losses).toEqual([]);
  });

  it('streams red, green and blue as YUV, in the matrix of its primaries', () => {
    const rendition = { name: '4k', parent: 'source', codec: 'x265', delivery: 'stream' } as const;
    const video = aVideo({
      pixelFormat: 'gbrp10le',
      colour: { ...aVideo().colour, primaries: 'bt2020', matrix: 'gbr' },
    });
    const { spec } = specOf({ rendition, video });
    expect(spec).toMatchObject({
      pixelFormat: 'yuv420p10le',
      colour: { primaries: 'bt2020', matrix: 'bt2020nc', range: 'tv' },
    });
    expect(spec.filters).toEqual(['scale=out_color_matrix=bt2020:out_range=tv', 'format=yuv420p10le']);
  });

  it.each([
    { width: 15, height: 15, pixelFormat: 'yuv420p', codec: 'x265', fits: true }, // padded
    { width: 15, height: 15, pixelFormat: 'yuv444p', codec: 'x265', fits: false },
    { width: 64, height: 8, pixelFormat: 'yuv420p', codec: 'x265', fits: false },
    { width: 64, height: 8, pixelFormat: 'yuv420p', codec: 'x265-intra', fits: false },
    { width: 1, height: 1, pixelFormat: 'yuv420p', codec: 'x264', fits: true },
    { width: 1, height: 1, pixelFormat: 'yuv420p', codec: 'prores', fits: true },
    { width: 1, height: 1, pixelFormat: 'yuv420p', codec: 'hap', fits: true },
  ] as const)('of $width x $height $pixelFormat in $codec can be: $fits', ({ codec, fits, ...video }) => {
    const rendition = { name: 'tiny', parent: 'source', codec, delivery: 'edit' } as const;
    const spec = () => specOf({ rendition, video: aVideo(video) });
    if (fits) expect(spec().spec.codec).toBe(codec);
    else expect(spec).toThrow(/^the picture is \d+x\d+; .*HEVC needs at least 16x16, ProRes/);
  });

  it.each([
    { settings: {}, quality: { crf: 25 }, preset: 'medium' },
    { settings: { crf: 28, preset: 'slow' as const }, quality: { crf: 28 }, preset: 'slow' },
    { settings: { crf: 28, lossless: true }, quality: 'lossless', preset: 'medium' },
  ])('takes $settings', ({ settings, quality, preset }) => {
    expect(specOf({ settings }).spec).toMatchObject({ quality, preset });
  });

  it('carries colour, HDR and depth', () => {
    const colour = {
      primaries: 'bt2020',
      transfer: 'smpte2084',
      matrix: 'bt2020nc',
      range: 'tv' as const,
      chromaLocation: 'topleft',
    };
    const hdr = {
      masterDisplay: 'G(1,2)B(3,4)R(5,6)WP(7,8)L(9,0)',
      contentLight: '1000,400',
      dolbyVision: undefined,
      hdr10plus: false,
    };
    const { spec } = specOf({ video: aVideo({ pixelFormat: 'yuv420p10le', colour, hdr }) });
    expect(spec).toMatchObject({
      pixelFormat: 'yuv420p10le',
      colour,
      masterDisplay: hdr.masterDisplay,
      contentLight: '1000,400',
    });
  });
});
