import { character, triplet } from './teletext-bits.ts';
import { type LatinLetters, markedLetter, secondLetter } from './teletext-letters.ts';

/** What was received of a page: its rows of 40 bytes, and the packets beside them (X/26). */
export type TeletextPage = {
  readonly rows: Map<number, Uint8Array>;
  readonly beside: Uint8Array[];
};

/** Attributes that stand in a row, each in the place of a letter (ETSI EN 300 706 12.2). */
const [LAST_COLOUR, END_BOX, START_BOX, DOUBLE_HEIGHT, DOUBLE_SIZE] = [0x07, 0x0a, 0x0b, 0x0d, 0x0f];
const [FIRST_MOSAIC, LAST_MOSAIC] = [0x10, 0x17];
const SPACE = 0x20;
const [FIRST_ROW, LAST_ROW] = [1, 24];

/**
 * Returns the text of a page of subtitles as it is laid over the picture: what stands in boxes, a line for each row. Mosaics, which
 * draw with squares, are spaces.
 */
export function textOfPage(page: TeletextPage, latin: LatinLetters): string {
  const put = lettersBeside(page.beside);
  const lines: string[] = [];
  for (let number = FIRST_ROW; number <= LAST_ROW; number++) {
    const row = page.rows.get(number);
    if (!row) continue;
    const { text, isDouble } = textOfRow(row, (column, code) => {
      const other = put.get(placeOf(number, column));
      return other ?? latin.get(code) ?? (code === 0x7f ? '■' : String.fromCharCode(code));
    });
    if (text !== '') lines.push(text);
    if (isDouble) number += 1; // the row below is covered by the lower halves of the letters
  }
  return lines.join('\n');
}

function textOfRow(row: Uint8Array, letter: (column: number, code: number) => string) {
  let [isBoxed, isMosaic, isDouble] = [false, false, false];
  let text = '';
  row.forEach((byte, column) => {
    const code = character(byte);
    if (code === START_BOX) isBoxed = true;
    else if (code === END_BOX) isBoxed = false;
    else if (code === DOUBLE_HEIGHT || code === DOUBLE_SIZE) isDouble = true;
    else if (code <= LAST_COLOUR) isMosaic = false;
    else if (code >= FIRST_MOSAIC && code <= LAST_MOSAIC) isMosaic = true;
    const isLetter = isBoxed && code >= SPACE && !(isMosaic && isSquares(code));
    text += isLetter ? letter(column, code) : ' ';
  });
  return { text: text.replace(/ +/g, ' ').trim(), isDouble };
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
