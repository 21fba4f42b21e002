/** The letters of CEA-608 that differ from ASCII (CTA-608-E table 50). */
const OWN: Readonly<Record<number, string>> = {
  ...{ 42: 'á', 92: 'é', 94: 'í', 95: 'ó', 96: 'ú', 123: 'ç', 124: '÷', 125: 'Ñ', 126: 'ñ', 127: '█' },
};

/** Returns the letter for a byte of 0x20 to 0x7f. */
export const basicLetter = (code: number): string => OWN[code] ?? String.fromCharCode(code);

/** The special letters, from 0x30 on, and both tables of extended ones, from 0x20 on (CTA-608-E tables 49 and 5 to 10). */
const TABLES: Readonly<Record<number, readonly [from: number, letters: string]>> = {
  17: [0x30, '®°½¿™¢£♪à èâêîôû'],
  18: [0x20, 'ÁÉÓÚÜü‘¡*’—©℠•“”ÀÂÇÈÊËëÎÏïÔÙùÛ«»'],
  19: [0x20, 'ÃãÍÌìÒòÕõ{}\\^_|~ÄäÖöß¥¤│ÅåØø┌┐└┘'],
};

/** Returns a letter that is written by two bytes; undefined where they are none. */
export function wideLetter(first: number, second: number): string | undefined {
  const [from = 0, letters = ''] = TABLES[first] ?? [];
  return second >= from ? letters[second - from] : undefined;
}

/** The letters of the table G2 of CEA-708 (CTA-708-E 7.1.6); others of it are not assigned. */
const G2: Readonly<Record<number, string>> = {
  ...{ 32: ' ', 33: ' ', 37: '…', 42: 'Š', 44: 'Œ', 48: '█', 49: '‘', 50: '’', 51: '“', 52: '”', 53: '•', 57: '™' },
  ...{ 58: 'š', 60: 'œ', 61: '℠', 63: 'Ÿ', 118: '⅛', 119: '⅜', 120: '⅝', 121: '⅞', 122: '│', 123: '┐', 124: '└' },
  ...{ 125: '─', 126: '┘', 127: '┌' },
};

/** Returns the letter of CEA-708 for a byte of its first table, or of the one that an escape leads to; what is not assigned is an underline. */
export function serviceLetter(code: number, isExtended: boolean): string {
  if (isExtended) return code === 0xa0 ? '[CC]' : (G2[code] ?? '_');
  return code === 0x7f ? '♪' : String.fromCharCode(code);
}
