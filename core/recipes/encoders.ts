import { codecNamed } from '../codecs/index.ts';
import { RECIPES } from './index.ts';
import type { Recipe } from './recipe.ts';

export type EncoderUse = {
  /** ffmpeg's name of it. */
  readonly encoder: string;
  /** For people: "HEVC in preserve, downscale; all-intra HEVC in mezzanine". */
  readonly makes: string;
  /** Where it comes from, for those who lack it. */
  readonly comesWith: string;
};

/** The encoders that recipes are made with where nobody asks for a graphics card's. */
export function encodersOf(recipes: readonly Recipe[] = RECIPES): readonly EncoderUse[] {
  const uses = recipes.flatMap(({ id, renditions }) => renditions.map(({ codec }) => ({ id, ...codecNamed(codec) })));
  return unique(uses.map(({ encoder }) => encoder)).map((encoder) => {
    const own = uses.filter((use) => use.encoder === encoder);
    const [{ comesWith } = { comesWith: '' }] = own;
    const makes = unique(own.map(({ title }) => title)).map((title) => {
      const ids = unique(own.filter((use) => use.title === title).map(({ id }) => id));
      return `${title} in ${ids.join(', ')}`;
    });
    return { encoder, makes: makes.join('; '), comesWith };
  });
}

const unique = (values: readonly string[]): readonly string[] => [...new Set(values)];
