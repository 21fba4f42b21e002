import type { Cue } from '../streams/cue.ts';
import { type CaptionCell, type ColourName, colourOf, markedLine, PLAIN_LOOK } from './caption-look.ts';
import { placeInSafeArea } from './caption-place.ts';
import { readingOrder } from './reading-order.ts';
import { character, triplet } from './teletext-bits.ts';
import { markedLetter, type PageLetters, secondLetter } from './teletext-letters.ts';

/** What was received of a page: its rows of 40 bytes, and the packets beside them (X/26). */
export type TeletextPage = {
  readonly rows: Map<number, Uint8Array>;
  readonly beside: Uint8Array[];
};

/** Attributes that stand in a row, each in the place of a letter (ETSI EN 300 706 12.2). */
const [LAST_COLOUR, END_BOX, START_BOX, DOUBLE_HEIGHT, DOUBLE_SIZE] = [0x07, 0x0a, 0x0b, 0x0d, 0x0f];
const [FIRST_MOSAIC, LAST_MOSAIC] = [0x10, 0x17];
/** Changes between the two sets of letters of a page. */
const OTHER_LETTERS = 0x1b;
const SPACE = 0x20;
const [FIRST_ROW, LAST_ROW, COLUMNS] = [1, 24, 40];
/** The colours of letters by the three low bits of an attribute; 0 is none before level 2.5. */
const COLOURS: readonly (ColourName | undefined)[] = [
  ...([undefined, 'red', 'lime', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const),
];

/** A line of a page; its first and its last row differ where letters are of double height. */
type PageLine = {
  readonly text: string;
  readonly row: number;
  readonly lastRow: number;
  /** The columns of its first letter, and behind its last one. */
  readonly from: number;
  readonly to: number;
};

/**
 * Returns the text of a page of subtitles as it is laid over the picture, with the colours of its letters, and where it stands: what stands in
 * boxes, a line for each row. Mosaics, which draw with squares, are spaces. A row may change to the `second` letters and back.
 */
export function textOfPage(
  page: TeletextPage,
  letters: PageLetters,
  second: PageLetters | undefined,
): Pick<Cue, 'text' | 'settings'> {
  // a row has other letters for those who do not know these packets, which are Latin
  const put = letters.isLatin ? lettersBeside(page.beside) : new Map<number, string>();
  const lines: PageLine[] = [];
  for (let number = FIRST_ROW; number <= LAST_ROW; number++) {
    const row = page.rows.get(number);
    if (!row) continue;
    const { cells, isDouble } = cellsOfRow(row, (column, code, isSecond) => {
      const other = put.get(placeOf(number, column));
      const set = isSecond && second ? second : letters;
      return other ?? set.letters.get(code) ?? (code === 0x7f ? '■' : String.fromCharCode(code));
    });
    const text = markedLine(letters.isFromRight ? readingOrder(cells) : cells);
    const isLetter = (cell: CaptionCell | undefined) => cell !== undefined && cell.letter !== ' ';
    const [from, to] = [cells.findIndex(isLetter), cells.findLastIndex(isLetter) + 1];
    if (text !== '') lines.push({ text, row: number, lastRow: number + (isDouble ? 1 : 0), from, to });
    if (isDouble) number += 1; // the row below is covered by the lower halves of the letters
  }
  const settings = settingsOf(lines, letters.isFromRight);
  return { text: lines.map(({ text }) => text).join('\n'), ...(settings !== undefined && { settings }) };
}

/**
 * Where lines stand, as WebVTT says it: around a common middle, or from the leftmost column on. Undefined where they stand apart by more
 * than a row, since they would stand together.
 */
function settingsOf(lines: readonly PageLine[], isFromRight: boolean): string | undefined {
  const [first] = lines;
  if (!first || lines.some(({ row }, i) => row - (lines[i - 1]?.lastRow ?? row - 1) > 2)) return undefined;
  const middles = lines.map(({ from, to }) => (from + to) / 2);
  const [least, most] = [Math.min(...middles), Math.max(...middles)];
  const middle = (least + most) / 2;
  const isCentred = most - least <= 1 && (lines.length > 1 || Math.abs(middle - COLUMNS / 2) <= 1);
  const down = (first.row - FIRST_ROW) / LAST_ROW;
  if (isCentred || isFromRight) return placeInSafeArea({ down, across: middle / COLUMNS, align: 'center' });
  return placeInSafeArea({ down, across: Math.min(...lines.map(({ from }) => from)) / COLUMNS });
}

function cellsOfRow(row: Uint8Array, letter: (column: number, code: number, isSecond: boolean) => string) {
  let [isBoxed, isMosaic, isDouble, isSecond] = [false, false, false, false];
  let look = PLAIN_LOOK;
  const cells = Array.from(row, (byte, column): CaptionCell | undefined => {
    const code = character(byte);
    if (code === START_BOX) isBoxed = true;
    else if (code === END_BOX) isBoxed = false;
    else if (code === DOUBLE_HEIGHT || code === DOUBLE_SIZE) isDouble = true;
    else if (code === OTHER_LETTERS) isSecond = !isSecond;
    else if (code <= LAST_COLOUR) isMosaic = false;
    else if (code >= FIRST_MOSAIC && code <= LAST_MOSAIC) isMosaic = true;
    const colour = code <= LAST_MOSAIC && (code & 0x08) === 0 ? COLOURS[code & 7] : undefined;
    if (colour !== undefined) look = { ...look, colour: colourOf(colour) };
    const isLetter = isBoxed && code >= SPACE && !(isMosaic && isSquares(code));
    return isLetter ? { letter: letter(column, code, isSecond), look } : undefined;
  });
  return { cells, isDouble };
}

/** Capital letters stay letters among mosaics. */
const isSquares = (code: number): boolean => code < 0x40 || code >= 0x60;

const placeOf = (row: number, column: number): number => row * 64 + column;

const [ROWS_FROM, SET_ROW, SET_PLACE, SECOND_SET, WITH_MARK] = [40, 0x01, 0x04, 0x0f, 0x10];

/** Letters that packets beside a page put in the place of others: those of the second set, and those with marks (12.3.2 to 12.3.4). */
function lettersBeside(packets: readonly Uint8Array[]): ReadonlyMap<number, string> {
  const put = new Map<number, string>();
  let row = 0;
  for (const packet of packets) {
    for (let at = 1; at + 3 <= packet.length; at += 3) {
      const bits = triplet(packet.subarray(at, at + 3));
      if (bits === undefined) continue;
      const [address, mode, code] = [bits & 0x3f, (bits >> 6) & 0x1f, bits >> 11];
      if (address >= ROWS_FROM) {
        if (mode === SET_ROW || mode === SET_PLACE) row = address === ROWS_FROM ? LAST_ROW : address - ROWS_FROM;
        if (mode === 0x1f) break; // the end
      } else if (mode === SECOND_SET && code >= SPACE) put.set(placeOf(row, address), secondLetter(code));
      else if (mode >= WITH_MARK && code >= SPACE) put.set(placeOf(row, address), markedLetter(code, mode - WITH_MARK));
    }
  }
  return put;
}
