import { type LetterSet, SCRIPTS } from './teletext-scripts.ts';

/** The thirteen places of the Latin letters that are other ones in each language (ETSI EN 300 706 table 36). */
const PLACES = [0x23, 0x24, 0x40, 0x5b, 0x5c, 0x5d, 0x5e, 0x5f, 0x60, 0x7b, 0x7c, 0x7d, 0x7e];

/** What each language has there. */
const LANGUAGES = {
  english: '£$@←½→↑#―¼‖¾÷',
  german: '#$§ÄÖÜ^_°äöüß',
  swedish: '#¤ÉÄÖÅÜ_éäöåü',
  italian: '£$é°ç→↑#ùàòèì',
  french: 'éïàëêùî#èâôûç',
  spanish: 'ç$¡áéíóú¿üñèà',
  czech: '#ůčťžýířéáěúš',
  polish: '#ńąŻŚŁćóężśłź',
  turkish: '₺ğİŞÖÇÜĞışöçü',
  serbian: '#ËČĆŽĐŠëčćžđš',
  romanian: '#¤ȚÂȘĂÎıțâșăî',
  estonian: '#õŠÄÖŽÜÕšäöžü',
  latvian: '#$ŠėęŽčūšąųžį',
};

type Language = keyof typeof LANGUAGES;

/** The languages of each region by the three bits of a page's head (tables 32 and 33); a word in capitals names letters that are not read. */
const REGIONS: ReadonlyMap<number, readonly (Language | keyof typeof SCRIPTS | 'Arabic' | undefined)[]> = new Map([
  [0, ['english', 'german', 'swedish', 'italian', 'french', 'spanish', 'czech']],
  [1, ['polish', 'german', 'swedish', 'italian', 'french', undefined, 'czech']],
  [2, ['english', 'german', 'swedish', 'italian', 'french', 'spanish', 'turkish']],
  [3, [...Array(5).fill(undefined), 'serbian', undefined, 'romanian']],
  [4, ['serbianCyrillic', 'german', 'estonian', 'latvian', 'russian', 'ukrainian', 'czech']],
  [6, [...Array(6).fill(undefined), 'turkish', 'greek']],
  [8, ['english', undefined, undefined, undefined, 'french', undefined, undefined, 'Arabic']],
  [10, [...Array(5).fill(undefined), 'hebrew', undefined, 'Arabic']],
]);

/** Where the letters of a language that its broadcasters do not announce are found. */
const REGION_OF_LANGUAGE: Readonly<Record<string, number>> = {
  ...{ pol: 1, tur: 2, hrv: 3, srp: 3, slv: 3, bos: 3, ron: 3 },
  ...{ est: 4, lav: 4, lit: 4, rus: 4, ukr: 4, bul: 4, mkd: 4, ell: 6, ara: 8, heb: 10 },
};

/** The option of the languages that share a region with Cyrillic of Serbia, which is the one of a head that says nothing. */
const OPTION_OF_LANGUAGE: Readonly<Record<string, number>> = { est: 2, lav: 3, lit: 3, rus: 4, bul: 4, ukr: 5 };

/** The letters in which a page is written. Rows of Hebrew are sent as they are seen, from left to right. */
export type PageLetters = {
  readonly letters: LetterSet;
  readonly isLatin: boolean;
  readonly isFromRight: boolean;
};

const LATIN: ReadonlyMap<string, LetterSet> = new Map(
  Object.entries(LANGUAGES).map(([name, letters]) => [
    name,
    new Map([...letters].map((letter, i) => [PLACES[i] ?? 0, letter])),
  ]),
);

/**
 * Returns the letters by the three bits of a page's head, and by the region, as packets of its magazine say it. Broadcasters
 * mostly leave out the region, which receivers take from the country where they are sold: then it is that of the `language`, as ISO 639.
 */
export function lettersOf(
  option: number,
  region: number | undefined,
  language: string | undefined,
): PageLetters | { readonly unread: string } {
  const likely = region ?? REGION_OF_LANGUAGE[language ?? ''] ?? 0;
  const isUnsaid = region === undefined && option === 0;
  const likelyOption = isUnsaid ? (OPTION_OF_LANGUAGE[language ?? ''] ?? option) : option;
  const name = REGIONS.get(likely)?.[likelyOption] ?? REGIONS.get(0)?.[option] ?? 'english';
  if (name === 'Arabic') return { unread: name };
  const latin = LATIN.get(name);
  if (latin) return { letters: latin, isLatin: true, isFromRight: false };
  const letters = new Map<string, LetterSet>(Object.entries(SCRIPTS)).get(name);
  return letters ? { letters, isLatin: false, isFromRight: name === 'hebrew' } : { unread: name };
}

/** The letters that packets beside a page put into it, from 0x20 on (table 39). A dot stands for what is no letter. */
const SECOND = [
  ...' ¡¢£$¥#§¤‘“«←↑→↓°±²³×µ¶·÷’”»¼½¾¿',
  ...' `´^~¯˘˙¨.˚¸_˝˛ˇ―¹®©™♪₠‰∝   ⅛⅜⅝⅞',
  ...'ΩÆÐªĦ ĲĿŁØŒºÞŦŊŉĸæđðħıĳŀłøœßþŧŋ■',
];

/** The marks above and below letters, from 1 on, as Unicode combines them. */
const MARKS = '\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u0323\u030a\u0327\u0332\u030b\u0328\u030c';

/** A letter of the second set, as 0x20 to 0x7f. */
export const secondLetter = (code: number): string => SECOND[code - 0x20] ?? ' ';

/** A letter of the first set that belongs to no language, with a mark from 1 to 15; 0 is none. */
export const markedLetter = (code: number, mark: number): string =>
  `${code < 0x20 ? ' ' : String.fromCharCode(code)}${MARKS[mark - 1] ?? ''}`.normalize('NFC');
