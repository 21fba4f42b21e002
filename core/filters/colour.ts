import type { Colour, VideoFacts } from '../film/probe.ts';

/** What a rendition's colour is flagged as, and the filters that make it so. */
export type ColourPlan = { readonly colour: Colour; readonly filters: readonly string[] };

/** Colour as it was, not touched. */
export const keptColour = ({ colour }: VideoFacts): ColourPlan => ({ colour, filters: [] });

const isRgb = (pixelFormat: string) => /^(gbr|rgb|bgr|argb|abgr|0rgb|0bgr|pal8|x2)/.test(pixelFormat);
const HDR_TRANSFERS = new Set(['smpte2084', 'arib-std-b67']);

/** HDR10 or HLG. */
const isHdr = ({ colour }: Pick<VideoFacts, 'colour'>) => HDR_TRANSFERS.has(colour.transfer ?? '');

const isWideGamut = ({ colour }: VideoFacts) => colour.primaries === 'bt2020';

const BT709 = {
  primaries: 'bt709',
  transfer: 'bt709',
  matrix: 'bt709',
  range: 'tv',
  chromaLocation: undefined,
} as const;

/** Limited range, flagged: what the source says, BT.709 where it says nothing. HDR stays HDR. */
export function editingColour(video: VideoFacts): ColourPlan {
  const { colour, pixelFormat } = video;
  const matrix = isRgb(pixelFormat) ? 'bt709' : (colour.matrix ?? 'bt709');
  const primaries = colour.primaries ?? 'bt709';
  const transfer = colour.transfer ?? 'bt709';
  const convert = isRgb(pixelFormat)
    ? ['scale=out_color_matrix=bt709:out_range=tv']
    : colour.range === 'pc'
      ? ['scale=in_range=pc:out_range=tv']
      : [];
  return {
    colour: { primaries, transfer, matrix, range: 'tv', chromaLocation: colour.chromaLocation },
    // prores_ks takes them from the frames, not from the command
    filters: [...convert, `setparams=color_primaries=${primaries}:color_trc=${transfer}:colorspace=${matrix}:range=tv`],
  };
}

/** Limited range in SDR for screens of any age: HDR and BT.2020 become BT.709. */
export function screenColour(video: VideoFacts): ColourPlan {
  const { colour, pixelFormat } = video;
  if (isHdr(video) || isWideGamut(video)) return { colour: BT709, filters: [...toBt709(video), 'format=yuv420p'] };
  if (isRgb(pixelFormat)) return { colour: BT709, filters: ['scale=out_color_matrix=bt709:out_range=tv'] };
  if (colour.range !== 'pc') return { colour, filters: [] };
  return { colour: { ...colour, range: 'tv' }, filters: ['scale=in_range=pc:out_range=tv'] };
}

const UNTAGGED: Colour = {
  primaries: undefined,
  transfer: undefined,
  matrix: undefined,
  range: undefined,
  chromaLocation: undefined,
};

/** RGB in SDR, as graphics cards show textures; alpha comes along. */
export function textureColour(video: VideoFacts): ColourPlan {
  const { colour, pixelFormat } = video;
  const range = colour.range ?? 'tv';
  const rgba = (before: readonly string[], from: { readonly matrix: string; readonly range: string }): ColourPlan => {
    const toRgb = `scale=in_color_matrix=${from.matrix}:in_range=${from.range}:flags=lanczos+accurate_rnd+full_chroma_int`;
    return { colour: UNTAGGED, filters: [...before, toRgb, 'format=rgba'] };
  };
  const inBt709 = { matrix: 'bt709', range: 'tv' };
  if (isHdr(video) || isWideGamut(video)) return rgba([...toBt709(video), 'format=yuv444p'], inBt709);
  if (isRgb(pixelFormat)) return { colour: UNTAGGED, filters: ['format=rgba'] };
  const said = colour.matrix ?? playersMatrix(video);
  const matrix = SCALE_NAMES[said];
  if (matrix !== undefined) return rgba([], { matrix, range });
  return rgba([`zscale=min=${said}:rin=${range === 'pc' ? 'full' : 'limited'}:m=bt709:r=limited`], inBt709);
}

/** What players take the matrix to be where nothing is said. */
const playersMatrix = ({ width, height }: VideoFacts) => (width >= 1280 || height >= 720 ? 'bt709' : 'smpte170m');

/** A matrix that the scale filter does not take, as YCgCo: frames that say so make ffmpeg 7's fail whatever it is to do. */
export const isUnsupportedMatrix = (matrix: string | undefined): boolean =>
  matrix !== undefined && matrix !== 'gbr' && SCALE_NAMES[matrix] === undefined;

/** The scale filter's own names; ffmpeg 7 fails at any other. */
const SCALE_NAMES: Readonly<Record<string, string>> = {
  bt709: 'bt709',
  fcc: 'fcc',
  bt2020nc: 'bt2020',
  bt2020c: 'bt2020',
  bt470bg: 'bt470',
  smpte170m: 'smpte170m',
  smpte240m: 'smpte240m',
};

/** Linear light, then hable's curve where there is more than SDR holds. BT.2446's 203 cd/m² are diffuse white. */
function toBt709(video: VideoFacts): readonly string[] {
  const { colour } = video;
  const from = `pin=${colour.primaries ?? 'bt2020'}:tin=${colour.transfer ?? 'bt709'}:min=${colour.matrix ?? 'bt2020nc'}:rin=${colour.range === 'pc' ? 'full' : 'limited'}`;
  if (!isHdr(video)) return [`zscale=${from}:p=bt709:t=bt709:m=bt709:r=limited`];
  return [
    `zscale=${from}:t=linear:npl=203`,
    'format=gbrpf32le',
    'zscale=p=bt709',
    'tonemap=tonemap=hable:desat=0',
    'zscale=p=bt709:t=bt709:m=bt709:r=limited',
  ];
}
