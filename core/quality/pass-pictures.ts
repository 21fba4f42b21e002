import type { Size } from '../film/frame-size.ts';

type PictureLook = { readonly turn: readonly string[]; readonly size: Size };

type PickedFrames = { readonly frames: readonly number[]; readonly size: Size };

/** Pictures of a pass over whole files, all of them upright: frames of the distorted file, and frames of both. */
export type PassPictures = {
  readonly turn: readonly string[];
  readonly sheet: PickedFrames;
  /** The reference above the distorted file. `filters` are those of the reference, none of which may name a link of its own. */
  readonly pairs?: PickedFrames & { readonly filters: readonly string[] };
};

/** The filters from frames of any kind to pictures of RGB. */
export const shownFilters = ({ turn, size }: PictureLook): readonly string[] => [
  ...turn,
  `scale=${size.width}:${size.height}:flags=area+accurate_rnd+full_chroma_int`,
];

type Branches = {
  /** What stands between an input and its comparison: the end of one chain and the beginning of the next. */
  readonly reference: string;
  readonly distorted: string;
  readonly chains: readonly string[];
};

/** Returns the chains that count the distorted file's frames ([whole]) and make the pictures ([pictures], [pairs]). */
export function pictureBranches(pictures: PassPictures | undefined, counted: string): Branches {
  const whole = `[whole0]${counted}[whole]`;
  if (!pictures) return { reference: '', distorted: 'split[whole0][compared];[compared]', chains: [whole] };
  const { sheet, pairs, turn } = pictures;
  const picked = ({ frames, size }: PickedFrames) => [
    `select='${frames.map((frame) => `eq(n,${frame})`).join('+')}'`,
    ...shownFilters({ turn, size }),
    'format=rgb24',
  ];
  const shown = `[shown0]${picked(sheet).join(',')}[pictures]`;
  if (!pairs)
    return { reference: '', distorted: 'split=3[whole0][shown0][compared];[compared]', chains: [whole, shown] };
  return {
    reference: 'split[above0][wanted];[wanted]',
    distorted: 'split=4[whole0][shown0][below0][compared];[compared]',
    chains: [
      whole,
      shown,
      `[above0]${[...pairs.filters, ...picked(pairs), counted].join(',')}[above]`,
      `[below0]${[...picked(pairs), counted].join(',')}[below]`,
      '[above][below]vstack=shortest=1[pairs]',
    ],
  };
}
