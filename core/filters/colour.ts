import { hdrKind } from '../film/hdr.ts';
import { isRgb, streamedPixelFormat } from '../film/pixel-format.ts';
import { UNTAGGED } from '../film/plain-video.ts';
import type { Colour, VideoFacts } from '../film/probe.ts';
import { SCALE_NAMES } from '../film/scale-filter.ts';
import { assumedMatrix, shownColour } from './assumed-colour.ts';

/** The colour tags of a rendition, and the filters that convert the source to them. */
export type ColourPlan = { readonly colour: Colour; readonly filters: readonly string[] };

/** The source's colour, without conversion. */
export const keptColour = ({ colour }: VideoFacts): ColourPlan => ({ colour, filters: [] });

/** Whether the source is HDR10 or HLG. */
const isHdr = ({ colour }: Pick<VideoFacts, 'colour'>) => hdrKind(colour.transfer) !== undefined;

const isWideGamut = ({ colour }: VideoFacts) => colour.primaries === 'bt2020';

const BT709 = {
  primaries: 'bt709',
  transfer: 'bt709',
  matrix: 'bt709',
  range: 'tv',
  chromaLocation: undefined,
} as const;

/** Makes a limited range of a full one. The encoder's pixel format has to follow, because a yuvj format would undo it. */
export const TO_LIMITED_RANGE = 'scale=in_range=pc:out_range=tv';

/**
 * The colour for editing: limited range with explicit tags, which are the source's or else those that players assume. HDR
 * stays HDR.
 */
export function editingColour(video: VideoFacts): ColourPlan {
  const { colour, pixelFormat } = video;
  const shown = shownColour(video);
  const matrix = isRgb(pixelFormat) ? 'bt709' : shown.matrix;
  const primaries = shown.primaries ?? 'bt709';
  const transfer = shown.transfer ?? 'bt709';
  const convert = isRgb(pixelFormat)
    ? ['scale=out_color_matrix=bt709:out_range=tv']
    : colour.range === 'pc'
      ? [TO_LIMITED_RANGE]
      : [];
  return {
    colour: { primaries, transfer, matrix, range: 'tv', chromaLocation: colour.chromaLocation },
    // prores_ks reads colour tags from the frames, not from the command
    filters: [...convert, `setparams=color_primaries=${primaries}:color_trc=${transfer}:colorspace=${matrix}:range=tv`],
  };
}

/** The colour for screens of any age: limited range in SDR, with HDR and BT.2020 converted to BT.709. */
export function screenColour(video: VideoFacts): ColourPlan {
  const { colour, pixelFormat } = video;
  if (isHdr(video) || isWideGamut(video)) return { colour: BT709, filters: [...toBt709(video), 'format=yuv420p'] };
  if (isRgb(pixelFormat)) return { colour: BT709, filters: ['scale=out_color_matrix=bt709:out_range=tv'] };
  if (colour.range !== 'pc') return { colour, filters: [] };
  return { colour: { ...colour, range: 'tv' }, filters: [TO_LIMITED_RANGE] };
}

/** Returns a picture as it is streamed, and the filters that make it so of one that is coded as red, green and blue. */
export function streamedPicture(video: VideoFacts): {
  readonly video: VideoFacts;
  readonly filters: readonly string[];
} {
  const { primaries = 'bt709', transfer = 'bt709' } = video.colour;
  const pixelFormat = streamedPixelFormat(video.pixelFormat);
  if (!isRgb(video.pixelFormat)) return { video: { ...video, pixelFormat }, filters: [] };
  const matrix = isWideGamut(video) ? 'bt2020nc' : 'bt709';
  return {
    video: { ...video, pixelFormat, colour: { primaries, transfer, matrix, range: 'tv', chromaLocation: undefined } },
    filters: [
      `scale=out_color_matrix=${SCALE_NAMES[matrix]}:out_range=tv`,
      `format=${pixelFormat.replace('yuva', 'yuv')}`,
    ],
  };
}

/** The colour for textures on a graphics card: RGB in SDR, with alpha. */
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
  const source = usableMatrix(video) ?? assumedMatrix(video);
  const matrix = SCALE_NAMES[source];
  const unsaid = colour.matrix === undefined || source === colour.matrix ? [] : ['setparams=colorspace=unknown'];
  if (matrix !== undefined) return rgba(unsaid, { matrix, range });
  return rgba([`zscale=min=${source}:rin=${range === 'pc' ? 'full' : 'limited'}:m=bt709:r=limited`], inBt709);
}

/** Says that a picture was converted as if it had another matrix than it says, where nothing here converts by that one. */
export function matrixTold(video: VideoFacts, { matrix }: Colour): readonly string[] {
  const { colour, pixelFormat } = video;
  const isConverted = colour.matrix !== undefined && matrix !== colour.matrix && !isRgb(pixelFormat);
  if (!isConverted || usableMatrix(video) !== undefined) return [];
  const instead = isHdr(video) || isWideGamut(video) ? WIDE_MATRIX : assumedMatrix(video);
  return [
    `the picture says that its matrix is ${colour.matrix}, by which it cannot be converted: ${instead} is taken, as players do for a picture that says nothing`,
  ];
}

/** The matrix that a picture says where a filter converts by it; undefined where it says none, or none that fits what else it says. */
function usableMatrix(video: VideoFacts): string | undefined {
  const { matrix, primaries } = video.colour;
  if (matrix === undefined || SCALE_NAMES[matrix] !== undefined || matrix === 'ycgco') return matrix;
  if (matrix === 'chroma-derived-nc') return primaries === undefined ? undefined : matrix;
  return matrix === 'ictcp' && isHdr(video) ? matrix : undefined;
}

const WIDE_MATRIX = 'bt2020nc';

/**
 * Filters that convert to BT.709; HDR is tone-mapped in linear light with hable's curve, and diffuse white is 203 cd/m²
 * (ITU-R BT.2408).
 */
function toBt709(video: VideoFacts): readonly string[] {
  const { colour } = video;
  const used = isRgb(video.pixelFormat) ? 'gbr' : (usableMatrix(video) ?? WIDE_MATRIX);
  const from = `pin=${colour.primaries ?? 'bt2020'}:tin=${colour.transfer ?? 'bt709'}:min=${zimgMatrix(used)}:rin=${colour.range === 'pc' ? 'full' : 'limited'}`;
  if (!isHdr(video)) return [`zscale=${from}:p=bt709:t=bt709:m=bt709:r=limited`];
  return [
    ...stating(video, used),
    `zscale=${from}${colour.primaries === 'ebu3213' ? ':p=ebu3213' : ''}:t=linear:npl=203`, // it would lose these primaries
    'format=gbrpf32le',
    'zscale=p=bt709',
    'tonemap=tonemap=hable:desat=0',
    'zscale=p=bt709:t=bt709:m=bt709:r=limited',
  ];
}

/** Gives pictures the primaries and the matrix that are assumed for them: zscale finds no way in linear light from what they do not say. */
function stating({ colour, colourAssumed = [], pixelFormat }: VideoFacts, used: string): readonly string[] {
  const isUnsaid = (what: 'primaries' | 'matrix') => colour[what] === undefined || colourAssumed.includes(what);
  const said = [
    isUnsaid('primaries') && 'color_primaries=bt2020',
    !isRgb(pixelFormat) && (isUnsaid('matrix') || used !== colour.matrix) && `colorspace=${used}`,
  ].filter((each) => each !== false);
  return said.length > 0 ? [`setparams=${said.join(':')}`] : [];
}

/** zscale misspells one name of a matrix, and takes H.273's numbers too. */
const zimgMatrix = (name: string) => (name === 'smpte240m' ? '7' : name);
