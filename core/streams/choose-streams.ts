import { isLanguage, UNKNOWN } from '../description/language.ts';
import { usage } from '../errors.ts';
import type { Stream } from '../film/probe.ts';

/** The languages of sound and subtitles that a drop asks for, separated by commas; undefined asks for all. */
type StreamChoice = { readonly audio?: string | undefined; readonly subtitles?: string | undefined };

type Chooseable = Pick<Stream, 'index' | 'type'> & { readonly tags: Readonly<Record<string, string>> };

/** The word that asks for no stream of a kind. */
const NONE = 'none';
const SETTING = { audio: 'audio', subtitle: 'subtitles' } as const;
const NAME = { audio: 'sound', subtitle: 'subtitles' } as const;

/**
 * Returns why streams are left out, by stream index. Throws `usage` where the film has streams of a kind, none of them in a
 * requested language, and "none" was not requested.
 */
export function leftOut(streams: readonly Chooseable[], choice: StreamChoice): ReadonlyMap<number, string> {
  return new Map([...leftOutOf('audio', streams, choice), ...leftOutOf('subtitle', streams, choice)]);
}

function leftOutOf(
  type: 'audio' | 'subtitle',
  streams: readonly Chooseable[],
  choice: StreamChoice,
): readonly (readonly [number, string])[] {
  const name = SETTING[type];
  const text = choice[name];
  const there = streams.filter((stream) => stream.type === type);
  if (text === undefined || there.length === 0) return [];
  const asked = text.split(',');
  const isChosen = ({ tags }: Chooseable) => asked.some((each) => each !== NONE && isLanguage(tags.language, each));
  if (!asked.includes(NONE) && !there.some(isChosen)) {
    const found = there.map(({ index, tags }) => `${languageText(tags.language)} (stream ${index})`).join(', ');
    throw usage(
      `${name}=${text}: the film has no ${NAME[type]} in these languages; it has ${found}. ${name}=${text},none accepts a film without`,
    );
  }
  return there
    .filter((stream) => !isChosen(stream))
    .map(({ index, tags }) => [index, `${name}=${text} leaves it out: its language is ${languageText(tags.language)}`]);
}

const languageText = (language: string | undefined) => language ?? UNKNOWN;
