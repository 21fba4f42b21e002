import { inFourBytes, inTwoBytes } from '../bytes/big-endian.ts';
import { newBox } from '../bytes/boxes.ts';
import type { HdrFacts } from './probe.ts';

/**
 * Returns the boxes of a picture's sample entry that state the mastering display (`mdcv`) and the light levels (`clli`,
 * ISO/IEC 14496-12 12.1.5 and 12.1.6), for codecs that have no place for them. Their numbers stand in the order of x265's notation.
 */
export function lightBoxes({
  masterDisplay,
  contentLight,
}: Partial<Pick<HdrFacts, 'masterDisplay' | 'contentLight'>>): readonly Buffer[] {
  const [numbers, levels] = [numbersIn(masterDisplay), numbersIn(contentLight)];
  const [coordinates, luminances] = [numbers.slice(0, COORDINATES), numbers.slice(COORDINATES)];
  return [
    ...(numbers.length === COORDINATES + 2
      ? [newBox('mdcv', inTwoBytes(...coordinates), inFourBytes(...luminances))]
      : []),
    ...(levels.length === 2 ? [newBox('clli', inTwoBytes(...levels))] : []),
  ];
}

/** Two of each of three primaries and of the white. */
const COORDINATES = 8;

const numbersIn = (notation = ''): readonly number[] => (notation.match(/\d+/g) ?? []).map(Number);
