import { isMatroska, isMovie, type Probe, type Stream } from './probe.ts';

/** What is written of a stream by its own rules, and what ffprobe tells of how it is decoded. */
const ELSEWHERE =
  /^(language|title|encoder|timecode|reel_name|creation_time|duration|alpha_mode|stereo_mode|rotate|filename|mimetype|comment|handler_name|vendor_id)$/;

/**
 * Returns what single streams of a film say that is neither MP4 nor Matroska, as tags of the film, as an MXF's ids of packages: what
 * all of them say alike by its own name, everything else with the number of its stream. An Ogg film's comments are the film's already.
 */
export function tagsOfStreams({ format, streams }: Probe): Readonly<Record<string, string>> {
  if (format === 'ogg' || isMovie({ format }) || isMatroska({ format })) return {};
  const said = streams.flatMap(({ index, tags }) =>
    Object.entries(tags).flatMap(([name, value]) => (ELSEWHERE.test(name) ? [] : [{ index, name, value }])),
  );
  const isAlike = ({ name, value }: (typeof said)[number]) =>
    name !== SECOND_LANGUAGE && said.every((other) => other.name !== name || other.value === value);
  return Object.fromEntries(
    said.slice(0, MOST).map((each) => [isAlike(each) ? each.name : `${each.name}/${each.index}`, each.value]),
  );
}

/** A film has some dozen streams with some tags each. */
const MOST = 500;

const SECOND_LANGUAGE = 'second_language';

/** The tags of a stream that tells several languages, as a transport stream's "deu,fra" for two channels: the first is the stream's own. */
export function withOneLanguage(tags: Stream['tags']): Stream['tags'] {
  const [language, ...others] = (tags.language ?? '').split(',').map((each) => each.trim());
  if (!language || others.length === 0) return tags;
  return { ...tags, language, [SECOND_LANGUAGE]: others.join(', ') };
}

/**
 * Whether ffmpeg would copy another language than the stream's own: of several the text, and of BCP 47 ("en-US", where an older field
 * holds it) none at all.
 */
export const needsOwnLanguage = (tags: Stream['tags']): boolean =>
  tags[SECOND_LANGUAGE] !== undefined || (tags.language !== undefined && !/^[a-z]{3}$/i.test(tags.language));
