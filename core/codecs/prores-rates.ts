import type { Size } from '../film/frame-size.ts';
import type { CodecOptions } from './codec-options.ts';

type Profile = NonNullable<CodecOptions['profile']>;

/** Apple's target rates in Mb/s for 1920x1080 at 25 frames a second (Apple ProRes white paper). */
const MEGABITS = {
  proxy: 38,
  lt: 82,
  '422': 122,
  hq: 184,
  '4444': 275,
  '4444xq': 412,
} as const satisfies Record<Profile, number>;
/** The blocks of 16x16 pixels that such a second has; the last row of a picture is padded. */
const BLOCKS_A_SECOND = 120 * 68 * 25;

/**
 * The most blocks of a picture for which prores_ks takes more bits a block than for larger pictures, and how many
 * times as many (the table `br_tab` of libavcodec/proresenc_kostya.c, as shares of its last column).
 */
const SMALL_PICTURES: readonly { readonly blocks: number; readonly times: Readonly<Record<Profile, number>> }[] = [
  {
    blocks: 1620,
    times: {
      proxy: 300 / 194,
      lt: 720 / 440,
      '422': 1050 / 632,
      hq: 1566 / 950,
      '4444': 2350 / 1425,
      '4444xq': 3525 / 2137,
    },
  },
  {
    blocks: 2700,
    times: {
      proxy: 242 / 194,
      lt: 560 / 440,
      '422': 808 / 632,
      hq: 1216 / 950,
      '4444': 1828 / 1425,
      '4444xq': 2742 / 2137,
    },
  },
  {
    blocks: 6075,
    times: {
      proxy: 220 / 194,
      lt: 490 / 440,
      '422': 710 / 632,
      hq: 1070 / 950,
      '4444': 1600 / 1425,
      '4444xq': 2400 / 2137,
    },
  },
];

/** Returns the bits a pixel of ProRes: Apple's rate from 1080p on, and more for smaller pictures, as prores_ks does. */
export function proresBitsPerPixel(profile: Profile, { width, height }: Size): number {
  const blocks = Math.ceil(width / 16) * Math.ceil(height / 16);
  const small = SMALL_PICTURES.find((each) => blocks <= each.blocks);
  const bitsPerBlock = ((MEGABITS[profile] * 1e6) / BLOCKS_A_SECOND) * (small?.times[profile] ?? 1);
  return (bitsPerBlock * blocks) / (width * height);
}
