/** Letters by their codes, from 0x20 to 0x7e, where they are others than those of ASCII. */
export type LetterSet = ReadonlyMap<number, string>;

const from = (code: number, letters: string): LetterSet => new Map([...letters].map((letter, i) => [code + i, letter]));

/** Both cases of an alphabet whose capitals begin at 0x40 and whose small letters begin at 0x60. */
const cased = (letters: string): LetterSet => new Map([...from(0x40, letters), ...from(0x60, letters.toLowerCase())]);

const SERBIAN = 'ЧАБЦДЕФГХИЈКЛМНОПЌРСТУВЃЉЊЗЋЖЂШ';
const RUSSIAN = 'ЮАБЦДЕФГХИЙКЛМНОПЯРСТУЖВЬЪЗШЭЩЧ';
const UKRAINIAN = 'ЮАБЦДЕФГХИЙКЛМНОПЯРСТУЖВЬІЗШЄЩЧ';

/**
 * The letters that are not Latin (ETSI EN 300 706 tables 38, 39, 40, 42 and 46). The last capital has no place among the small
 * letters; those of Russian and Ukrainian have it instead of the ampersand.
 */
export const SCRIPTS = {
  serbianCyrillic: new Map([...cased(SERBIAN), [0x5f, 'Џ']]),
  russian: new Map([...cased(RUSSIAN), [0x26, 'ы'], [0x5f, 'Ы']]),
  ukrainian: new Map([...cased(UKRAINIAN), [0x26, 'ї'], [0x5f, 'Ї']]),
  greek: new Map([
    ...from(0x40, 'ΐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡʹΣΤΥΦΧΨΩΪΫάέήίΰαβγδεζηθικλμνξοπρςστυφχψωϊϋόύώ'),
    ...([
      [0x3c, '«'],
      [0x3e, '»'],
    ] as const),
  ]),
  hebrew: new Map([...from(0x5b, '←½→↑#'), ...from(0x60, 'אבגדהוזחטיךכלםמןנסעףפץצקרשת₪‖¾÷')]),
} as const satisfies Record<string, LetterSet>;
