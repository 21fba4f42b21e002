import type { Stream } from '../film/probe.ts';

/** The marks that say for whom or what a stream is, by ffmpeg's names, and the word for each in file names: one that players know, if there is one. */
const IN_NAMES: Readonly<Record<string, string>> = {
  forced: 'forced',
  hearing_impaired: 'sdh',
  captions: 'cc',
  comment: 'commentary',
  original: 'original',
  dub: 'dub',
  visual_impaired: 'described',
  descriptions: 'descriptions',
  lyrics: 'lyrics',
  karaoke: 'karaoke',
  clean_effects: 'effects',
};

const marksIn = ({ dispositions }: Pick<Stream, 'dispositions'>): readonly string[] =>
  Object.keys(IN_NAMES).filter((mark) => dispositions.includes(mark));

/** The marks of a stream as the manifest names them: "forced", "hearing impaired", "comment". */
export const trackMarks = (stream: Pick<Stream, 'dispositions'>): readonly string[] =>
  marksIn(stream).map((mark) => mark.replaceAll('_', ' '));

/**
 * Returns the name of the file beside a rendition that holds a stream, with the marks of the stream: `stream-3.forced.sup`. No part of it
 * comes from the source, since names in it may be hostile.
 */
export const sidecarName = (
  stream: Pick<Stream, 'index'> & Partial<Pick<Stream, 'dispositions'>>,
  extension: string,
): string =>
  [
    `stream-${stream.index}`,
    ...marksIn({ dispositions: stream.dispositions ?? [] }).map((mark) => IN_NAMES[mark]),
    extension,
  ].join('.');
