import type { Cue } from '../streams/cue.ts';
import type { CaptionBytes, ReadCaptions } from './read-captions.ts';
import { halfByte, reversedBits, triplet } from './teletext-bits.ts';
import { lettersOf } from './teletext-letters.ts';
import { type TeletextPage, textOfPage } from './teletext-page.ts';

/** A packet of teletext in a PES packet of DVB: what it is, its length, two bytes of its line, and 42 of its own (ETSI EN 300 472 4.3). */
const [PLAIN_UNIT, SUBTITLE_UNIT, UNIT_BYTES] = [0x02, 0x03, 0x2c];
const [PACKET_AT, PACKET_BYTES] = [4, 42];
/** Rows 25 to 31 of a page are none: 26 puts letters into the others, 28 and 29 say in which letters they are written. */
const [LAST_ROW, BESIDE, LETTERS, LETTERS_OF_MAGAZINE] = [24, 26, 28, 29];
const [ERASE, SUBTITLE, SERIAL] = [0x08, 0x08, 0x01];

/** A page of subtitles, what was shown of it, and since when it shows what it shows. */
type ShownPage = {
  readonly cues: Cue[];
  shown: Pick<Cue, 'text' | 'settings'>;
  since: number;
  unread: string | undefined;
};
const NOTHING: ShownPage['shown'] = { text: '' };

/** In which letters a packet says that pages are written: their region, and the second set to which a row may change. */
type SaidLetters = { readonly region: number; readonly second: number | undefined };

/** A page that is being received, and its letters where a packet of it says them. */
type ReceivedPage = TeletextPage & {
  readonly name: string;
  readonly option: number;
  readonly since: number;
  said: SaidLetters | undefined;
};

/** A page is undefined where it is none of subtitles. */
type Magazine = { page: ReceivedPage | undefined; said: SaidLetters | undefined };

/**
 * Reads the pages of subtitles among packets of DVB's teletext, as broadcasters mark them in the head of a page. A page is shown from
 * its head until it is sent with another text or without one; the last one ends with the film. Pages in Arabic letters
 * are named as unread, since their forms are not told apart. `language` is that of the stream, in three letters.
 */
export function readTeletext(
  packets: Iterable<CaptionBytes>,
  filmSeconds: number | undefined,
  language: string | undefined,
): ReadCaptions {
  const magazines: Magazine[] = Array.from({ length: 8 }, () => ({ page: undefined, said: undefined }));
  const kept = new Map<string, TeletextPage>();
  const shown = new Map<string, ShownPage>();
  let last = 0;

  function end(magazine: Magazine): void {
    const { page } = magazine;
    magazine.page = undefined;
    if (!page) return;
    const state = shown.get(page.name) ?? { cues: [], shown: NOTHING, since: 0, unread: undefined };
    shown.set(page.name, state);
    const said = page.said ?? magazine.said;
    const letters = lettersOf(page.option, said?.region, language);
    const others = said?.second === undefined ? undefined : lettersOf(said.second & 7, said.second >> 3, language);
    if ('unread' in letters) state.unread = letters.unread;
    const second = others && 'unread' in others ? undefined : others;
    const now = 'unread' in letters ? NOTHING : textOfPage(page, letters, second);
    if (now.text === state.shown.text && now.settings === state.shown.settings) return;
    close(state, page.since);
    state.shown = now;
    state.since = page.since;
  }

  function head(magazine: Magazine, number: number, { seconds, data }: CaptionBytes): void {
    const digits = Array.from(data.subarray(2, 10), halfByte);
    const [units, tens, , s2 = 0, , s4 = 0, , control = 0] = digits;
    if (control & SERIAL) for (const each of magazines) end(each);
    end(magazine);
    if (digits.includes(undefined) || units === undefined || tens === undefined || units > 9 || tens > 9) return;
    if ((s4 & SUBTITLE) === 0) return;
    const name = `${number || 8}${tens}${units}`;
    const before = (s2 & ERASE) === 0 ? kept.get(name) : undefined;
    const rows = before?.rows ?? new Map<number, Uint8Array>();
    const page = { rows, beside: [], name, option: optionOf(control), since: seconds, said: undefined };
    kept.set(name, page);
    magazine.page = page;
  }

  for (const packet of unitsOf(packets)) {
    const { data, seconds } = packet;
    last = Math.max(last, seconds);
    const [low, high] = [halfByte(data[0]), halfByte(data[1])];
    if (low === undefined || high === undefined) continue;
    const [number, row] = [low & 7, (low >> 3) | (high << 1)];
    const magazine = magazines[number];
    if (!magazine) continue;
    if (row === 0) head(magazine, number, packet);
    else if (row <= LAST_ROW) magazine.page?.rows.set(row, data.subarray(2));
    else if (row === BESIDE) magazine.page?.beside.push(data.subarray(2));
    else if (row === LETTERS && magazine.page) magazine.page.said ??= lettersIn(data.subarray(2));
    else if (row === LETTERS_OF_MAGAZINE) magazine.said = lettersIn(data.subarray(2)) ?? magazine.said;
  }
  for (const magazine of magazines) end(magazine);
  for (const state of shown.values()) close(state, Math.max(last, filmSeconds ?? last));
  const pages = [...shown].sort(([a], [b]) => Number(a) - Number(b));
  return {
    tracks: pages
      .filter(([, { cues }]) => cues.length > 0)
      .map(([name, { cues }]) => ({ channel: `page ${name}`, cues })),
    unread: pages.flatMap(([name, { unread }]) => (unread === undefined ? [] : [`${name}, in ${unread} letters`])),
  };
}

/** Ends what a page shows. */
function close(state: ShownPage, endSeconds: number): void {
  const { cues, shown, since } = state;
  if (shown.text !== '' && endSeconds > since) cues.push({ startSeconds: since, endSeconds, ...shown });
}

/** The three bits of a head that name its letters, the first one as the highest. */
const optionOf = (control: number): number => ((control & 2) << 1) | ((control & 4) >> 1) | ((control & 8) >> 3);

/**
 * The letters that a packet says: the region in the highest four of seven bits, and seven bits of the second set behind them, of which all
 * are set where there is none (EN 300 706 9.4.2 and tables 32 and 33).
 */
function lettersIn(data: Uint8Array): SaidLetters | undefined {
  const designation = halfByte(data[0]);
  if (designation !== 0 && designation !== 4) return undefined;
  const bits = triplet(data.subarray(1, 4));
  if (bits === undefined || (designation === 0 && (bits & 0x0f) !== 0)) return undefined;
  const more = triplet(data.subarray(4, 7));
  const second = more === undefined ? NO_SECOND : ((bits >> 14) & 0x0f) | ((more & 7) << 4);
  return { region: (bits >> 10) & 0x0f, second: second === NO_SECOND ? undefined : second };
}

const NO_SECOND = 0x7f;

/** The packets of teletext of each PES packet, whose first byte says what it holds. */
function* unitsOf(packets: Iterable<CaptionBytes>): Generator<CaptionBytes> {
  for (const { seconds, data } of packets) {
    for (let at = 1; at + 2 <= data.length; ) {
      const [id = 0, length = 0] = data.subarray(at, at + 2);
      const unit = data.subarray(at, at + 2 + length);
      at += 2 + length;
      if ((id === PLAIN_UNIT || id === SUBTITLE_UNIT) && length === UNIT_BYTES && unit.length === 2 + length)
        yield { seconds, data: reversedBits(unit.subarray(PACKET_AT, PACKET_AT + PACKET_BYTES)) };
    }
  }
}
