import { hasAlpha, lossesAgainst } from '../film/pixel-format.ts';
import { textureColour } from '../filters/colour.ts';
import type { Codec } from './codec.ts';
import { PICTURE_LIMITS, sidesOf } from './picture-limits.ts';

type DxvSettings = { readonly format: 'dxt1' };

/** Resolume's DXV3. FFmpeg writes only DXT1, which is the normal quality without alpha. */
export const dxv: Codec<DxvSettings> = {
  encoder: 'dxv',
  comesWith: 'FFmpeg 7.0 and later (pip install imageio-ffmpeg brings one; or name one in REELMILL_FFMPEG)',
  title: 'DXV3 (DXT1)',
  decodesAs: 'dxv',
  ...sidesOf('dxv'),
  tag: () => 'DXD3',
  codecString: () => /^DXD3$/,
  refusal: ({ pixelFormat }) =>
    hasAlpha(pixelFormat)
      ? `the source has an alpha channel (${pixelFormat}), which FFmpeg's DXV (DXT1) cannot hold; take codec=hapalpha, or Resolume Alley for DXV with alpha`
      : undefined,
  settings: () => ({ format: 'dxt1' }),
  pixelFormat: (source) => ({
    pixelFormat: 'rgba',
    losses: lossesAgainst(source.pixelFormat, PICTURE_LIMITS.dxv),
  }),
  encoderFormat: ({ pixelFormat }) => pixelFormat,
  decodedFormat: () => 'rgba',
  colour: textureColour,
  carriesHdr: false,
  arguments: ({ format }) => ['-c:v', 'dxv', '-format', format, '-tag:v', 'DXD3'], // NUT has no tag for DXV
  speed: () => 62,
  bitsPerPixel: () => 4,
};
