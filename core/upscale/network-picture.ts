import type { ColourPlan } from '../encode/colour.ts';
import type { PixelFormatChoice } from '../encode/pixel-format.ts';
import { ServiceError } from '../errors.ts';
import { isRawPixelFormat } from '../media/raw-formats.ts';
import { yuvFrames } from './yuv.ts';

/**
 * In what layout a picture is given to a network, starting from what the encoder would get: luma and two chroma planes
 * as they are, RGB as 4:4:4 in BT.709. Throws `bad-input` for grey and for colour matrices that are not known here.
 */
export function networkPicture(
  { pixelFormat, losses }: PixelFormatChoice,
  { colour, filters }: ColourPlan,
  height: number,
): PixelFormatChoice & ColourPlan {
  const isRgb = pixelFormat.startsWith('gbrp');
  const picture = isRgb
    ? {
        pixelFormat: pixelFormat.replace('gbrp', 'yuv444p'),
        colour: { ...colour, matrix: 'bt709', range: 'tv' as const },
        filters: [...filters, 'scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int'],
      }
    : { pixelFormat, colour, filters };
  const raw = picture.pixelFormat.replace('yuvj', 'yuv');
  if (!isRawPixelFormat(raw)) {
    throw new ServiceError(
      'bad-input',
      `${raw} pictures cannot be enlarged; yuv420p, yuv422p and yuv444p of any depth can`,
    );
  }
  yuvFrames(raw, picture.colour, height);
  return { ...picture, losses };
}
