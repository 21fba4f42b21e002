/**
 * Returns filters that give the source the size and colours of a rendition by another library than the rendition's: zimg
 * (ffmpeg's zscale) where it was swscale (ffmpeg's scale), and the reverse. A fault of one of them would otherwise be in both
 * pictures and not be found. Filters that neither of them can take the place of stay as they are.
 */
export const referenceFilters = (filters: readonly string[], isOfGrey = false): readonly string[] =>
  filters.flatMap((filter, i) => {
    const makesYuv = isOfGrey && filters[i + 1]?.startsWith('format=yuv') === true;
    return byZimg(filter, makesYuv) ?? bySwscale(filter) ?? [filter];
  });

/** The filter of the other library; its presence in an ffmpeg tells whether `referenceFilters` can be used there. */
export const REFERENCE_FILTER = 'zscale';

const RANGES: Readonly<Record<string, string>> = { pc: 'full', tv: 'limited' };
/** Names of matrices in swscale and in zimg. */
const MATRICES: Readonly<Record<string, string>> = {
  bt709: '709',
  fcc: 'fcc',
  bt2020: '2020_ncl',
  bt470: '470bg',
  smpte170m: '170m',
  smpte240m: '7', // H.273's number: zscale misspells its name
};

const SIZE = /^(\d+):(\d+)(?::|$)/;

function byZimg(filter: string, makesYuvOfGrey: boolean): readonly string[] | undefined {
  if (!filter.startsWith('scale=')) return undefined;
  const given = filter.slice('scale='.length);
  const [size, width, height] = SIZE.exec(given) ?? [''];
  // zimg takes no odd sides where chroma is coarser
  if (Number(width) % 2 === 1 || Number(height) % 2 === 1) return undefined;
  const options = given.slice(size.length).split(':');
  const translated = options.map(zimgOption);
  if (translated.includes(undefined)) return undefined;
  const resized = width === undefined ? [] : [`w=${width}`, `h=${height}`, 'filter=lanczos'];
  const zscale = `zscale=${[...resized, ...translated.flatMap((each) => each ?? [])].join(':')}`;
  if (options.some((option) => option.startsWith('in_color_matrix='))) return [zscale, 'format=gbrp|gbrap'];
  if (options.some((option) => option.startsWith('out_color_matrix='))) return [zscale];
  return [UNSAID_MATRIX, makesYuvOfGrey ? `${zscale}:${ONE_MATRIX}` : zscale];
}

/** ffmpeg 7 finds "no path between colorspaces" for yuvj frames that state a matrix, where none is to be changed. */
const UNSAID_MATRIX = 'setparams=colorspace=unknown';

/** zimg makes no YUV of grey in more than 8 bits unless it is told a matrix. Which one is all the same, where it stays. */
const ONE_MATRIX = 'min=709:m=709';

/** Undefined for what has no counterpart, and an empty list for what zimg does by itself. */
function zimgOption(option: string): readonly string[] | undefined {
  const [name = '', value = ''] = option.split('=');
  if (name === '' || (name === 'flags' && !value.includes('neighbor'))) return [];
  const [to, names] = OPTIONS[name] ?? [];
  const known = names?.[value];
  return known === undefined ? undefined : [`${to}=${known}`];
}

const OPTIONS: Readonly<Record<string, readonly [string, Readonly<Record<string, string>>]>> = {
  in_range: ['rin', RANGES],
  out_range: ['r', RANGES],
  in_color_matrix: ['min', MATRICES],
  out_color_matrix: ['m', MATRICES],
};

function bySwscale(filter: string): readonly string[] | undefined {
  const [, width, height] = /^zscale=w=(\d+):h=(\d+):filter=lanczos$/.exec(filter) ?? [];
  return width === undefined ? undefined : [`scale=${width}:${height}:flags=lanczos+accurate_rnd+full_chroma_int`];
}
