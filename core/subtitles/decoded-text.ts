import { iso639 } from '../description/language.ts';
import { textDecoder } from '../text-decoder.ts';
import { fromWindows1252 } from '../windows-1252.ts';
import { fromBig5 } from './big5.ts';
import { fromWindows949 } from './windows-949.ts';

/** A text, and the name of the encoding that it was read in. */
type DecodedText = { readonly text: string; readonly encoding: string };

/**
 * The encodings of subtitles before UTF-8, by language: the code page that Windows has for it ("ANSI code page" in Microsoft's table of
 * locales), and for Chinese, Japanese, Russian and Ukrainian those of other systems. All other languages use windows-1252.
 */
const ENCODINGS: readonly (readonly [encodings: readonly string[], languages: string])[] = [
  [['windows-1250'], 'bos ces cnr hrv hun pol ron slk slv sqi tuk'],
  [['windows-1251'], 'bak bel bul kaz kir mkd mon sah srp tat tgk'],
  [['windows-1251', 'koi8-r', 'ibm866'], 'rus'],
  [['windows-1251', 'koi8-u', 'ibm866'], 'ukr'],
  [['windows-1253'], 'ell'],
  [['windows-1254'], 'aze tur uzb'],
  [['windows-1255'], 'heb yid'],
  [['windows-1256'], 'ara fas uig urd'],
  [['windows-1257'], 'lav lit'],
  [['windows-1257', 'windows-1252'], 'est'],
  [['windows-1258'], 'vie'],
  [['windows-874'], 'tha'],
  [['euc-jp', 'shift_jis'], 'jpn'], // text in Shift_JIS has bytes that EUC-JP does not know
  [['windows-949'], 'kor'],
  [['gb18030', 'big5'], 'zho'], // GBK with characters of four bytes,
];

const BY_LANGUAGE = new Map(
  ENCODINGS.flatMap(([encodings, all]) => all.split(' ').map((each) => [each, encodings] as const)),
);

/** Returns the text of a file of subtitles. Where its bytes do not tell their encoding, its language does. */
export function decodedText(bytes: Uint8Array, language: string | undefined): DecodedText {
  const wide = wideEncoding(bytes);
  if (wide?.startsWith('utf-32')) return { text: fromUtf32(bytes, wide === 'utf-32le'), encoding: wide };
  if (wide) return { text: textDecoder(wide).decode(bytes), encoding: wide };
  for (const encoding of [...(holdsShifts(bytes) ? ['iso-2022-jp'] : []), 'utf-8']) {
    const text = read(bytes, encoding);
    if (errorsIn(text) === 0) return { text, encoding };
  }
  const [usual, ...others] = mostLikelyFirst(bytes, BY_LANGUAGE.get(iso639(language) ?? '') ?? ['windows-1252']);
  let best = { text: read(bytes, usual ?? 'windows-1252'), encoding: usual ?? 'windows-1252' };
  for (const encoding of others) {
    const text = read(bytes, encoding);
    if (errorsIn(text) < errorsIn(best.text)) best = { text, encoding };
  }
  return best;
}

/** Node.js reads windows-1252 as ISO 8859-1, of windows-949 only what is also in EUC-KR, and of Big5 not the letters of Hong Kong. */
function read(bytes: Uint8Array, encoding: string): string {
  if (encoding === 'windows-1252') return fromWindows1252(bytes);
  if (encoding === 'big5') return fromBig5(bytes);
  return encoding === 'windows-949' ? fromWindows949(bytes) : textDecoder(encoding).decode(bytes);
}

/** Whether a text has the sequences by which ISO-2022-JP, whose bytes are all below 0x80, begins Japanese. */
function holdsShifts(bytes: Uint8Array): boolean {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return all.includes('\u001b$B') || all.includes('\u001b$@');
}

/**
 * Counts the bytes that an encoding does not have. Decoders write U+FFFD for them, and some take them for control characters, which no
 * subtitle has.
 */
const errorsIn = (text: string): number => text.match(/[\u0080-\u009f\ufffd]/gu)?.length ?? 0;

/**
 * Returns the encoding of a text whose characters have 2 or 4 bytes. Where no mark at its beginning tells, zeros do: digits, arrows and
 * line ends of subtitles have them in all bytes but one, and other encodings have none.
 */
function wideEncoding(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be' | undefined {
  const begins = (...mark: readonly number[]) => mark.every((byte, i) => bytes[i] === byte);
  if (begins(0xff, 0xfe, 0, 0)) return 'utf-32le';
  if (begins(0, 0, 0xfe, 0xff)) return 'utf-32be';
  if (begins(0xff, 0xfe)) return 'utf-16le';
  if (begins(0xfe, 0xff)) return 'utf-16be';
  const zeros = [0, 0, 0, 0];
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 0) zeros[i % 4] = (zeros[i % 4] ?? 0) + 1;
  const [first = 0, second = 0, third = 0, fourth = 0] = zeros;
  const many = bytes.length / 4 / 5; // of five characters one at least
  const few = many / 2;
  if (third > many && fourth > many && second > many && first < few) return 'utf-32le';
  if (first > many && second > many && third > many && fourth < few) return 'utf-32be';
  if (second > many && fourth > many && first < few && third < few) return 'utf-16le';
  if (first > many && third > many && second < few && fourth < few) return 'utf-16be';
  return undefined;
}

const NO_CHARACTER = 0xfffd;

function fromUtf32(bytes: Uint8Array, isLittle: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const letters: string[] = [];
  for (let i = 0; i + 4 <= bytes.length; i += 4) {
    const code = view.getUint32(i, isLittle);
    if (i > 0 || code !== 0xfeff) letters.push(String.fromCodePoint(code > 0x10_ffff ? NO_CHARACTER : code));
  }
  return letters.join('');
}

/** Š, Ž, š and ž in windows-1252, which no letter of windows-1257 has; the other letters of Estonian are alike in both. */
const CARONS_OF_1252 = [0x8a, 0x8e, 0x9a, 0x9e];

/** The letters that are more than half of Russian text. All bytes above 0x7f are a letter in each of its encodings, but another one. */
const COMMON_LETTERS = /[оеаинтс]/giu;
/** By how much more common letters another encoding must give to be taken: a few words may have more in a wrong one. */
const [MORE_TIMES, MORE_LETTERS] = [1.5, 3];

/** Returns the encodings of Russian with the one first in which the text has by far the most common letters. */
function mostCommonLettersFirst(bytes: Uint8Array, encodings: readonly string[]): readonly string[] {
  const counted = encodings.map((encoding) => ({
    encoding,
    letters: read(bytes, encoding).match(COMMON_LETTERS)?.length ?? 0,
  }));
  const [usual, ...others] = counted;
  const best = others.sort((a, b) => b.letters - a.letters)[0];
  if (!usual || !best || best.letters <= MORE_TIMES * usual.letters + MORE_LETTERS) return encodings;
  return [best.encoding, ...encodings.filter((each) => each !== best.encoding)];
}

/**
 * Returns the encodings with the one first whose common characters are more of the text. GBK and Big5 share most pairs of bytes; the
 * common characters of GBK have the first bytes B0 to D7 and no second byte below A1, those of Big5 the first bytes A4 to C6. A second
 * byte below 40 is that of a character of four bytes, as GB18030 has them.
 */
function mostLikelyFirst(bytes: Uint8Array, encodings: readonly string[]): readonly string[] {
  if (encodings.includes('windows-1252') && CARONS_OF_1252.some((byte) => bytes.includes(byte)))
    return [...encodings].reverse();
  if (encodings.includes('ibm866')) return mostCommonLettersFirst(bytes, encodings);
  if (!encodings.includes('big5')) return encodings;
  let [inGbk, inBig5] = [0, 0];
  for (let i = 0; i + 1 < bytes.length; i++) {
    const lead = bytes[i] ?? 0;
    if (lead < 0x81) continue;
    const trail = bytes[++i] ?? 0;
    if (trail < 0x40) continue;
    if (lead >= 0xb0 && lead <= 0xd7 && trail >= 0xa1) inGbk++;
    if (lead >= 0xa4 && lead <= 0xc6) inBig5++;
  }
  return inBig5 > inGbk ? [...encodings].reverse() : encodings;
}
