const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Characters that a terminal shows in two columns: East Asian scripts, their full-width forms, and emoji. */
const WIDE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\u3000-\u303e\u30fb-\u30fe\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]/u;
/** Characters of these scripts that have half the width. */
const HALF = /^[\uff61-\uffdc]/u;
/** Marks that stand on the character before them. */
const ZERO = /^[\p{Mn}\p{Me}\p{Cf}]/u;
const EMOJI_STYLE = '\ufe0f';

const widthOf = (grapheme: string): number => {
  if (ZERO.test(grapheme)) return 0;
  if (HALF.test(grapheme)) return 1;
  return WIDE.test(grapheme) || grapheme.includes(EMOJI_STYLE) ? 2 : 1;
};

const split = (text: string): readonly string[] => [...graphemes.segment(text)].map(({ segment }) => segment);
const sum = (parts: readonly string[]) => parts.reduce((columns, part) => columns + widthOf(part), 0);

/** Returns how many columns of a terminal a text takes. The text has no control characters (see `printable`). */
export const displayWidth = (text: string): number => (/^[ -~]*$/.test(text) ? text.length : sum(split(text)));

const MARK = '…';

/** Returns a text that takes at most `width` columns: if it is longer, its middle is left out, for the end of a name tells it apart. */
export function withoutMiddle(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  const parts = split(text);
  const room = Math.max(0, width - 1);
  const head = taken(parts, Math.ceil(room / 2));
  const tail = taken(parts.toReversed(), room - sum(head)).toReversed();
  return width < 1 ? '' : `${head.join('')}${MARK}${tail.join('')}`;
}

/** Returns a text in exactly `width` columns: its middle left out, or spaces behind it. */
export function columnOf(text: string, width: number): string {
  const short = withoutMiddle(text, width);
  return `${short}${' '.repeat(Math.max(0, width - displayWidth(short)))}`;
}

/** Returns the beginning of a text that takes at most `width` columns, with a mark if something is left out. */
export function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  return width < 1
    ? ''
    : `${taken(split(text), width - 1)
        .join('')
        .trimEnd()}${MARK}`;
}

/** Returns a text in lines of at most `width` columns, broken at spaces; a longer word is broken where the line ends. */
export function brokenIntoLines(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((each) => broken(each, width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && displayWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/** Returns a text of several lines, of which each takes at most `width` columns; what is broken off is indented. */
export function fittedText(text: string, width: number | undefined, indent = 0): string {
  if (width === undefined) return text;
  const room = Math.max(LEAST_ROOM, width - indent);
  return text
    .split('\n')
    .flatMap((line) => {
      if (displayWidth(line) <= width) return [line];
      const [before = ''] = /^ */.exec(line) ?? [];
      const [first = '', ...rest] = brokenIntoLines(line.slice(before.length), room - before.length);
      return [`${before}${first}`, ...rest.map((each) => `${before}${' '.repeat(indent)}${each}`)];
    })
    .join('\n');
}

const LEAST_ROOM = 16;

function broken(word: string, width: number): readonly string[] {
  if (displayWidth(word) <= width) return [word];
  const parts = split(word);
  const head = taken(parts, width);
  return head.length === 0 ? [word] : [head.join(''), ...broken(parts.slice(head.length).join(''), width)];
}

/** The first graphemes that fit into so many columns. */
function taken(parts: readonly string[], columns: number): readonly string[] {
  let used = 0;
  const end = parts.findIndex((part) => {
    used += widthOf(part);
    return used > columns;
  });
  return end < 0 ? parts : parts.slice(0, end);
}
