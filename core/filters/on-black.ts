import { hasAlpha } from '../film/pixel-format.ts';
import type { VideoFacts } from '../film/probe.ts';

/**
 * Returns ffmpeg's filters that lay a picture with straight alpha on black, for a rendition that cannot hold the alpha. The
 * colour under transparent pixels was never meant to be seen. YUV comes out without the alpha, RGB still with it.
 */
export function layOnBlack({ pixelFormat, colour }: Pick<VideoFacts, 'pixelFormat' | 'colour'>): readonly string[] {
  if (!hasAlpha(pixelFormat)) return [];
  // the filter counts black from 16 for limited range, and would do so for RGB that is marked as limited
  if (!/^(yuva|ayuv|vuya)/.test(pixelFormat)) return ['setparams=range=pc', MULTIPLY];
  const range = colour.range ?? 'tv';
  const to = (format: string, flags: string) => [
    `scale=in_range=${range}:out_range=${range}:flags=${flags}`,
    `format=${format}`,
  ];
  const [, chroma = '44', depth = '16'] = /^yuva4(20|22|44)p(\d*)/.exec(pixelFormat) ?? [];
  const bits = depth === '' ? '' : `${depth}le`;
  // repeating each chroma sample and averaging the copies again leaves opaque pixels as they are
  return [...to(`yuva444p${bits}`, 'neighbor'), MULTIPLY, ...to(`yuv4${chroma}p${bits}`, 'area')];
}

/** Multiplies colour by alpha, which is what black under it leaves. */
const MULTIPLY = 'premultiply=inplace=1';
