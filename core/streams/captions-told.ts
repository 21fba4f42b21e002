import { iso639 } from '../description/language.ts';
import type { NamedCaptions } from '../film/probe.ts';

/** The language of a channel of captions, as the source names it; undefined where it names none. */
export const languageOfCaptions = (named: readonly NamedCaptions[], channel: string): string | undefined =>
  iso639(named.find((each) => each.channel === channel)?.language);

/** The end of a sentence that names captions of a program map of which there are none. */
export function toldOfMissing(missing: readonly NamedCaptions[]): string {
  const names = missing.map(({ channel }) => channelWithLanguage(channel, missing));
  return missing.length === 0 ? '' : `; its program map names ${names.join(', ')}, of which no caption is found`;
}

/** Names a channel of captions, with its language where the source names one. */
export function channelWithLanguage(channel: string, named: readonly NamedCaptions[]): string {
  const language = languageOfCaptions(named, channel);
  return `${nameOf(channel)}${language === undefined ? '' : ` (${language})`}`;
}

const nameOf = (channel: string): string => (channel.startsWith('CC') ? channel : `${channel} of CEA-708`);
