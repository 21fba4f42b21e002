import { streamedLanguage } from '../description/language.ts';
import type { Stream } from '../film/probe.ts';
import { nameOfMarks } from './texts-of-marks.ts';

/** Subtitles that are streamed from a WebVTT file of their own, beside the renditions. */
export type TextFile = {
  readonly name: string;
  readonly stream: Stream;
  readonly language: string | undefined;
  readonly isDefault: boolean;
  readonly isForced: boolean;
  readonly isForDeaf: boolean;
  readonly isCommentary: boolean;
};

/** Returns the name of a text's file of its own, below the folder of the result. */
export const textPath = ({ name }: Pick<TextFile, 'name'>): string => `${name}.vtt`;

/** What is told of a text in a file of its own. */
export const asWebVtt = (text: Pick<TextFile, 'name'>): string => `as WebVTT in ${textPath(text)}, for players`;

const TEXT = /^(subrip|srt|webvtt|text|mov_text|ass|ssa)$/;

/** Closed captions are for those who hear badly; nobody marks them. Their language is that of a track of their own, or the one that a program map names. */
export const captionFile = (stream: Stream, channel: string): TextFile =>
  stream.codec === 'stpp' ? fileOf(stream) : fileOfChannel(stream, channel);

const fileOfChannel = (stream: Stream, channel: string): TextFile => ({
  ...{ name: `captions-${stream.index}-${channel.toLowerCase().replace(' ', '-')}`, stream, isForDeaf: true },
  language: streamedLanguage(stream.type === 'subtitle' ? stream.tags.language?.split(',')[0] : named(stream, channel)),
  ...{ isDefault: false, isForced: false, isCommentary: false },
});

const named = ({ video }: Stream, channel: string) =>
  video?.namedCaptions?.find((each) => each.channel === channel)?.language;

/** Tracks whose texts are read by us: captions, the subtitles among the pages of a teletext, and TTML. */
const TRACK = /^(eia_608|dvb_teletext|stpp)$/;

/** Returns the streams of a film that hold closed captions: its picture, and tracks of their own. */
export const captionStreams = (
  streams: readonly Stream[],
  picture: number,
  leftOut: ReadonlyMap<number, string>,
): readonly Stream[] =>
  streams.filter(({ index, codec, video, unusable }) =>
    index === picture ? video?.hasClosedCaptions === true : TRACK.test(codec) && !unusable && !leftOut.has(index),
  );

/** Returns the text subtitles among streams. Pictures of text are not among them, and neither are marks. */
export const textFiles = (streams: readonly Stream[], leftOut: ReadonlyMap<number, string>): readonly TextFile[] =>
  streams
    .filter(
      ({ index, type, codec, unusable }) => type === 'subtitle' && TEXT.test(codec) && !unusable && !leftOut.has(index),
    )
    .filter((stream) => nameOfMarks(stream) === undefined)
    .map(fileOf);

function fileOf(stream: Stream): TextFile {
  const { index, tags, dispositions } = stream;
  const is = (disposition: string) => dispositions.includes(disposition);
  return {
    ...{ name: `subtitles-${index}`, stream, language: streamedLanguage(tags.language), isDefault: is('default') },
    ...{ isForced: is('forced'), isForDeaf: is('hearing_impaired'), isCommentary: is('comment') },
  };
}
