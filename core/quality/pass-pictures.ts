import type { Size } from '../film/frame-size.ts';

type PictureLook = { readonly turn: readonly string[]; readonly size: Size };

/**
 * Pictures of a pass over whole files: some frames of the distorted file, or all frames of both, the reference above the distorted
 * one. `filters` are then those of the reference, none of which may name a link of its own.
 */
export type PassPictures = PictureLook &
  (
    | { readonly of: 'distorted'; readonly frames: readonly number[] }
    | { readonly of: 'both'; readonly filters: readonly string[] }
  );

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

/** Returns the chains that count the distorted file's frames ([whole]) and make the pictures ([pictures]). */
export function pictureBranches(pictures: PassPictures | undefined, counted: string): Branches {
  const whole = `[whole0]${counted}[whole]`;
  if (!pictures) return { reference: '', distorted: 'split[whole0][compared];[compared]', chains: [whole] };
  const shown = [...shownFilters(pictures), 'format=rgb24'];
  const distorted = 'split=3[whole0][shown0][compared];[compared]';
  if (pictures.of === 'distorted') {
    const picked = [`select='${pictures.frames.map((frame) => `eq(n,${frame})`).join('+')}'`, ...shown].join(',');
    return { reference: '', distorted, chains: [whole, `[shown0]${picked}[pictures]`] };
  }
  const above = [...pictures.filters, ...shown, counted].join(',');
  return {
    reference: 'split[above0][wanted];[wanted]',
    distorted,
    chains: [
      whole,
      `[above0]${above}[above]`,
      `[shown0]${[...shown, counted].join(',')}[below]`,
      '[above][below]vstack=shortest=1[pictures]',
    ],
  };
}
