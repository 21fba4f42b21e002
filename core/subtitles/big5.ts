import { textDecoder } from '../text-decoder.ts';
import { HONG_KONG, WITH_MARKS } from './hong-kong-letters.ts';

const FIRST_LEAD = 0x81;
/** The second bytes of pairs lie in two ranges. */
const [FIRST_TRAIL, LAST_LOW, FIRST_HIGH] = [0x40, 0x7e, 0xa1];

let added: ReadonlyMap<number, string> | undefined;

/** Reads Big5 with the letters that Hong Kong adds to it, for which Node.js has characters of private use. */
export function fromBig5(bytes: Uint8Array): string {
  const decoder = textDecoder('big5');
  const parts: string[] = [];
  let from = 0;
  added ??= addedLetters();
  for (let i = 0; i + 1 < bytes.length; i++) {
    const [lead = 0, trail = 0] = [bytes[i], bytes[i + 1]];
    if (lead < FIRST_LEAD) continue;
    const letter = added.get((lead << 8) | trail);
    if (letter !== undefined) {
      parts.push(decoder.decode(bytes.subarray(from, i)), letter);
      from = i + 2;
    }
    if (trail >= FIRST_TRAIL) i++;
  }
  return parts.join('') + decoder.decode(bytes.subarray(from));
}

function addedLetters(): ReadonlyMap<number, string> {
  const letters = new Map<number, string>();
  for (const [lead, row] of Object.entries(HONG_KONG))
    for (const [place, letter] of [...row].entries()) {
      const trail = FIRST_TRAIL + place <= LAST_LOW ? FIRST_TRAIL + place : FIRST_HIGH + place - LOW_TRAILS;
      if (letter !== ' ') letters.set((Number(lead) << 8) | trail, letter);
    }
  for (const [pair, letter] of Object.entries(WITH_MARKS)) letters.set(Number(pair), letter);
  return letters;
}

const LOW_TRAILS = LAST_LOW - FIRST_TRAIL + 1;
