import { childElements, childOf, idOf, uintIn } from '../bytes/ebml.ts';
import { colourElement } from '../film/stated-colour.ts';
import type { MetadataFate } from './metadata.ts';

const [MAX_CLL, MAX_FALL, MASTERING] = [0x55bc, 0x55bd, 0x55d0];
/** The primaries, the white and the luminances of the display that a film was mastered on (RFC 9559 5.1.4.1.28.30). */
const [FIRST_OF_MASTERING, LAST_OF_MASTERING] = [0x55d1, 0x55da];

/**
 * Returns the light levels that a track's entry states, as "MaxCLL,MaxFALL" in cd/m²: 0 stands for a level that is not known
 * (CTA-861.3). ffmpeg reads them where both are there. Undefined where there is none.
 */
export function lightOf(entry: Buffer): string | undefined {
  const colour = colourElement(entry);
  const [most, average] = [MAX_CLL, MAX_FALL].map((id) => Number((colour && uintIn(childOf(colour, id))) ?? 0));
  const isLevel = (level: number | undefined) => level !== undefined && level >= 0 && level < 2 ** 16;
  return (most || average) && isLevel(most) && isLevel(average) ? `${most},${average}` : undefined;
}

/** Returns the line of a mastering display that a track's entry states in part: HEVC's message needs all of it. */
export function masteringFates(entry: Buffer | undefined, stream: number): readonly MetadataFate[] {
  const colour = entry && colourElement(entry);
  const mastering = colour && childOf(colour, MASTERING);
  const told = new Set((mastering ? childElements(mastering) : []).map(idOf));
  const all = Array.from({ length: LAST_OF_MASTERING - FIRST_OF_MASTERING + 1 }, (_, i) => FIRST_OF_MASTERING + i);
  const count = all.filter((id) => told.has(id)).length;
  if (count === 0 || count === all.length) return [];
  const why = `it is told in part (${count} of ${all.length} values), and the picture's message needs all of them`;
  return [{ place: `track ${stream}`, name: 'mastering display', fate: 'dropped', why }];
}
