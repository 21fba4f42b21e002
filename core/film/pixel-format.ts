/** The encoder's pixel format, and which parts of the source it cannot hold (an empty list where nothing is lost). */
export type PixelFormatChoice = { readonly pixelFormat: string; readonly losses: readonly string[] };

/** How a lost alpha channel is named among losses. */
export const LOST_ALPHA = 'the alpha channel';

// the formats that ffmpeg's libx265 wrapper supports
const X265 = new Set(
  ['yuv420p', 'yuv422p', 'yuv444p', 'gbrp']
    .flatMap((name) => [name, `${name}10le`, `${name}12le`])
    .concat(['yuvj420p', 'yuvj422p', 'yuvj444p', 'gray', 'gray10le', 'gray12le']),
);

/** Returns the x265 format for the source's bit depth and chroma, and which parts of the source no x265 format holds. */
export function x265PixelFormat(source: string): PixelFormatChoice {
  if (X265.has(source)) return { pixelFormat: source, losses: [] };
  const losses: string[] = [];
  if (hasAlpha(source)) losses.push(LOST_ALPHA);
  const depth = bitDepth(source);
  if (depth > 12) losses.push(`bits beyond 12 of ${depth}`);
  const family = familyOf(source);
  if (!family) losses.push(`its layout (${source})`);
  const suffix = depth <= 8 ? '' : depth <= 10 ? '10le' : '12le';
  return { pixelFormat: `${family ?? 'yuv444p'}${suffix}`, losses };
}

/** Whether a picture is coded as red, green and blue, and so needs no matrix. */
export const isRgb = (pixelFormat: string) => /^(gbr|rgb|bgr|argb|abgr|0rgb|0bgr|pal8|x2)/.test(pixelFormat);

/** Whether pictures of ffmpeg's pixel format say how transparent they are. */
export const hasAlpha = (pixelFormat: string) => /^(yuva|gbra|rgba|bgra|argb|abgr|ya|ayuv|vuya)/.test(pixelFormat);

/** Returns 4:2:0 in 8 bits, which every screen shows. Only a lost alpha channel is named, not lost depth or chroma. */
export const screenPixelFormat = (source: string): PixelFormatChoice => ({
  pixelFormat: 'yuv420p',
  losses: hasAlpha(source) ? [LOST_ALPHA] : [],
});

/** Returns an x265 format with the source's chroma and at least 10 bits; grey becomes 4:2:0. */
export function editingPixelFormat(source: string): PixelFormatChoice {
  const { pixelFormat, losses } = x265PixelFormat(source);
  const family = /^(yuv4\d\d|gbr)p/.exec(pixelFormat.replace('yuvj', 'yuv'))?.[0] ?? 'yuv420p';
  const yuv = family === 'gbrp' ? 'yuv444p' : family;
  return { pixelFormat: `${yuv}${bitDepth(source) > 10 ? '12le' : '10le'}`, losses };
}

/**
 * Returns the format in which a picture is streamed: 4:2:0 in at most 10 bits, with alpha if it has some. Players in browsers,
 * phones and television sets decode no other (HLS Authoring Specification for Apple Devices, 1.5: Main and Main 10).
 */
export function streamedPixelFormat(source: string): string {
  if (familyOf(source) === 'yuv420p' && bitDepth(source) <= 10) return source;
  return `yuv${hasAlpha(source) ? 'a' : ''}420p${bitDepth(source) > 8 ? '10le' : ''}`;
}

const CHROMA_RANK = { gray: 0, yuv420p: 1, yuv422p: 2, yuv444p: 3, gbrp: 3 } as const;

/** Returns sentence parts that name what a format of this depth and chroma loses of the source. */
export function lossesAgainst(
  source: string,
  {
    depth,
    chroma,
    alpha = false,
  }: { readonly depth: number; readonly chroma: '420' | '422' | '444'; readonly alpha?: boolean },
): readonly string[] {
  const family = familyOf(source) ?? 'yuv444p';
  const bits = bitDepth(source);
  return [
    hasAlpha(source) && !alpha && LOST_ALPHA,
    bits > depth && `bits beyond ${depth} of ${bits}`,
    CHROMA_RANK[family] > CHROMA_RANK[`yuv${chroma}p`] && `chroma beyond 4:${chroma.slice(1).split('').join(':')}`,
  ].filter((loss) => loss !== false);
}

/**
 * Returns the format that holds every picture of these formats: the finest chroma, the most bits, and alpha where one has it.
 * Red, green and blue become 4:4:4 where other pictures are YUV. One of the formats is returned where it is that already.
 */
export function richestFormat(formats: readonly [string, ...string[]]): string {
  const [first] = formats;
  const plain = [...new Set(formats.map((name) => name.replace('yuvj', 'yuv')))];
  if (plain.length === 1) return plain[0] ?? first;
  const families = plain.map((name) => familyOf(name) ?? 'yuv444p');
  const finest = families.reduce((best, each) => (CHROMA_RANK[each] > CHROMA_RANK[best] ? each : best));
  const depth = Math.max(...plain.map(bitDepth));
  const alpha = plain.some(hasAlpha);
  const holdsAll = (name: string, family: string) =>
    family === finest && bitDepth(name) === depth && hasAlpha(name) === alpha;
  const isMixed = families.includes('gbrp') && families.some((each) => each !== 'gbrp');
  const found = isMixed ? undefined : plain.find((name, i) => holdsAll(name, families[i] ?? ''));
  if (found !== undefined) return found;
  const layout = isMixed ? 'yuv444p' : finest;
  const suffix = depth > 8 ? `${depth}le` : '';
  if (layout === 'gbrp') return `${alpha ? 'gbrap' : 'gbrp'}${suffix}`;
  if (layout === 'gray') return `${alpha ? 'ya' : 'gray'}${suffix || (alpha ? '8' : '')}`;
  return `${alpha ? layout.replace('yuv', 'yuva') : layout}${suffix}`;
}

/** Returns a format in words, such as "4:2:0 of 10 bits". */
export function formatInWords(name: string): string {
  const family = familyOf(name);
  const [, chroma] = /(4\d\d)/.exec(family ?? '') ?? [];
  const colours = chroma ? chroma.split('').join(':') : family === 'gray' ? 'grey' : family === 'gbrp' ? 'RGB' : name;
  return `${colours} of ${bitDepth(name)} bits${hasAlpha(name) ? ' with alpha' : ''}`;
}

/** Returns the bits of one component, by ffmpeg's name of the format. */
export function bitDepth(name: string): number {
  const planar = /(?:p|gray|gbrap?|ya|^rgba?|^bgra?)f?(9|10|12|14|16|32)(?:msb)?(?:le|be)?$/.exec(name);
  if (planar?.[1]) return Number(planar[1]);
  if (/^(rgb|bgr)96|^(rgba|bgra)128/.test(name)) return 32;
  if (/^(rgb|bgr)48|^(rgba|bgra|ayuv)64|^(p01|p21|p41|y21)6|^xv48/.test(name)) return 16;
  if (/^(p01|p21|p41|v21|y21)2|^xyz12|^xv36/.test(name)) return 12;
  return /^(p01|p21|p41|v21|y21)0|^nv20|^xv30|^v30x|^x2(rgb|bgr)10/.test(name) ? 10 : 8;
}

function familyOf(name: string): keyof typeof CHROMA_RANK | undefined {
  if (/^(yuvj?a?420|nv12|nv21|p01\d|yuv410)/.test(name)) return 'yuv420p';
  if (/^(yuvj?a?422|yuyv|uyvy|yvyu|nv16|nv20|p21\d|[vy]21\d|yuv411|uyyvyy)/.test(name)) return 'yuv422p';
  if (/^(yuvj?a?4(44|40)|nv24|nv42|p41\d|ayuv|vuya|vuyx|xv)/.test(name)) return 'yuv444p';
  if (/^(gbra?p|rgb|bgr|argb|abgr|0rgb|0bgr|pal8|x2|xyz|bayer)/.test(name)) return 'gbrp';
  return /^(gray|ya\d|mono)/.test(name) ? 'gray' : undefined;
}
