import { type CaptionCell, type CaptionLook, markedLine, PLAIN_LOOK, serviceColour } from './caption-look.ts';
import { placeInSafeArea } from './caption-place.ts';

const [MOST_ROWS, MOST_COLUMNS] = [16, 64];
/** Rows and columns of the area in which captions stand, on a wide screen; a place counts fifths of them (CTA-708-E 8.3, 8.4.4). */
const [SAFE_ROWS, SAFE_COLUMNS, NARROW_COLUMNS, FIFTHS] = [15, 42, 32, 5];

/** A row of a window. `isTold`: it was part of a cue already, and stays only because rows roll up. */
type ServiceRow = { cells: (CaptionCell | undefined)[]; isTold: boolean };
type Align = 'start' | 'center' | 'end';

/** A window of CEA-708: its text, where it stands, and how the next letter is written. */
export type CaptionWindow = {
  isVisible: boolean;
  rowCount: number;
  columnCount: number;
  /** The shares of the area's height and width at which its anchor lies, and which of its nine points that is. */
  anchor: { readonly down: number; readonly across: number; readonly point: number };
  align: Align;
  look: CaptionLook;
  row: number;
  column: number;
  rows: ServiceRow[];
};

const emptyRow = (): ServiceRow => ({ cells: [], isTold: false });
const emptyRows = () => Array.from({ length: MOST_ROWS }, emptyRow);

/** Centred text is of these styles of windows; of the others it begins at the left (CTA-708-E table 26). */
const CENTRED_STYLES = [3, 6];
const [VISIBLE, RELATIVE, STYLES] = [0x20, 0x80, 0x07];

/**
 * Returns the window that a command defines by its six bytes (CTA-708-E 8.10.5.2). One that is there keeps its text, and is only placed anew,
 * with another style only where the command names one. `isWide`: the picture is wider than 4:3.
 */
export function definedWindow(
  was: CaptionWindow | undefined,
  [first = 0, down = 0, across = 0, rows = 0, columns = 0, styles = 0]: readonly number[],
  isWide: boolean,
): CaptionWindow {
  const window = was ?? {
    ...{ isVisible: false, rowCount: 1, columnCount: 1, anchor: { down: 0, across: 0, point: 0 } },
    ...{ align: 'start' as const, look: PLAIN_LOOK, row: 0, column: 0, rows: emptyRows() },
  };
  const safeColumns = isWide ? SAFE_COLUMNS : NARROW_COLUMNS;
  const [height, width] = down & RELATIVE ? [100, 100] : [SAFE_ROWS * FIFTHS, safeColumns * FIFTHS];
  window.isVisible = (first & VISIBLE) !== 0;
  window.rowCount = Math.min((rows & 0x0f) + 1, MOST_ROWS);
  window.columnCount = (columns & 0x3f) + 1;
  window.anchor = { down: (down & ~RELATIVE) / height, across: across / width, point: rows >> 4 };
  const style = (styles >> 3) & STYLES;
  if (style > 0) window.align = CENTRED_STYLES.includes(style) ? 'center' : 'start';
  if ((styles & STYLES) > 0) window.look = PLAIN_LOOK; // all seven styles of pens are upright, plain and white
  return window;
}

const ALIGNS: readonly Align[] = ['start', 'end', 'center', 'start'];

/** Takes the side on which the window's text stands from the third byte of its attributes (CTA-708-E 8.10.5.8). */
export function align(window: CaptionWindow, attributes: number): void {
  window.align = ALIGNS[attributes & 3] ?? 'start';
}

/** Takes italics and underlines from the second byte of a pen's attributes (CTA-708-E 8.10.5.9). */
export function setPen(window: CaptionWindow, attributes: number): void {
  window.look = { ...window.look, isItalic: (attributes & 0x80) !== 0, isUnderlined: (attributes & 0x40) !== 0 };
}

/** Takes the colour of letters from the first byte of a pen's colours (CTA-708-E 8.10.5.10). */
export function setColour(window: CaptionWindow, colours: number): void {
  window.look = { ...window.look, colour: serviceColour(colours & 0x3f) };
}

/** Empties a window and goes to its first place. */
export function wipe(window: CaptionWindow): void {
  Object.assign(window, { rows: emptyRows(), row: 0, column: 0 });
}

/** Shows or hides a window. What it held while it was hidden counts as not told yet. */
export function setShown(window: CaptionWindow, isVisible: boolean): void {
  if (isVisible && !window.isVisible) for (const row of window.rows) row.isTold = false;
  window.isVisible = isVisible;
}

/** Goes to a place in a window; one outside of it is moved to its edge. */
export function place(window: CaptionWindow, row: number, column: number): void {
  window.row = Math.min(row, MOST_ROWS - 1);
  window.column = Math.min(column, MOST_COLUMNS - 1);
}

/** Writes a letter at the place where the window is, in its look, and goes on by one column. */
export function write(window: CaptionWindow, letter: string): void {
  const row = window.rows[window.row] ?? emptyRow();
  row.isTold = false;
  row.cells[window.column] = { letter, look: window.look };
  window.column = Math.min(window.column + 1, MOST_COLUMNS - 1);
}

/** Goes back by one column and deletes what stands there and behind it. */
export function back(window: CaptionWindow): void {
  window.column = Math.max(0, window.column - 1);
  window.rows[window.row]?.cells.splice(window.column);
}

/** Empties the row where the window is and goes to its beginning. */
export function clearRow(window: CaptionWindow): void {
  window.rows[window.row] = emptyRow();
  window.column = 0;
}

/** Goes to the next row; from the last one, all rows move up. */
export function nextRow(window: CaptionWindow): void {
  window.column = 0;
  if (window.row + 1 < window.rowCount) window.row++;
  else window.rows = [...window.rows.slice(1, window.rowCount), emptyRow(), ...emptyRows()].slice(0, MOST_ROWS);
}

/** Marks all rows of a window as told. */
export function tell(window: CaptionWindow): void {
  for (const row of window.rows) row.isTold = true;
}

/** A text that windows show, and its place as WebVTT's settings of a cue. */
export type ShownText = { readonly text: string; readonly settings?: string };

/**
 * Returns what the visible windows show and was not told yet, from top to bottom, and where it stands as WebVTT says it. There is no place
 * where several windows show a text, or where rows lie apart from each other, since one place would move some of them.
 */
export function shownText(windows: readonly (CaptionWindow | undefined)[], isWide: boolean): ShownText {
  const shown = windows
    .filter((window) => window?.isVisible)
    .filter((window) => window !== undefined)
    .sort((a, b) => a.anchor.down - b.anchor.down)
    .map((window) => ({ window, lines: linesOf(window) }))
    .filter(({ lines }) => lines.length > 0);
  const text = shown.flatMap(({ lines }) => lines.map((line) => line.text)).join('\n');
  const [only, second] = shown;
  const settings = only && !second ? settingsOf(only, isWide) : undefined;
  return settings === undefined ? { text } : { text, settings };
}

type WindowLine = { readonly row: number; readonly column: number; readonly text: string };

function linesOf({ rows }: CaptionWindow): readonly WindowLine[] {
  const lines = rows.map(({ cells, isTold }, row) => {
    const column = cells.findIndex((cell) => cell !== undefined && cell.letter.trim() !== '');
    return { row, column, text: isTold ? '' : markedLine(cells) };
  });
  return lines.filter(({ text }) => text !== '');
}

function settingsOf(
  { window, lines }: { readonly window: CaptionWindow; readonly lines: readonly WindowLine[] },
  isWide: boolean,
): string | undefined {
  const [first, last] = [lines.at(0)?.row ?? 0, lines.at(-1)?.row ?? 0];
  if (last - first >= lines.length) return undefined;
  const safeColumns = isWide ? SAFE_COLUMNS : NARROW_COLUMNS;
  const { rowCount, columnCount, anchor, align: side } = window;
  const [height, width] = [Math.min(1, rowCount / SAFE_ROWS), Math.min(1, columnCount / safeColumns)];
  const [pointDown, pointAcross] = [Math.floor(anchor.point / 3) / 2, (anchor.point % 3) / 2];
  // a window is kept within the area (CTA-708-E 8.4.4)
  const top = Math.min(1 - height, Math.max(0, anchor.down - pointDown * height));
  const left = Math.min(1 - width, Math.max(0, anchor.across - pointAcross * width));
  const column = Math.max(0, Math.min(...lines.map((line) => line.column)));
  const across = { start: left + column / safeColumns, center: left + width / 2, end: left + width }[side];
  return placeInSafeArea({ down: top + first / SAFE_ROWS, across, align: side });
}
