import { iso639 } from '../film/language.ts';
import type { Stream } from '../film/probe.ts';

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

const TEXT = /^(subrip|srt|webvtt|text|mov_text|ass|ssa)$/;

/** Returns the text subtitles among streams. Pictures of text are not among them. */
export const textFiles = (streams: readonly Stream[], leftOut: ReadonlyMap<number, string>): readonly TextFile[] =>
  streams
    .filter(
      ({ index, type, codec, unusable }) => type === 'subtitle' && TEXT.test(codec) && !unusable && !leftOut.has(index),
    )
    .map((stream) => {
      const { index, tags, dispositions } = stream;
      const is = (disposition: string) => dispositions.includes(disposition);
      return {
        ...{ name: `subtitles-${index}`, stream, language: iso639(tags.language), isDefault: is('default') },
        ...{ isForced: is('forced'), isForDeaf: is('hearing_impaired'), isCommentary: is('comment') },
      };
    });
