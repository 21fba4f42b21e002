/** What the encoder is given, and what of the source it cannot hold (empty where nothing is lost). */
export type PixelFormatChoice = { readonly pixelFormat: string; readonly losses: readonly string[] };

// libx265's own formats, as the ffmpeg wrapper lists them
const X265 = new Set(
  ['yuv420p', 'yuv422p', 'yuv444p', 'gbrp']
    .flatMap((name) => [name, `${name}10le`, `${name}12le`])
    .concat(['yuvj420p', 'yuvj422p', 'yuvj444p', 'gray', 'gray10le', 'gray12le']),
);

/** The x265 format that holds the source's bit depth and chroma; what no format of x265's holds is named. */
export function x265PixelFormat(source: string): PixelFormatChoice {
  if (X265.has(source)) return { pixelFormat: source, losses: [] };
  const losses: string[] = [];
  if (/^(yuva|gbra|rgba|bgra|argb|abgr|ya\d|ya|ayuv|vuya)/.test(source)) losses.push('the alpha channel');
  const depth = bitDepth(source);
  if (depth > 12) losses.push(`bits beyond 12 of ${depth}`);
  const family = familyOf(source);
  if (!family) losses.push(`its layout (${source})`);
  const suffix = depth <= 8 ? '' : depth <= 10 ? '10le' : '12le';
  return { pixelFormat: `${family ?? 'yuv444p'}${suffix}`, losses };
}

/** Bits a component, from ffmpeg's name of the format. */
export function bitDepth(name: string): number {
  const planar = /(?:p|gray|gbrap?|ya)(9|10|12|14|16|f?32)(?:le|be)?$/.exec(name);
  if (planar?.[1]) return planar[1].endsWith('32') ? 32 : Number(planar[1]);
  if (/^(rgb|bgr)48|^(rgba|bgra)64/.test(name)) return 16;
  if (/^(p01|p21|p41)0|^(v|y)210|^x2(rgb|bgr)10/.test(name)) return 10;
  if (/^(p01|p21|p41)2|^xyz12|^(v|y)212/.test(name)) return 12;
  return /^(p01|p21|p41)6/.test(name) ? 16 : 8;
}

function familyOf(name: string): string | undefined {
  if (/^(yuvj?a?420|nv12|nv21|p01\d|yuv410)/.test(name)) return 'yuv420p';
  if (/^(yuvj?a?422|yuyv|uyvy|yvyu|nv16|nv20|p21\d|[vy]21\d|yuv411|uyyvyy)/.test(name)) return 'yuv422p';
  if (/^(yuvj?a?4(44|40)|nv24|nv42|p41\d|ayuv|vuya|vuyx|xv)/.test(name)) return 'yuv444p';
  if (/^(gbra?p|rgb|bgr|argb|abgr|0rgb|0bgr|pal8|x2|xyz|bayer)/.test(name)) return 'gbrp';
  return /^(gray|ya\d|mono)/.test(name) ? 'gray' : undefined;
}
