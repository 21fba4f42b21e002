import type { Cue } from '../streams/cue.ts';
import { serviceLetter } from './caption-letters.ts';
import {
  align,
  back,
  type CaptionWindow,
  clearRow,
  definedWindow,
  nextRow,
  place,
  type ShownText,
  setColour,
  setPen,
  setShown,
  shownText,
  tell,
  wipe,
  write,
} from './caption-window.ts';

const MOST_WINDOWS = 8;

/** The bytes that follow a command (CTA-708-E 8.10.5); others have none. */
const PARAMETERS: Readonly<Record<number, number>> = {
  ...{ 136: 1, 137: 1, 138: 1, 139: 1, 140: 1, 141: 1, 144: 2, 145: 3, 146: 2, 151: 4 },
  ...Object.fromEntries([0x98, 0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f].map((code) => [code, 6])),
};
const [BACKSPACE, FORM_FEED, RETURN, RETURN_AND_CLEAR, EXTENSION, WIDE_LETTER] = [0x08, 0x0c, 0x0d, 0x0e, 0x10, 0x18];
const [CLEAR, DISPLAY, HIDE, TOGGLE] = [0x88, 0x89, 0x8a, 0x8b];
const [DELETE, RESET, PLACE, DEFINE] = [0x8c, 0x8f, 0x92, 0x98];
const [PEN, COLOURS, WINDOW] = [0x90, 0x91, 0x97];

/** The captions of one service of CEA-708: windows of text, which are shown and hidden. */
export class CaptionService {
  readonly #isWide: boolean;
  #windows: (CaptionWindow | undefined)[] = [];
  #current: CaptionWindow | undefined;
  #cues: Cue[] = [];
  #since: number | undefined;
  /** A row that was told when it rolled up, which stays until the next one begins. */
  #rolled: Omit<Cue, 'endSeconds'> | undefined;

  /** `isWide`: the picture is wider than 4:3, so that places in it count otherwise. */
  constructor(isWide: boolean) {
    this.#isWide = isWide;
  }

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
    if (code === BACKSPACE) back(window);
    if (code === FORM_FEED) this.#change(seconds, () => wipe(window));
    if (code === RETURN_AND_CLEAR) clearRow(window);
    if (code === RETURN) this.#return(window);
  }

  #command(code: number, parameters: readonly number[], seconds: number): void {
    const [first = 0, second = 0, third = 0] = parameters;
    const each = (edit: (window: CaptionWindow, id: number) => void) =>
      this.#change(seconds, () => {
        for (let id = 0; id < MOST_WINDOWS; id++) {
          const window = this.#windows[id];
          if (window && (first >> id) & 1) edit(window, id);
        }
      });
    if (code < CLEAR) this.#current = this.#windows[code & 7];
    else if (code === CLEAR) each((window) => wipe(window));
    else if (code === DISPLAY) each((window) => setShown(window, true));
    else if (code === HIDE) each((window) => setShown(window, false));
    else if (code === TOGGLE) each((window) => setShown(window, !window.isVisible));
    else if (code === DELETE) each((_, id) => this.#delete(id));
    else if (code === RESET) this.#change(seconds, () => this.#reset());
    else if (code >= DEFINE) this.#change(seconds, () => this.#define(code & 7, parameters));
    else if (this.#current) {
      if (code === PLACE) place(this.#current, first & 0x0f, second & 0x3f);
      else if (code === PEN) setPen(this.#current, second);
      else if (code === COLOURS) setColour(this.#current, first);
      else if (code === WINDOW) align(this.#current, third);
    }
  }

  #define(id: number, parameters: readonly number[]): void {
    this.#current = definedWindow(this.#windows[id], parameters, this.#isWide);
    this.#windows[id] = this.#current;
  }

  #delete(id: number): void {
    if (this.#current === this.#windows[id]) this.#current = undefined;
    this.#windows[id] = undefined;
  }

  #reset(): void {
    this.#windows = [];
    this.#current = undefined;
  }

  #write(letter: string, seconds: number): void {
    const window = this.#current;
    if (!window || letter === '\0') return;
    if (window.isVisible && this.#since === undefined && letter.trim() !== '') {
      this.#endRolled(seconds);
      this.#since = seconds;
    }
    write(window, letter);
  }

  /** Goes to the next row. In a window that is shown, the rows so far are a cue of their own, since they stay above the next ones. */
  #return(window: CaptionWindow): void {
    if (window.isVisible && this.#since !== undefined) {
      const shown = this.#shown();
      if (shown.text !== '') this.#rolled = { startSeconds: this.#since, ...shown };
      this.#since = undefined;
      for (const each of this.#windows) if (each?.isVisible) tell(each);
    }
    nextRow(window);
  }

  /** Changes what is shown: what was there ends, and what is there then begins. */
  #change(seconds: number, edit: () => void): void {
    const before = this.#shown();
    const since = this.#since;
    const rolled = this.#rolled;
    edit();
    const after = this.#shown();
    const isSame = rolled === undefined && after.text === before.text && after.settings === before.settings;
    if (isSame) return;
    this.#endRolled(seconds);
    if (since !== undefined && before.text !== '')
      this.#cues.push({ startSeconds: since, endSeconds: seconds, ...before });
    this.#since = after.text === '' ? undefined : seconds;
  }

  #endRolled(endSeconds: number): void {
    if (this.#rolled) this.#cues.push({ ...this.#rolled, endSeconds });
    this.#rolled = undefined;
  }

  #flush(endSeconds: number): void {
    this.#endRolled(endSeconds);
    const shown = this.#shown();
    if (this.#since !== undefined && shown.text !== '')
      this.#cues.push({ startSeconds: this.#since, endSeconds, ...shown });
    this.#since = undefined;
  }

  #shown(): ShownText {
    return shownText(this.#windows, this.#isWide);
  }
}
