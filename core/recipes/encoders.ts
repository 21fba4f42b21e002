import { CODEC_NAMES, codecNamed } from '../codecs/index.ts';
import { standsInFor } from './codec-choice.ts';
import { RECIPES } from './index.ts';

type EncoderUse = {
  /** ffmpeg's name of the encoder. */
  readonly encoder: string;
  /** What it is used for, for people: "HEVC in preserve, downscale; all-intra HEVC in mezzanine". */
  readonly makes: string;
  /** Where people can get it. */
  readonly comesWith: string;
};

/** The encoders that recipes use unless a setting asks for an encoder of a graphics card. */
export function encodersOf(): readonly EncoderUse[] {
  const uses = RECIPES.flatMap(({ id, renditions, settings }) =>
    renditions.flatMap(({ codec }) => {
      const others = settings.includes('codec') ? CODEC_NAMES.filter((name) => standsInFor(name) === codec) : [];
      return [codec, ...others].map((name) => ({ id, ...codecNamed(name) }));
    }),
  );
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
