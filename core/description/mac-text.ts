import { textDecoder } from '../text-decoder.ts';

/** A language of the Macintosh, and the encoding of its texts. */
type MacLanguage = { readonly language: string; readonly script: string };

/** The Macintosh's codes of languages (QuickTime File Format, Language Code Values), by the encodings of their texts. */
const LANGUAGES: ReadonlyMap<number, MacLanguage> = new Map(
  `roman     0:eng 1:fra 2:deu 3:ita 4:nld 5:swe 6:spa 7:dan 8:por 9:nor 13:fin 16:mlt 29:sme 34:nld 35:gle 36:sqi 58:msa 81:tgl
   roman     128:cym 129:eus 130:cat 131:lat 140:glg 141:afr 142:bre 144:gla
   japanese  11:jpn
   chinese   19:zho
   korean    23:kor
   simple    33:zho
   cyrillic  32:rus 42:srp 43:mkd 44:bul 45:ukr 46:bel 47:uzb 48:kaz 49:aze 54:kir 55:tgk 56:tuk
   thai      22:tha
   central   24:lit 25:pol 26:hun 27:est 28:lav 38:ces 39:slk
   greek     14:ell
   turkish   17:tur
   croatian  18:hrv 40:slv
   icelandic 15:isl 30:fao
   romanian  37:ron 53:ron`
    .split('\n')
    .flatMap((line) => {
      const [script = '', ...codes] = line.trim().split(/\s+/);
      return codes.map((pair): [number, MacLanguage] => {
        const [code, language = ''] = pair.split(':');
        return [Number(code), { language, script }];
      });
    }),
);

/** Encodings that are those of the Macintosh, or those of the web which they are a part of. */
const DECODERS: Readonly<Record<string, string>> = {
  roman: 'macintosh',
  cyrillic: 'x-mac-cyrillic',
  japanese: 'shift_jis',
  chinese: 'big5',
  korean: 'euc-kr',
  simple: 'gb18030',
  thai: 'windows-874',
};

/** The upper half of two encodings (Apple, Mac OS Central European and Mac OS Greek). */
const HALVES: Readonly<Record<string, string>> = {
  central:
    'ÄĀāÉĄÖÜáąČäčĆćéŹźĎíďĒēĖóėôöõúĚěü†°Ę£§•¶ß®©™ę¨≠ģĮįĪ≤≥īĶ∂∑łĻļĽľĹĺŅņŃ¬√ńŇ∆«»…\u00a0ňŐÕőŌ–—“”‘’÷◊ōŔŕŘ‹›řŖŗŠ‚„šŚśÁŤťÍŽžŪÓÔūŮÚůŰűŲųÝýķŻŁżĢˇ',
  greek:
    'Ä¹²É³ÖÜ΅àâä΄¨çéèêë£™îï•½‰ôö¦€ùûü†ΓΔΘΛΞΠß®©ΣΪ§≠°·Α±≤≥¥ΒΕΖΗΙΚΜΦΫΨΩάΝ¬ΟΡ≈Τ«»…\u00a0ΥΧΆΈœ–―“”‘’÷ΉΊΌΎέήίόΏύαβψδεφγηιξκλμνοπώρστθωςχυζϊϋΐΰ\u00ad',
};

/** What differs from the encoding of Western Europe, by the numbers of the bytes. */
const DIFFERENT: Readonly<Record<string, string>> = {
  turkish: 'daĞ dbğ dcİ ddı deŞ dfş',
  croatian: 'a9Š aeŽ b4∆ b9š bež c6Ć c8Č d0Đ d9© deÆ df» e0– e6ć e8č f0đ f9π faË fdÊ feæ',
  icelandic: 'a0Ý dcÐ ddð deÞ dfþ e0ý',
  romanian: 'aeĂ afȘ beă bfș deȚ dfț',
};

/** Returns the language of a Macintosh's code (ISO 639-2); undefined for the code 0, which mostly says nothing, and for unknown ones. */
export const macLanguage = (code: number): string | undefined =>
  code === 0 ? undefined : LANGUAGES.get(code)?.language;

/**
 * Returns a text in the encoding that goes with a Macintosh's code of a language; undefined where the encoding is not known here
 * (Hebrew, Arabic, Indian scripts), or the bytes are none of it.
 */
export function macText(bytes: Buffer, code: number): string | undefined {
  const script = LANGUAGES.get(code)?.script ?? '';
  const label = DECODERS[script];
  if (label !== undefined) return decoded(bytes, label);
  const half = HALVES[script];
  if (half !== undefined) return each(bytes, (byte) => half[byte - 128]);
  const different = new Map(
    DIFFERENT[script]?.split(' ').map((pair) => [Number.parseInt(pair.slice(0, 2), 16), pair.slice(2)]),
  );
  if (different.size === 0) return undefined;
  return each(bytes, (byte) => different.get(byte) ?? decoded(Buffer.from([byte]), 'macintosh'));
}

const each = (bytes: Buffer, letter: (byte: number) => string | undefined): string =>
  [...bytes].map((byte) => (byte < 128 ? String.fromCharCode(byte) : (letter(byte) ?? '\ufffd'))).join('');

function decoded(bytes: Buffer, label: string): string | undefined {
  const decoder = textDecoder(label, true);
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
