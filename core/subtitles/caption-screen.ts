/** Columns and rows of the screen of CEA-608. */
const COLUMNS = 32;
const ROWS = 15;

type CaptionCell = { readonly letter: string; readonly isItalic: boolean };
type CaptionRow = readonly (CaptionCell | undefined)[];

/** The letters of a screen of captions, and where the next one goes. */
export class CaptionScreen {
  #rows = new Map<number, CaptionRow>();
  row = ROWS;
  column = 0;

  /** Writes a letter, as many as a row has room for: further ones take the place of the last. */
  write(letter: string, isItalic: boolean): void {
    const row = [...(this.#rows.get(this.row) ?? [])];
    row[Math.min(this.column, COLUMNS - 1)] = { letter, isItalic };
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

  /** The text of all rows, or of one: italics as SubRip writes them, without the place. */
  text(only?: number): string {
    const rows = [...this.#rows].filter(([row]) => only === undefined || row === only).sort(([a], [b]) => a - b);
    return rows
      .map(([, cells]) => lineOf(cells))
      .filter((line) => line !== '')
      .join('\n');
  }

  /**
   * Where all rows stand, or one, as WebVTT says it: the screen of captions is the middle four fifths of the picture. Undefined where rows
   * apart from each other would stand together.
   */
  settings(only?: number): string | undefined {
    const rows = [...this.#rows].filter(([row, cells]) => (only === undefined || row === only) && lineOf(cells) !== '');
    const numbers = rows.map(([row]) => row);
    const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
    if (rows.length === 0 || last - first >= rows.length) return undefined;
    const column = Math.min(...rows.map(([, cells]) => cells.findIndex((cell) => cell && cell.letter !== ' ')));
    return `line:${percent((first - 1) / ROWS)} position:${percent(column / COLUMNS)} align:start`;
  }

  #cut(from: number): void {
    this.#rows.set(this.row, (this.#rows.get(this.row) ?? []).slice(0, from));
  }
}

const percent = (share: number): string => `${Number((10 + 80 * share).toFixed(2))}%`;

/** Columns without a letter between two words are a space. */
function lineOf(cells: CaptionRow): string {
  const letters = Array.from(cells, (cell) => cell ?? { letter: ' ', isItalic: false });
  const runs: { isItalic: boolean; letters: string }[] = [];
  for (const { letter, isItalic } of letters) {
    const last = runs.at(-1);
    if (last && (last.isItalic === isItalic || letter === ' ')) last.letters += letter;
    else runs.push({ isItalic, letters: letter });
  }
  return runs
    .map(({ isItalic, letters: of }) =>
      isItalic && of.trim() !== '' ? `<i>${of.trimEnd()}</i>${of.slice(of.trimEnd().length)}` : of,
    )
    .join('')
    .replace(/ +/g, ' ')
    .trim();
}
