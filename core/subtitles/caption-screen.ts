import { type CaptionCell, type CaptionLook, markedLine } from './caption-look.ts';
import { placeInSafeArea } from './caption-place.ts';

/** Columns and rows of the screen of CEA-608. */
const COLUMNS = 32;
const ROWS = 15;

type CaptionRow = readonly (CaptionCell | undefined)[];

/** The letters of a screen of captions, and where the next one goes. */
export class CaptionScreen {
  #rows = new Map<number, CaptionRow>();
  row = ROWS;
  column = 0;

  /** Writes a letter, as many as a row has room for: further ones take the place of the last. */
  write(letter: string, look: CaptionLook): void {
    const row = [...(this.#rows.get(this.row) ?? [])];
    row[Math.min(this.column, COLUMNS - 1)] = { letter, look };
    this.#rows.set(this.row, row);
    this.column = Math.min(this.column + 1, COLUMNS - 1);
  }

  back(): void {
    this.column = Math.max(0, this.column - 1);
    this.#cut(this.column);
  }

  /** Takes away what the row has from here on. */
  endRow(): void {
    this.#cut(this.column);
  }

  /** Moves what is above the current row up by one, of which `kept` rows stay. */
  rollUp(kept: number): void {
    const rolled = [...this.#rows].map(([row, cells]) => [row - 1, cells] as const);
    this.#rows = new Map(rolled.filter(([row]) => row > this.row - kept && row < this.row));
    this.column = 0;
  }

  /** Moves all rows, so that the current one is `row`. */
  moveTo(row: number): void {
    const by = row - this.row;
    this.#rows = new Map([...this.#rows].map(([own, cells]) => [own + by, cells] as const));
    this.row = row;
  }

  clear(): void {
    this.#rows = new Map();
  }

  /** The text of all rows, or of one: italics, underlines and colours as SubRip writes them, without the place. */
  text(only?: number): string {
    const rows = [...this.#rows].filter(([row]) => only === undefined || row === only).sort(([a], [b]) => a - b);
    return rows
      .map(([, cells]) => markedLine(cells))
      .filter((line) => line !== '')
      .join('\n');
  }

  /**
   * Where all rows stand, or one, as WebVTT says it. Undefined where rows apart from each other would stand together.
   */
  settings(only?: number): string | undefined {
    const rows = [...this.#rows].filter(
      ([row, cells]) => (only === undefined || row === only) && markedLine(cells) !== '',
    );
    const numbers = rows.map(([row]) => row);
    const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
    if (rows.length === 0 || last - first >= rows.length) return undefined;
    const column = Math.min(...rows.map(([, cells]) => cells.findIndex((cell) => cell && cell.letter !== ' ')));
    return placeInSafeArea({ down: (first - 1) / ROWS, across: column / COLUMNS });
  }

  #cut(from: number): void {
    this.#rows.set(this.row, (this.#rows.get(this.row) ?? []).slice(0, from));
  }
}
