import { textDecoder } from '../text-decoder.ts';

/** The syllables of Korean in Unicode, in order. */
const [FIRST_SYLLABLE, SYLLABLES] = [0xac00, 11_172];

/** The second bytes of the syllables that windows-949 adds to EUC-KR; behind a first byte from A1 on, those above A0 are of EUC-KR. */
const ADDED_TRAILS = [...range(0x41, 0x5a), ...range(0x61, 0x7a), ...range(0x81, 0xfe)];
const [FIRST_LEAD, FIRST_OF_EUC_KR] = [0x81, 0xa1];

/** Signs that EUC-KR got later, and that ICU's does not have. */
const SIGNS = [
  [0xa2e6, '€'],
  [0xa2e7, '®'],
] as const;

let added: ReadonlyMap<number, string> | undefined;

/** Reads Korean in Windows' code page, which is EUC-KR with the syllables that this does not have. */
export function fromWindows949(bytes: Uint8Array): string {
  const decoder = textDecoder('euc-kr');
  const parts: string[] = [];
  let from = 0;
  added ??= addedSyllables(decoder);
  for (let i = 0; i + 1 < bytes.length; i++) {
    const [lead = 0, trail = 0] = [bytes[i], bytes[i + 1]];
    if (lead < FIRST_LEAD) continue;
    const syllable = added.get((lead << 8) | trail);
    if (syllable !== undefined) {
      parts.push(decoder.decode(bytes.subarray(from, i)), syllable);
      from = i + 2;
    }
    if (syllable !== undefined || trail >= FIRST_OF_EUC_KR) i++;
  }
  return parts.join('') + decoder.decode(bytes.subarray(from));
}

/** The syllables that EUC-KR does not have stand in the order of Unicode, at each pair of bytes that it leaves free. */
function addedSyllables(decoder: { decode(bytes: Uint8Array): string }): ReadonlyMap<number, string> {
  const known = new Set<string>();
  for (const lead of range(0xb0, 0xc8))
    for (const trail of range(FIRST_OF_EUC_KR, 0xfe)) known.add(decoder.decode(Uint8Array.of(lead, trail)));
  const missing = Array.from({ length: SYLLABLES }, (_, i) => String.fromCharCode(FIRST_SYLLABLE + i)).filter(
    (syllable) => !known.has(syllable),
  );
  const pairs = [...range(FIRST_LEAD, 0xc6)].flatMap((lead) =>
    ADDED_TRAILS.filter((trail) => lead < FIRST_OF_EUC_KR || trail < FIRST_OF_EUC_KR).map(
      (trail) => (lead << 8) | trail,
    ),
  );
  return new Map([...missing.map((syllable, i) => [pairs[i] ?? 0, syllable] as const), ...SIGNS]);
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
