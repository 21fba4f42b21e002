import type { JobWork } from '../encode/work.ts';
import { streamedSource, type ToldFates } from '../source/streamed-source.ts';
import { type MadeSound, makeSounds, soundsThere } from './make-sounds.ts';
import { type MadeText, makeTexts, textsThere } from './make-texts.ts';

/** Sounds and subtitles that are streamed from files of their own. */
type MadeBesides = {
  readonly sounds: readonly MadeSound[];
  readonly texts: readonly MadeText[];
  readonly fates: ToldFates;
};

/** The further sounds and the subtitles of a streamed film; those of an earlier run where the source and the files beside it are the same. */
export async function makeBesides(work: JobWork): Promise<MadeBesides> {
  const there = await besidesThere(work);
  if (there) return there;
  const streamed = streamedSource(await work.parents.facts('source'), work.request.recipe, work.settings);
  const sounds = await makeSounds(streamed, work);
  const texts = await makeTexts(streamed, work);
  return { sounds: sounds.sounds, texts: texts.texts, fates: new Map([...sounds.fates, ...texts.fates]) };
}

async function besidesThere(work: JobWork): Promise<MadeBesides | undefined> {
  const { before, parents, besideChanged } = work;
  if (besideChanged) return undefined;
  const { manifest, files, sameRecipe } = before ?? {};
  const { sounds, subtitles, source, streams = [] } = manifest ?? {};
  if (!sounds || !subtitles || !sameRecipe || source?.sha256 !== parents.sha256('source')) return undefined;
  if (![...sounds, ...subtitles].every(({ path, sha256 }) => files?.get(path)?.sha256 === sha256)) return undefined;
  const own = new Set([...sounds, ...subtitles].map(({ stream }) => stream));
  return {
    sounds: await soundsThere(sounds, work),
    texts: textsThere(subtitles),
    fates: new Map(streams.flatMap((told) => (own.has(told.index) ? [[told.index, told] as const] : []))),
  };
}
