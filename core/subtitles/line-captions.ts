import type { Cue } from '../streams/cue.ts';
import { basicLetter, wideLetter } from './caption-letters.ts';
import { type CaptionLook, type ColourName, colourOf, PLAIN_LOOK } from './caption-look.ts';
import { CaptionScreen } from './caption-screen.ts';

/** Two bytes of a field without their parity, and when they come. */
type BytePair = { readonly seconds: number; readonly first: number; readonly second: number };

/** What the captions of one channel of CEA-608 say. Texts are no captions, but pages for those who look for them. */
type ChannelRead = { readonly cues: readonly Cue[]; readonly hasTexts: boolean };

/** Commands come twice, in two pictures that follow each other (CTA-608-E 8.4). */
const SAME_COMMAND_SECONDS = 0.15;
/** The first byte of commands that concern the second channel of a field has this bit. */
const SECOND_CHANNEL = 0x08;
/** Programme data (XDS) begins in the second field with a byte below this, and ends with the last such byte. */
const COMMANDS_FROM = 0x10;

/** Reads the captions of both channels of a field (CTA-608-E). */
export function readField(
  pairs: Iterable<BytePair>,
  filmSeconds: number | undefined,
): readonly [ChannelRead, ChannelRead] {
  const channels = [new Channel(), new Channel()] as const;
  let current: Channel | undefined;
  let last: BytePair | undefined;
  let latest = 0;
  for (const pair of pairs) {
    const { first, second, seconds } = pair;
    latest = seconds;
    if (first === 0 && second === 0) continue;
    if (first === 0 || first >= 0x20) {
      current?.letters([first, second], seconds);
      last = undefined;
    } else if (first >= COMMANDS_FROM) {
      const isAgain = last?.first === first && last.second === second && seconds - last.seconds < SAME_COMMAND_SECONDS;
      last = isAgain ? undefined : pair;
      current = channels[first & SECOND_CHANNEL ? 1 : 0];
      if (!isAgain) current?.command(first & ~SECOND_CHANNEL, second, seconds);
    } else current = undefined;
  }
  const end = filmSeconds ?? latest + LAST_SECONDS;
  return [channels[0].end(end), channels[1].end(end)];
}

/** How long the last captions are shown, where nothing ends them and nobody knows how long the film is. */
const LAST_SECONDS = 5;

/** The rows by the low bits of a preamble's first byte; by its second byte it is that row or the next (CTA-608-E table 53). */
const ROWS = [11, 1, 3, 12, 14, 5, 7, 9];
const [BOTTOM_ROW, SECOND_ROW, PREAMBLE, INDENTED] = [15, 0x20, 0x40, 0x10];
/** The colours by three bits of a preamble or of a mark between words; the last is italics (CTA-608-E tables 51 and 53). */
const COLOURS: readonly ColourName[] = ['white', 'lime', 'blue', 'cyan', 'red', 'yellow', 'magenta'];
const [ITALIC, UNDERLINED, BLACK] = [7, 0x01, 0x2e];

/** One channel: CC1 to CC4. */
class Channel {
  #shown = new CaptionScreen();
  #loading = new CaptionScreen();
  #mode: 'none' | 'loading' | 'rolling' | 'painting' | 'text' = 'none';
  #rollRows = 0;
  #look: CaptionLook = PLAIN_LOOK;
  /** Since when what is shown now, or the row that rolls, is there. */
  #since: { readonly seconds: number; readonly isRow: boolean } | undefined;
  /** A row that has rolled up, and stays until the next one begins. */
  #rolled: Omit<Cue, 'endSeconds'> | undefined;
  #cues: Cue[] = [];
  #hasTexts = false;

  end(seconds: number): ChannelRead {
    this.#flush(seconds);
    return { cues: this.#cues, hasTexts: this.#hasTexts };
  }

  letters(codes: readonly number[], seconds: number): void {
    for (const code of codes) if (code >= 0x20) this.#write(basicLetter(code), seconds);
  }

  command(first: number, second: number, seconds: number): void {
    if (second >= PREAMBLE) this.#preamble(first, second);
    else if (first === 0x14 || first === 0x15) this.#control(second, seconds);
    else this.#special(first, second, seconds);
  }

  #special(first: number, second: number, seconds: number): void {
    if (first === 0x17 && second <= 0x23) this.#screen.column += second & 3;
    const isUnderlined = (second & UNDERLINED) !== 0;
    if (first === 0x17 && (second & ~UNDERLINED) === BLACK)
      this.#look = { isItalic: false, isUnderlined, colour: colourOf('black') };
    const letter = wideLetter(first, second);
    if (letter === undefined) {
      if (first !== 0x11) return;
      this.#write(' ', seconds); // the mark takes a column of its own
      const mark = (second & 0x0e) >> 1;
      // italics leave the colour as it is, a colour ends italics
      const { colour } = mark === ITALIC ? this.#look : { colour: colourOf(COLOURS[mark] ?? 'white') };
      this.#look = { isItalic: mark === ITALIC, isUnderlined, colour };
      return;
    }
    if (first !== 0x11) this.#screen.back(); // it stands instead of the plain letter before it
    this.#write(letter, seconds);
  }

  get #screen(): CaptionScreen {
    return this.#mode === 'loading' || this.#mode === 'none' ? this.#loading : this.#shown;
  }

  #write(letter: string, seconds: number): void {
    if (this.#mode === 'text') this.#hasTexts = true;
    if (this.#mode === 'text' || this.#mode === 'none') return;
    if (this.#mode !== 'loading' && this.#since === undefined && letter !== ' ') {
      this.#endRolled(seconds);
      this.#since = { seconds, isRow: this.#mode === 'rolling' };
    }
    this.#screen.write(letter, this.#look);
  }

  #preamble(first: number, second: number): void {
    const row = (ROWS[first & 7] ?? BOTTOM_ROW) + (first !== COMMANDS_FROM && second & SECOND_ROW ? 1 : 0);
    const look = (second & 0x1e) >> 1;
    const colour = second & INDENTED ? undefined : colourOf(COLOURS[look] ?? 'white');
    this.#look = { isItalic: look === ITALIC, isUnderlined: (second & UNDERLINED) !== 0, colour };
    if (this.#mode === 'rolling') this.#shown.moveTo(row);
    const screen = this.#screen;
    screen.row = row;
    screen.column = second & INDENTED ? (look & 7) * 4 : 0;
  }

  #control(code: number, seconds: number): void {
    switch (code) {
      case 0x20:
        this.#mode = 'loading';
        break;
      case 0x21:
        this.#screen.back();
        break;
      case 0x24:
        this.#screen.endRow();
        break;
      case 0x25:
      case 0x26:
      case 0x27:
        if (this.#mode !== 'rolling') this.#beginRolling(seconds);
        this.#rollRows = code - 0x23;
        break;
      case 0x29:
        this.#flush(seconds);
        this.#mode = 'painting';
        break;
      case 0x2a:
      case 0x2b:
        this.#mode = 'text';
        break;
      case 0x2c:
        this.#erase(seconds);
        break;
      case 0x2d:
        if (this.#mode === 'rolling') this.#roll();
        break;
      case 0x2e:
        this.#loading.clear();
        break;
      case 0x2f:
        this.#flush(seconds);
        [this.#shown, this.#loading] = [this.#loading, this.#shown];
        this.#mode = 'loading';
        this.#since = this.#shown.text() === '' ? undefined : { seconds, isRow: false };
        break;
      default:
    }
  }

  #beginRolling(seconds: number): void {
    this.#erase(seconds);
    this.#shown.row = BOTTOM_ROW;
    this.#mode = 'rolling';
  }

  #erase(seconds: number): void {
    this.#flush(seconds);
    this.#shown.clear();
  }

  #roll(): void {
    const { row } = this.#shown;
    const text = this.#shown.text(row);
    if (this.#since !== undefined && text !== '')
      this.#rolled = { startSeconds: this.#since.seconds, text, ...this.#placeOf(row) };
    this.#since = undefined;
    this.#shown.rollUp(this.#rollRows);
  }

  #placeOf(row: number | undefined): Pick<Cue, 'settings'> {
    const settings = this.#shown.settings(row);
    return settings === undefined ? {} : { settings };
  }

  #endRolled(endSeconds: number): void {
    if (this.#rolled) this.#cues.push({ ...this.#rolled, endSeconds });
    this.#rolled = undefined;
  }

  /** Ends what is shown. Of captions that roll, each row is one cue, since it comes again in the next ones otherwise. */
  #flush(endSeconds: number): void {
    this.#endRolled(endSeconds);
    const row = this.#since?.isRow ? this.#shown.row : undefined;
    const text = this.#shown.text(row);
    if (this.#since && text !== '')
      this.#cues.push({ startSeconds: this.#since.seconds, endSeconds, text, ...this.#placeOf(row) });
    this.#since = undefined;
  }
}
