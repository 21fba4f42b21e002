import type { JobRendition } from '../api/answers.ts';

type Played = Pick<JobRendition, 'codecString' | 'path' | 'width' | 'height'>;

/**
 * The renditions that this browser decodes, by what it says of their codecs, the largest first. HEVC is decoded by some
 * browsers and on some machines alone, ProRes and HAP by none.
 */
export const playable = <Each extends Played>(renditions: readonly Each[]): readonly Each[] =>
  renditions
    .filter(({ codecString, path }) => /\.(mp4|m4v)$/i.test(path) && isDecoded(codecString))
    .sort((a, b) => b.width * b.height - a.width * a.height);

const isDecoded = (codec: string): boolean =>
  document.createElement('video').canPlayType(`video/mp4; codecs="${codec}"`) !== '';
