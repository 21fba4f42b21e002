import { colourNamed, colourOf } from './caption-look.ts';

/** How letters are written. A colour is like `#ffff00`; undefined is the player's own. */
export type TextStyle = {
  readonly isBold: boolean;
  readonly isItalic: boolean;
  readonly isUnderlined: boolean;
  readonly colour: string | undefined;
};

/** Letters, and how parts of them are written. Places count characters of Unicode; parts without a style of their own are left out. */
export type StyledText = {
  readonly letters: string;
  readonly parts: readonly { readonly from: number; readonly to: number; readonly style: TextStyle }[];
};

const PLAIN: TextStyle = { isBold: false, isItalic: false, isUnderlined: false, colour: undefined };

/** A mark that is open, by its name, and what it makes of the letters. */
type OpenMark = { readonly name: string; readonly style: Partial<TextStyle>; readonly behind?: string };

/** Returns a text of SubRip, of whose marks bold, italics, underlines and colours are read; places as ASS writes them are left out. What is no such mark is words. */
export function styledSubRip(text: string): StyledText {
  const { write, open, close, done } = writer();
  for (const [i, part] of text
    .replace(/\{\\[^{}]*\}/g, '')
    .split(SUBRIP_MARK)
    .entries()) {
    const [, slash, name = '', rest = ''] = (i % 2 === 1 && /^<(\/?)(\w+)(.*)>$/s.exec(part)) || [];
    const mark = name.toLowerCase();
    if (i % 2 === 0) write(part);
    else if (slash) close(mark);
    else open({ name: mark, style: mark === 'font' ? { colour: colourIn(rest) } : (STYLES[mark] ?? {}) });
  }
  return done();
}

const SUBRIP_MARK = /(<\/?(?:[biu]|font)(?:\s[^<>]*)?>)/i;

function colourIn(attributes: string): string | undefined {
  const [, digits, name = ''] = /\bcolor\s*=\s*["']?\s*(?:(#[\da-f]{6})\b|([a-z]+))/i.exec(attributes) ?? [];
  return digits?.toLowerCase() ?? named(name);
}

/** A colour by its name, as hexadecimal digits; undefined for white, in which players write all texts. */
function named(name: string): string | undefined {
  const colour = colourNamed(name.toLowerCase());
  return colour && colourOf(colour);
}

const STYLES: Readonly<Record<string, Partial<TextStyle>>> = {
  b: { isBold: true },
  i: { isItalic: true },
  u: { isUnderlined: true },
};

/**
 * Returns the text of a cue of WebVTT as players show it (W3C WebVTT 6.4): bold, italics, underlines and the eight colours by their names are
 * read, what is said above letters (ruby) stands behind them in brackets, and characters by name are themselves. Other marks show nothing.
 */
export function styledWebVtt(text: string): StyledText {
  const { write, open, close, done } = writer();
  for (const [i, part] of text.split(/(<[^>]*(?:>|$))/).entries()) {
    if (i % 2 === 0) {
      write(part.replace(NAMED_CHARACTER, characterOf));
      continue;
    }
    const [, slash, name = '', classes = ''] = /^<(\/?)(\w*)((?:\.[^\s.<>]*)*)/.exec(part) ?? [];
    const mark = name.toLowerCase();
    if (slash) close(mark);
    else if (CUE_MARKS.has(mark)) {
      const colours = classes.split('.').flatMap((each) => named(each) ?? []);
      const style = { ...STYLES[mark], ...(colours.length > 0 && { colour: colours.at(-1) }) };
      if (mark === 'rt') write('(');
      open({ name: mark, style, ...(mark === 'rt' && { behind: ')' }) });
    }
  }
  return done();
}

const CUE_MARKS: ReadonlySet<string> = new Set(['c', 'i', 'b', 'u', 'ruby', 'rt', 'v', 'lang']);

const NAMED_CHARACTER = /&(?:(amp|lt|gt|quot|apos|nbsp|lrm|rlm)|#(\d{1,7})|#x([\da-f]{1,6}));/gi;
const CHARACTERS: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', lrm: '\u200e', rlm: '\u200f' },
};

function characterOf(whole: string, name?: string, decimal?: string, hexadecimal?: string): string {
  if (name !== undefined) return CHARACTERS[name.toLowerCase()] ?? whole;
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
  const isCharacter = code >= 0x20 && code <= 0x10_ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : '\ufffd';
}

/** Collects letters with the marks that are open around them. */
function writer() {
  const marks: OpenMark[] = [];
  const parts: { from: number; to: number; style: TextStyle }[] = [];
  let letters = '';
  let count = 0;
  const write = (words: string) => {
    const clean = words.replace(/\r\n?/g, '\n').replace(/\p{Cc}/gu, (each) => (/[\n\t]/.test(each) ? each : ''));
    if (clean === '') return;
    const from = count;
    count += [...clean].length;
    letters += clean;
    const style: TextStyle = Object.assign({ ...PLAIN }, ...marks.map((mark) => mark.style));
    if (style.isBold || style.isItalic || style.isUnderlined || style.colour !== undefined)
      parts.push({ from, to: count, style });
  };
  return {
    write,
    open: (mark: OpenMark) => {
      if (marks.length < MOST_MARKS) marks.push(mark);
    },
    /** Closes the last mark of this name, and those that were opened in it. A mark that is not open closes nothing. */
    close: (name: string) => {
      const at = marks.findLastIndex((mark) => mark.name === name);
      if (at < 0) return;
      for (const { behind } of marks.splice(at).reverse()) if (behind) write(behind);
    },
    done: (): StyledText => {
      for (const { behind } of marks.splice(0).reverse()) if (behind) write(behind);
      return { letters, parts };
    },
  };
}

/** No text has as many marks around a letter. */
const MOST_MARKS = 50;
