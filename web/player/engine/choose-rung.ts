import type { Film, Rung } from '../film/film.ts';
import { mediaSource } from './media-source.ts';

export type Choice = {
  /** Bits a second of the line; undefined before anything was measured. */
  readonly bits: number | undefined;
  /** The shorter side of the picture on the screen, in its pixels. */
  readonly shownPixels: number;
  /** A rendition that somebody chose. */
  readonly wish: string | undefined;
  /** Renditions that are not to be taken: they failed, or this device loses frames of them. */
  readonly barred: ReadonlySet<string>;
};

/** How much of the line a film may take, so that it has a reserve. */
const SHARE = 0.75;

/**
 * The rendition to play: the best one that the browser decodes, that the line carries, and whose pixels the screen can
 * show. Before the line was measured, the smallest one, which starts soonest. Undefined where none can be decoded.
 */
export function chooseRung({ rungs }: Film, { bits, shownPixels, wish, barred }: Choice): Rung | undefined {
  const able = rungs.filter((rung) => !barred.has(rung.name) && isDecodable(rung));
  const wished = able.find(({ name }) => name === wish);
  if (wished) return wished;
  const carried = able.filter((rung) => rung.bits <= (bits ?? 0) * SHARE);
  return carried.findLast(({ width, height }) => Math.min(width, height) >= shownPixels) ?? carried[0] ?? able.at(-1);
}

/** Whether the browser says that it decodes a rendition's picture, by the codecs that playlists name. */
export function isDecodable({ codecs }: Rung): boolean {
  const source = mediaSource();
  const [picture = ''] = codecs?.split(',') ?? [];
  return !source || codecs === undefined || source.isTypeSupported(`video/mp4; codecs="${picture.trim()}"`);
}
