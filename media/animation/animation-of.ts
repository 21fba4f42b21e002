import type { Animation } from '../../core/film/animation.ts';
import { refuseLargePicture } from '../../core/film/limits.ts';
import { withByteSource } from '../structure/byte-source.ts';
import { beginsWith, riffOf } from '../structure/recognise.ts';
import { apngAnimation } from './apng-animation.ts';
import { gifAnimation } from './gif-animation.ts';
import { webpAnimation } from './webp-animation.ts';

/** Reads an animation from a file's bytes; undefined where the file is no animation or has one picture. Throws `truncated`, `over-limit`. */
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
  [beginsWith('GIF87a'), gifAnimation],
  [beginsWith('GIF89a'), gifAnimation],
  [beginsWith('\x89PNG\r\n\x1a\n'), apngAnimation],
  [(head: Buffer) => riffOf(head) === 'WEBP', webpAnimation],
] as const;
