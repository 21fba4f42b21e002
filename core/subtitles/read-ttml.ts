import type { Cue } from '../streams/cue.ts';
import { decodedText } from './decoded-text.ts';
import { lookOf, PLAIN_TTML, type TtmlLook, ttmlStyles } from './ttml-look.ts';
import { type TtmlClock, ttmlClock, ttmlSeconds } from './ttml-times.ts';
import { type XmlElement, xmlElements } from './xml-elements.ts';

/** A document of TTML in a track, and the time of its sample by the clock of the track, by which the document's own times count, too. */
export type TtmlSample = { readonly from: number; readonly to: number; readonly bytes: Uint8Array };

type TtmlRead = {
  readonly cues: readonly Cue[];
  /** How many documents could not be read. */
  readonly unread: number;
  /** Whether it has pictures of text, which are not read. */
  readonly hasPictures: boolean;
};

/** No film has more texts. */
const MOST_CUES = 100_000;

/**
 * Reads the texts of a track of TTML or IMSC (ISO/IEC 14496-30 6): each sample shows what of its document lies in its time, so that a text in several
 * samples, one behind the other, is one text. Italics, bold, underlines and colours become the marks of SubRip; where a text stands is left out.
 */
export function readTtml(samples: Iterable<TtmlSample>): TtmlRead {
  const cues: { startSeconds: number; endSeconds: number; text: string }[] = [];
  const last = new Map<string, (typeof cues)[number]>();
  let [unread, hasPictures] = [0, false];
  for (const { from, to, bytes } of samples) {
    if (bytes.length === 0) continue;
    const { text } = decodedText(bytes, undefined);
    const root = xmlElements(text);
    if (root?.name !== 'tt') {
      unread++;
      continue;
    }
    hasPictures ||= /backgroundImage|<image\b|:image\b/.test(text);
    for (const cue of cuesOf(root)) {
      const startSeconds = Math.max(from, cue.startSeconds);
      const endSeconds = Math.min(to, cue.endSeconds);
      if (startSeconds >= endSeconds) continue;
      const before = last.get(cue.text);
      if (before && Math.abs(before.endSeconds - startSeconds) < SAME_SECONDS) before.endSeconds = endSeconds;
      else if (cues.length < MOST_CUES) {
        const found = { startSeconds, endSeconds, text: cue.text };
        last.set(cue.text, found);
        cues.push(found);
      }
    }
  }
  return { cues: cues.toSorted((a, b) => a.startSeconds - b.startSeconds), unread, hasPictures };
}

/** Samples that follow each other, to the rounding of their times. */
const SAME_SECONDS = 0.0015;

type TimeOfText = { readonly from: number; readonly to: number };
type StyledRun = TimeOfText & { readonly words: string; readonly look: TtmlLook };

function cuesOf(root: XmlElement): readonly Cue[] {
  const head = childrenOf(root).find(({ name }) => name === 'head');
  const styling = head ? childrenOf(head).flatMap(childrenOf) : [];
  const reader = { clock: ttmlClock(root.attributes), styles: ttmlStyles(styling) };
  const all = { from: 0, to: Number.POSITIVE_INFINITY };
  return childrenOf(root).flatMap((body) => (body.name === 'body' ? paragraphs(body, all, PLAIN_TTML, reader) : []));
}

type TtmlReader = { readonly clock: TtmlClock; readonly styles: ReadonlyMap<string, Partial<TtmlLook>> };

const childrenOf = ({ children }: XmlElement): readonly XmlElement[] =>
  children.filter((child): child is XmlElement => typeof child !== 'string');

/** Returns the texts of the paragraphs in an element, `within` the time of what holds it. */
function paragraphs(element: XmlElement, within: TimeOfText, look: TtmlLook, reader: TtmlReader): readonly Cue[] {
  const span = spanOf(element, within, reader);
  const own = lookOf(element, look, reader.styles);
  if (element.name === 'p') return textsOf(runsOf(element, span, own, reader));
  if (element.name !== 'body' && element.name !== 'div') return [];
  return inTurn(element, span, reader).flatMap(([child, time]) => paragraphs(child, time, own, reader));
}

/** The time of an element, whose own times count from the beginning of what holds it (TTML2 12.4). */
function spanOf({ attributes }: XmlElement, within: TimeOfText, { clock }: TtmlReader): TimeOfText {
  const [begin = 0, end, dur] = ['begin', 'end', 'dur'].map((name) => ttmlSeconds(attributes.get(name), clock));
  const from = within.from + begin;
  const ends = [
    within.to,
    end === undefined ? within.to : within.from + end,
    dur === undefined ? within.to : from + dur,
  ];
  return { from, to: Math.min(...ends) };
}

/** The elements in another, with the time from which their own count: all at once, or each behind the one before. */
function inTurn(
  element: XmlElement,
  span: TimeOfText,
  reader: TtmlReader,
): readonly (readonly [XmlElement, TimeOfText])[] {
  let { from } = span;
  const isSequence = element.attributes.get('timeContainer') === 'seq';
  return childrenOf(element).map((child) => {
    const within = { from, to: span.to };
    if (isSequence) from = spanOf(child, within, reader).to;
    return [child, within] as const;
  });
}

/** Returns the words in a paragraph with their own times and looks. */
function runsOf(element: XmlElement, span: TimeOfText, look: TtmlLook, reader: TtmlReader): readonly StyledRun[] {
  const preserves = element.attributes.get('space') === 'preserve';
  const spans = new Map(inTurn(element, span, reader));
  return element.children.flatMap((child): readonly StyledRun[] => {
    if (typeof child === 'string')
      return [{ ...span, look, words: preserves ? child : child.replace(/[ \t\r\n]+/g, ' ') }];
    if (child.name === 'br') return [{ ...span, look: PLAIN_TTML, words: '\n' }];
    if (child.name !== 'span') return [];
    const ruby = child.attributes.get('ruby');
    if (ruby === 'delimiter') return [];
    const within = spans.get(child) ?? span;
    const inner = runsOf(child, spanOf(child, within, reader), lookOf(child, look, reader.styles), reader);
    if (ruby !== 'text') return inner;
    const bracket = (words: string) => ({ ...(inner[0] ?? span), look, words });
    return inner.length === 0 ? [] : [bracket('('), ...inner, bracket(')')];
  });
}

/** More words with times of their own than any karaoke has: they are shown all at once. */
const MOST_TURNS = 4_000_000;

/** Returns a text for each time in which the same words of a paragraph are shown. */
function textsOf(runs: readonly StyledRun[]): readonly Cue[] {
  const worded = runs.filter(({ words }) => words.trim() !== '');
  const borders = [...new Set(worded.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  const isKaraoke = borders.length * runs.length <= MOST_TURNS;
  const times = isKaraoke ? borders : [borders[0] ?? 0, borders.at(-1) ?? 0];
  return times.flatMap((startSeconds, i) => {
    const endSeconds = times[i + 1];
    if (endSeconds === undefined) return [];
    const shown = runs.filter(
      ({ from, to, words }) => words === '\n' || !isKaraoke || (from <= startSeconds && to >= endSeconds),
    );
    const text = linesOf(shown);
    return text === '' ? [] : [{ startSeconds, endSeconds, text }];
  });
}

const linesOf = (runs: readonly StyledRun[]): string =>
  runs
    .map(({ words, look }) =>
      marked(
        words.replace(/\p{Cc}/gu, (each) => (each === '\n' ? each : '')),
        look,
      ),
    )
    .join('')
    .split('\n')
    .map((line) => line.replace(/ {2,}/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');

function marked(words: string, { italic, bold, underlined, colour }: TtmlLook): string {
  if (words.trim() === '') return words;
  const [, before = '', letters = '', behind = ''] = /^(\s*)(.*?)(\s*)$/s.exec(words) ?? [];
  const slanted = italic ? `<i>${letters}</i>` : letters;
  const strong = bold ? `<b>${slanted}</b>` : slanted;
  const lined = underlined ? `<u>${strong}</u>` : strong;
  return `${before}${colour === undefined ? lined : `<font color="${colour}">${lined}</font>`}${behind}`;
}
