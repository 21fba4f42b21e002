import { ServiceError } from '../errors.ts';
import type { PixelFormatChoice } from '../film/pixel-format.ts';
import { isRawPixelFormat } from '../film/raw-formats.ts';
import { ENLARGEABLE, yuvFrames } from '../film/yuv.ts';
import type { ColourPlan } from '../filters/colour.ts';

/**
 * Returns the format in which a network gets a picture, from the format that the encoder would get. Y'CbCr and grey stay as
 * they are; RGB becomes 4:4:4 in BT.709. Throws `bad-input` for pixel formats and colour matrices that no network takes.
 */
export function networkPicture(
  { pixelFormat, losses }: PixelFormatChoice,
  { colour, filters }: ColourPlan,
  height: number,
): PixelFormatChoice & ColourPlan {
  const isRgb = pixelFormat.startsWith('gbrp');
  const yuv = pixelFormat.replace('gbrp', 'yuv444p');
  const toYuv = `scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int,format=${yuv}`;
  const picture = isRgb
    ? {
        pixelFormat: yuv,
        colour: { ...colour, matrix: 'bt709', range: 'tv' as const },
        filters: [...filters, toYuv],
      }
    : { pixelFormat, colour, filters };
  const raw = picture.pixelFormat.replace('yuvj', 'yuv');
  if (!isRawPixelFormat(raw)) {
    throw new ServiceError('bad-input', `${raw} pictures cannot be enlarged; ${ENLARGEABLE}`);
  }
  yuvFrames(raw, picture.colour, height);
  return { ...picture, losses };
}
