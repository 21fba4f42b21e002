import { serviceLetter } from './caption-letters.ts';
import type { Cue } from './srt.ts';

const [MOST_WINDOWS, MOST_ROWS, MOST_COLUMNS] = [8, 16, 64];

/** A row of a window. `isTold`: it was part of a cue already, and stays only because rows roll up. */
type ServiceRow = { letters: string[]; isTold: boolean };
type Window = { isVisible: boolean; rowCount: number; anchor: number; row: number; column: number; rows: ServiceRow[] };

const emptyRow = (): ServiceRow => ({ letters: [], isTold: false });
const emptyRows = () => Array.from({ length: MOST_ROWS }, emptyRow);

/** The bytes that follow a command (CTA-708-E 8.10.5); others have none. */
const PARAMETERS: Readonly<Record<number, number>> = {
  ...{ 136: 1, 137: 1, 138: 1, 139: 1, 140: 1, 141: 1, 144: 2, 145: 3, 146: 2, 151: 4 },
  ...Object.fromEntries([0x98, 0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f].map((code) => [code, 6])),
};
const [BACKSPACE, FORM_FEED, RETURN, RETURN_AND_CLEAR, EXTENSION, WIDE_LETTER] = [0x08, 0x0c, 0x0d, 0x0e, 0x10, 0x18];
const [CLEAR, DISPLAY, HIDE, TOGGLE] = [0x88, 0x89, 0x8a, 0x8b];
const [DELETE, RESET, PLACE, DEFINE] = [0x8c, 0x8f, 0x92, 0x98];

/** The captions of one service of CEA-708: windows of text, which are shown and hidden. */
export class CaptionService {
  #windows: (Window | undefined)[] = [];
  #current: Window | undefined;
  #cues: Cue[] = [];
  #since: number | undefined;
  /** A row that was told when it rolled up, which stays until the next one begins. */
  #rolled: Omit<Cue, 'endSeconds'> | undefined;

  end(seconds: number): readonly Cue[] {
    this.#flush(seconds);
    return this.#cues;
  }

  /** Reads a block of a service, whose commands never go on in the next one. */
  read(block: readonly number[], seconds: number): void {
    for (let at = 0; at < block.length; ) {
      const code = block[at++] ?? 0;
      if (code === EXTENSION) at += this.#extended(block[at] ?? 0, block[at + 1] ?? 0, seconds);
      else if (code < 0x20) {
        this.#control(code, seconds);
        if (code === WIDE_LETTER)
          this.#write(String.fromCharCode(((block[at] ?? 0) << 8) | (block[at + 1] ?? 0)), seconds);
        at += code < EXTENSION ? 0 : code < WIDE_LETTER ? 1 : 2;
      } else if (code >= 0x80 && code < 0xa0) {
        const size = PARAMETERS[code] ?? 0;
        this.#command(code, block.slice(at, at + size), seconds);
        at += size;
      } else this.#write(serviceLetter(code, false), seconds);
    }
  }

  /** Returns how many bytes the code behind an escape takes, itself included (CTA-708-E 7.1.10, 7.1.11). */
  #extended(code: number, next: number, seconds: number): number {
    if (code < 0x20) return 1 + (code >> 3);
    if (code >= 0x80 && code < 0x90) return code < 0x88 ? 5 : 6;
    if (code >= 0x90 && code < 0xa0) return 2 + (next & 0x3f);
    this.#write(serviceLetter(code, true), seconds);
    return 1;
  }

  #control(code: number, seconds: number): void {
    const window = this.#current;
    if (!window) return;
    if (code === BACKSPACE) this.#rowOf(window).letters.splice(Math.max(0, --window.column));
    window.column = Math.max(0, window.column);
    if (code === FORM_FEED) this.#change(seconds, () => this.#wipe(window));
    if (code === RETURN_AND_CLEAR) window.rows[window.row] = emptyRow();
    if (code === RETURN_AND_CLEAR) window.column = 0;
    if (code === RETURN) this.#return(window);
  }

  #command(code: number, parameters: readonly number[], seconds: number): void {
    const [first = 0, second = 0] = parameters;
    const each = (edit: (window: Window, id: number) => void) =>
      this.#change(seconds, () => {
        for (let id = 0; id < MOST_WINDOWS; id++) {
          const window = this.#windows[id];
          if (window && (first >> id) & 1) edit(window, id);
        }
      });
    if (code < CLEAR) this.#current = this.#windows[code & 7];
    else if (code === CLEAR) each((window) => this.#wipe(window));
    else if (code === DISPLAY) each((window) => this.#show(window, true));
    else if (code === HIDE) each((window) => this.#show(window, false));
    else if (code === TOGGLE) each((window) => this.#show(window, !window.isVisible));
    else if (code === DELETE) each((_, id) => this.#delete(id));
    else if (code === RESET) this.#change(seconds, () => this.#reset());
    else if (code === PLACE && this.#current) {
      this.#current.row = Math.min(first & 0x0f, MOST_ROWS - 1);
      this.#current.column = Math.min(second & 0x3f, MOST_COLUMNS - 1);
    } else if (code >= DEFINE) this.#change(seconds, () => this.#define(code & 7, parameters));
  }

  #define(id: number, [first = 0, anchor = 0, , rows = 0]: readonly number[]): void {
    const rowCount = Math.min((rows & 0x0f) + 1, MOST_ROWS);
    const isVisible = (first & 0x20) !== 0;
    const was = this.#windows[id];
    // a window that is there keeps its text, and is only placed anew
    const window = was ?? { isVisible, rowCount, anchor, row: 0, column: 0, rows: emptyRows() };
    Object.assign(window, { isVisible, rowCount, anchor: anchor & 0x7f });
    this.#windows[id] = window;
    this.#current = window;
  }

  #delete(id: number): void {
    if (this.#current === this.#windows[id]) this.#current = undefined;
    this.#windows[id] = undefined;
  }

  #reset(): void {
    this.#windows = [];
    this.#current = undefined;
  }

  #wipe(window: Window): void {
    Object.assign(window, { rows: emptyRows(), row: 0, column: 0 });
  }

  #show(window: Window, isVisible: boolean): void {
    if (isVisible && !window.isVisible) for (const row of window.rows) row.isTold = false;
    window.isVisible = isVisible;
  }

  #rowOf(window: Window): ServiceRow {
    return window.rows[window.row] ?? emptyRow();
  }

  #write(letter: string, seconds: number): void {
    const window = this.#current;
    if (!window || letter === '\0') return;
    if (window.isVisible && this.#since === undefined && letter.trim() !== '') {
      this.#endRolled(seconds);
      this.#since = seconds;
    }
    const row = this.#rowOf(window);
    row.isTold = false;
    row.letters[window.column] = letter;
    window.column = Math.min(window.column + 1, MOST_COLUMNS - 1);
  }

  /** Goes to the next row. In a window that is shown, the rows so far are a cue of their own, since they stay above the next ones. */
  #return(window: Window): void {
    if (window.isVisible && this.#since !== undefined) {
      const text = this.#text();
      if (text !== '') this.#rolled = { startSeconds: this.#since, text };
      this.#since = undefined;
      for (const each of this.#windows) if (each?.isVisible) for (const row of each.rows) row.isTold = true;
    }
    window.column = 0;
    if (window.row + 1 < window.rowCount) window.row++;
    else window.rows = [...window.rows.slice(1, window.rowCount), emptyRow(), ...emptyRows()].slice(0, MOST_ROWS);
  }

  /** Changes what is shown: what was there ends, and what is there then begins. */
  #change(seconds: number, edit: () => void): void {
    const before = this.#text();
    const since = this.#since;
    const rolled = this.#rolled;
    edit();
    const isSame = rolled === undefined && this.#text() === before;
    if (isSame) return;
    this.#endRolled(seconds);
    if (since !== undefined && before !== '')
      this.#cues.push({ startSeconds: since, endSeconds: seconds, text: before });
    this.#since = this.#text() === '' ? undefined : seconds;
  }

  #endRolled(endSeconds: number): void {
    if (this.#rolled) this.#cues.push({ ...this.#rolled, endSeconds });
    this.#rolled = undefined;
  }

  #flush(endSeconds: number): void {
    this.#endRolled(endSeconds);
    const text = this.#text();
    if (this.#since !== undefined && text !== '') this.#cues.push({ startSeconds: this.#since, endSeconds, text });
    this.#since = undefined;
  }

  /** What is shown and not yet told, from top to bottom. */
  #text(): string {
    const shown = this.#windows.filter((window) => window?.isVisible === true);
    return shown
      .filter((window) => window !== undefined)
      .sort((a, b) => a.anchor - b.anchor)
      .flatMap(({ rows }) => rows.filter(({ isTold }) => !isTold).map(({ letters }) => lineOf(letters)))
      .filter((line) => line !== '')
      .join('\n');
  }
}

const lineOf = (letters: readonly string[]): string =>
  Array.from(letters, (letter) => letter ?? ' ')
    .join('')
    .replace(/ +/g, ' ')
    .trim();
