import type { Animation } from '../../core/film/animation.ts';
import { refuseLargePicture } from '../../core/film/limits.ts';
import { withByteSource } from '../structure/byte-source.ts';
import { begins } from '../structure/recognise.ts';
import { apngAnimation } from './apng-animation.ts';
import { gifAnimation } from './gif-animation.ts';
import { webpAnimation } from './webp-animation.ts';

/** The animation that a file is by its bytes; undefined where it is none, as a picture that stands still. Throws `truncated`. */
export async function animationOf(path: string, signal: AbortSignal): Promise<Animation | undefined> {
  return withByteSource(path, signal, async (source) => {
    const head = await source.read(0, 16);
    const read = READERS.find(([is]) => is(head))?.[1];
    const animation = await read?.(source);
    if (!animation || animation.delays.length < 2) return undefined;
    refuseLargePicture(animation.width, animation.height);
    return animation;
  });
}

const READERS = [
  [begins('GIF87a'), gifAnimation],
  [begins('GIF89a'), gifAnimation],
  [begins('\x89PNG\r\n\x1a\n'), apngAnimation],
  [(head: Buffer) => begins('RIFF')(head) && begins('WEBP', 8)(head), webpAnimation],
] as const;
