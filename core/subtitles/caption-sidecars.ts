import type { NamedCaptions } from '../film/probe.ts';
import { channelWithLanguage, languageOfCaptions, toldOfMissing } from '../streams/captions-told.ts';
import { type CaptionTrack, type ReadCaptions, TTML } from './read-captions.ts';

/** A file of captions beside the film. */
type CaptionSidecar = CaptionTrack & { readonly name: string };

const FIRST = 'CC1';

/** Names a file for the captions of each channel: that of the first is `name` itself, others have their channel in it, as `stream-0.cc3.srt`. */
export const captionSidecars = ({ tracks }: ReadCaptions, name: string): readonly CaptionSidecar[] =>
  tracks.map((track) => {
    const channel = track.channel.toLowerCase().replace(' ', '-');
    return {
      ...track,
      name: track.channel === FIRST || track.channel === TTML ? name : name.replace(/\.srt$/, `.${channel}.srt`),
    };
  });

/**
 * The end of a sentence that says which captions are in which file, and what of them is not read; empty where the first channel is all there
 * is, and `named` is, by the source, in no language.
 */
export function toldOfCaptions(
  { unread, samples, damaged = 0 }: ReadCaptions,
  files: readonly CaptionSidecar[],
  named: readonly NamedCaptions[] = [],
): string {
  const isFirst = files.length === 1 && files[0]?.channel === FIRST;
  const isPlain = files.length === 0 || (isFirst && languageOfCaptions(named, FIRST) === undefined);
  const places = files.map(
    ({ channel, name }, i) => `${channelWithLanguage(channel, named)}${i === 0 ? ' is' : ''} in ${name}`,
  );
  const told = isPlain ? '' : `; ${places.join(', ')}`;
  const pages = unread.length === 0 ? '' : `; its pages of text (${unread.join(', ')}) are not read`;
  const missing = named.filter(({ channel }) => files.every((file) => file.channel !== channel));
  const broken = damaged === 0 ? '' : `; ${damaged} of its ${samples} samples ${damaged === 1 ? 'is' : 'are'} damaged`;
  return `${told}${pages}${broken}${toldOfMissing(missing)}`;
}

/** The end of a sentence that says which pages of subtitles of a teletext are in which file, and which are not read. */
export function toldOfTeletext({ unread }: ReadCaptions, files: readonly CaptionSidecar[]): string {
  const read = files.map(({ channel, name }) => `its ${channel} of subtitles is in ${name}, as SubRip`);
  const left = unread.map((page) => `its subtitles of page ${page}, are not read`);
  return [...read, ...left].map((each) => `; ${each}`).join('');
}

/** The end of a sentence that says in which file the texts of a track of TTML are, and what of it is not read. */
export function toldOfTtml({ unread }: ReadCaptions, files: readonly CaptionSidecar[]): string {
  const read = files.map(({ name }) => `; its texts are in ${name}, as SubRip, without their places`);
  return [
    ...read,
    ...(files.length === 0 ? ['; it has no text'] : []),
    ...unread.map((each) => `; ${each} are not read`),
  ].join('');
}
