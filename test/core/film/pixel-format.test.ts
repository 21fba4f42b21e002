import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { bitDepth, x265PixelFormat } from '../../../core/film/pixel-format.ts';

describe("x265's pixel format", () => {
  it.each([
    ['yuv420p', 'yuv420p'],
    ['yuvj420p', 'yuvj420p'],
    ['yuvj422p', 'yuvj422p'],
    ['nv12', 'yuv420p'],
    ['yuv420p10le', 'yuv420p10le'],
    ['p010le', 'yuv420p10le'],
    ['yuv420p9le', 'yuv420p10le'],
    ['yuv420p12le', 'yuv420p12le'],
    ['p012le', 'yuv420p12le'],
    ['yuv422p10le', 'yuv422p10le'],
    ['yuv422p10be', 'yuv422p10le'],
    ['uyvy422', 'yuv422p'],
    ['yuyv422', 'yuv422p'],
    ['yuv411p', 'yuv422p'],
    ['uyyvyy411', 'yuv422p'],
    ['yuv410p', 'yuv420p'],
    ['yuv440p', 'yuv444p'],
    ['yuv444p', 'yuv444p'],
    ['yuv444p12le', 'yuv444p12le'],
    ['gbrp', 'gbrp'],
    ['gbrp10le', 'gbrp10le'],
    ['rgb24', 'gbrp'],
    ['bgr0', 'gbrp'],
    ['0rgb', 'gbrp'],
    ['pal8', 'gbrp'],
    ['x2rgb10le', 'gbrp10le'],
    ['gray', 'gray'],
    ['gray10le', 'gray10le'],
    ['gray9le', 'gray10le'],
    ['monob', 'gray'],
  ])('of %s is %s, and nothing is lost', (source, pixelFormat) => {
    expect(x265PixelFormat(source)).toEqual({ pixelFormat, losses: [] });
  });

  it.each([
    ['yuva444p10le', 'yuv444p10le', ['the alpha channel']],
    ['yuva420p', 'yuv420p', ['the alpha channel']],
    ['rgba', 'gbrp', ['the alpha channel']],
    ['gbrap12le', 'gbrp12le', ['the alpha channel']],
    ['ya8', 'gray', ['the alpha channel']],
    ['yuv420p16le', 'yuv420p12le', ['bits beyond 12 of 16']],
    ['yuv422p14le', 'yuv422p12le', ['bits beyond 12 of 14']],
    ['rgb48le', 'gbrp12le', ['bits beyond 12 of 16']],
    ['rgba64le', 'gbrp12le', ['the alpha channel', 'bits beyond 12 of 16']],
    ['p016le', 'yuv420p12le', ['bits beyond 12 of 16']],
    ['grayf32le', 'gray12le', ['bits beyond 12 of 32']],
    ['rgbaf16le', 'gbrp12le', ['the alpha channel', 'bits beyond 12 of 16']],
    ['gbrpf32le', 'gbrp12le', ['bits beyond 12 of 32']],
    ['unknown', 'yuv444p', ['its layout (unknown)']],
  ])('of %s is %s, with the losses named', (source, pixelFormat, losses) => {
    expect(x265PixelFormat(source)).toEqual({ pixelFormat, losses });
  });

  const KNOWN = pixelFormats();

  it('is one that libx265 supports, for every source', () => {
    const help = execFileSync('ffmpeg', ['-hide_banner', '-h', 'encoder=libx265'], { encoding: 'utf8' });
    const taken = new Set(/Supported pixel formats: (.*)/.exec(help)?.[1]?.split(' '));
    const refused = KNOWN.flatMap(({ name }) => {
      const { pixelFormat } = x265PixelFormat(name);
      return taken.has(pixelFormat) ? [] : [`${name}: ${pixelFormat}`];
    });
    expect(refused).toEqual([]);
  });

  it('has as many bits as ffmpeg says the source has, up to 12', () => {
    const wrong = KNOWN.flatMap(({ name, bits }) => {
      const { pixelFormat } = x265PixelFormat(name);
      return bitDepth(name) === bits && bitDepth(pixelFormat) >= Math.min(bits, 12) ? [] : [`${name}: ${pixelFormat}`];
    });
    expect(wrong).toEqual([]);
  });

  it('has as many samples a pixel as the source', () => {
    const wrong = KNOWN.filter(({ components }) => components === 1 || components === 3).flatMap(
      ({ name, samples }) => {
        const { pixelFormat } = x265PixelFormat(name);
        const held = KNOWN.find((each) => each.name === pixelFormat)?.samples ?? 0;
        return held >= samples ? [] : [`${name}: ${pixelFormat}`];
      },
    );
    expect(wrong).toEqual([]);
  });
});

/** ffmpeg's list of pixel formats, without hardware surfaces and Bayer patterns, which no decoder outputs. */
function pixelFormats(): { name: string; components: number; bits: number; samples: number }[] {
  const list = execFileSync('ffmpeg', ['-hide_banner', '-v', 'error', '-pix_fmts'], { encoding: 'utf8' });
  const rows = list.matchAll(/^[I.][O.]([H.])([P.])[B.] (\S+) +(\d+) +(\d+) +(\S+)/gm);
  return [...rows].flatMap(([, hardware, palette, name = '', components, perPixel, depths = '']) => {
    if (hardware === 'H' || name.startsWith('bayer')) return [];
    const bits = Math.max(...depths.split('-').map(Number));
    const samples = palette === 'P' ? 3 : Number(perPixel) / bits;
    return [{ name, components: Number(components), bits: Math.max(8, bits), samples }];
  });
}
