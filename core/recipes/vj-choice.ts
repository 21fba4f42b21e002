import { usage } from '../errors.ts';
import type { Settings } from '../settings/settings.ts';

/**
 * The texture that codec and quality ask for. FFmpeg writes DXT1 alone as DXV and no HAP Q Alpha, so whoever asks for more
 * is told what can hold it. Throws `usage`.
 */
export function vjRendition({ codec = 'hap', quality }: Partial<Settings>): NonNullable<Settings['codec']> {
  switch (codec) {
    case 'hap':
      return quality === 'high' ? 'hapq' : 'hap';
    case 'hapq':
      if (quality === 'normal') throw usage('codec=hapq is the high quality of HAP; take codec=hap for the normal one');
      return 'hapq';
    case 'hapalpha':
      if (quality === 'high')
        throw usage(
          'HAP Alpha has one quality (ffmpeg writes no HAP Q Alpha); leave quality out, or take codec=hapq without alpha',
        );
      return 'hapalpha';
    case 'dxv':
      if (quality === 'high')
        throw usage(
          "FFmpeg's DXV is DXT1, the normal quality without alpha; for more take codec=hapq (HAP Q), codec=hapalpha (HAP Alpha), or make DXV in Resolume Alley",
        );
      return 'dxv';
    default:
      return codec satisfies never;
  }
}
