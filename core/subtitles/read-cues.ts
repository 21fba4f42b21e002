import type { Cue } from '../streams/cue.ts';
import { decodedText } from './decoded-text.ts';
import { assCues } from './read-ass.ts';

/** The longest text of a cue, and the most cues, that players and MP4's samples of 65,535 bytes can hold. */
const LONGEST_CUE_CHARACTERS = 4_000;
const MOST_CUES = 100_000;

export type ReadCues =
  | {
      readonly cues: readonly Cue[];
      readonly encoding: string;
      /** What is to be said of texts that are not among the cues; undefined where all are. */
      readonly leftOut?: string;
      /** What a file of WebVTT has before its cues, where all of it is kept. */
      readonly head?: string;
    }
  /** Why the text cannot become a track of a container. */
  | { readonly problem: string };

type TextAsked = {
  readonly language: string | undefined;
  readonly filmSeconds: number;
  /** What is added to the times; 0 by default. */
  readonly offsetSeconds?: number;
  /** ASS and SSA have other lines than SubRip and WebVTT. */
  readonly format?: string;
  /** Whether the places of texts are kept, as WebVTT says them; `all` keeps the names of cues, comments, styles and regions, too. */
  readonly keepsPlaces?: boolean | 'all';
};

/** How long a last text is shown that has no length. */
const LAST_SECONDS = 5;

/**
 * Returns the cues of a text file in order of their times. A cue ends with the film at the latest, since a longer one would
 * make the film longer. The last text of a stream may have no length, which means that nothing ends it.
 */
export function readCues(
  bytes: Uint8Array,
  { language, filmSeconds, offsetSeconds = 0, format, keepsPlaces = false }: TextAsked,
): ReadCues {
  const { text, encoding } = decodedText(bytes, language);
  const cues: Cue[] = [];
  let [behind, withoutLength, placed] = [0, 0, 0];
  const read: Iterable<ReadCue> = format === 'ass' || format === 'ssa' ? assCues(text) : blocksOf(text);
  const all = [...read].filter((each) => each.text);
  const latest = all.reduce((most, { startSeconds }) => Math.max(most, startSeconds), 0);
  const keepsAll = keepsPlaces === 'all';
  for (const { text: words, isPlaced = false, settings, name, comments, ...times } of all) {
    const isOpen = times.startSeconds === times.endSeconds && times.startSeconds === latest && format !== 'ass';
    const startSeconds = Math.max(0, times.startSeconds + offsetSeconds);
    const end = (isOpen ? times.startSeconds + LAST_SECONDS : times.endSeconds) + offsetSeconds;
    const endSeconds = Math.min(end, filmSeconds);
    if (startSeconds >= endSeconds) {
      if (startSeconds >= filmSeconds) behind++;
      else withoutLength++;
      continue;
    }
    if (words.length > LONGEST_CUE_CHARACTERS)
      return { problem: `one of its texts is ${words.length} characters long; the most is ${LONGEST_CUE_CHARACTERS}` };
    const isKept = keepsPlaces && settings !== undefined && (keepsAll || SETTINGS.test(settings));
    const place = isKept ? { settings } : {};
    if (isPlaced && place.settings === undefined) placed++;
    const about = keepsAll ? { ...(name && { name }), ...(comments && { comments }) } : {};
    cues.push({ startSeconds, endSeconds, text: printable(words), ...place, ...about });
    if (cues.length > MOST_CUES) return { problem: `it has more than ${MOST_CUES} texts` };
  }
  if (cues.length === 0)
    return {
      problem: all.length === 0 ? 'it has no text with times' : 'it has no text whose times lie within the film',
    };
  const leftOut = [
    behind > 0 && `${behind} behind the end of the film`,
    withoutLength > 0 && `${withoutLength} without a length, or before its beginning`,
  ].filter((each) => each !== false);
  const said = [
    leftOut.length > 0 && `of its texts these are left out: ${leftOut.join(', ')}`,
    !keepsAll && hasOwn(text, 'STYLE') && 'its styles (STYLE) are left out',
    !keepsAll && hasOwn(text, 'REGION') && 'its regions (REGION) are left out',
    placed > 0 && `where ${placed} of its texts stand in the picture is left out`,
  ].filter((each) => each !== false);
  const told = said.length > 0 ? { leftOut: said.join('; ') } : {};
  const head = keepsAll ? { head: headOf(text) } : {};
  return { cues: cues.sort((a, b) => a.startSeconds - b.startSeconds), encoding, ...told, ...head };
}

/** What a file of WebVTT has before its cues and the comments on them. */
function headOf(text: string): string {
  const blocks = text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .split(/\n(?:[ \t]*\n)+/);
  const first = blocks.findIndex((block, i) => i > 0 && !/^(?:STYLE|REGION|NOTE)(?:\s|$)/.test(block));
  const head = blocks.slice(0, first < 0 ? blocks.length : first);
  while (head.length > 1 && isComment(head.at(-1) ?? '')) head.pop();
  return printable(head.join('\n\n')).trimEnd();
}

const isComment = (block: string): boolean => /^NOTE(?:\s|$)/.test(block);

/** A rule of the eight colours that WebVTT has by name, which is written again where it is needed. */
const OF_COLOURS = /^::cue\(\.(\w+)\) \{ color: \1 \}$/;

/** Whether a WebVTT file has a block of this name before its texts that says more than our own do. */
function hasOwn(text: string, name: 'STYLE' | 'REGION'): boolean {
  if (!/^\uFEFF?WEBVTT/.test(text)) return false;
  const blocks = text
    .replace(/\r\n?/g, '\n')
    .split(/\n(?:[ \t]*\n)+/)
    .map((block) => block.split('\n'));
  return blocks.some(
    ([head = '', ...rules]) => head.trimEnd() === name && rules.some((rule) => !OF_COLOURS.test(rule)),
  );
}

const CLOCK = String.raw`(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[,.:](\d{1,3})`;
const TIMES = new RegExp(String.raw`^\s*${CLOCK}\s*-->\s*${CLOCK}`);

const PERCENT = String.raw`\d{1,3}(?:\.\d{1,6})?%`;
const SETTING = [
  'vertical:(?:rl|lr)',
  String.raw`line:(?:-?\d{1,3}|${PERCENT})(?:,(?:start|center|end))?`,
  `position:${PERCENT}(?:,(?:line-left|center|line-right))?`,
  `size:${PERCENT}`,
  'align:(?:start|center|end|left|right)',
].join('|');
/** Settings that mean the same in another file; a region is described in the head of its own. */
const SETTINGS = new RegExp(`^(?:${SETTING})(?: (?:${SETTING}))*$`);

/** Settings behind its times place a text in the picture (WebVTT 4.4). */
type ReadCue = Cue & { readonly isPlaced?: boolean };

/** Yields a cue for each line of times; its text is the lines behind it up to the next empty line. */
function* blocksOf(text: string): Generator<ReadCue> {
  const lines = text.split(/\r\n|\n|\r/);
  let before = 0;
  for (let i = 0; i < lines.length; i++) {
    const times = TIMES.exec(lines[i] ?? '');
    if (!times) continue;
    const at = i;
    const about = lines.slice(before, at);
    const words: string[] = [];
    while (i + 1 < lines.length && (lines[i + 1] ?? '').trim() !== '') words.push((lines[++i] ?? '').trimEnd());
    const [startSeconds = 0, endSeconds = 0] = [times.slice(1, 5), times.slice(5, 9)].map(secondsOf);
    const settings = (lines[at] ?? '').slice(times[0].length).trim().replace(/\s+/g, ' ');
    const said = { name: nameIn(about), comments: commentsIn(about) };
    before = i + 1;
    yield {
      startSeconds,
      endSeconds,
      text: words.join('\n'),
      ...said,
      ...(settings !== '' && { isPlaced: true, settings }),
    };
  }
}

/** The name of a cue is the line before its times; the number that SubRip has there is none. */
function nameIn(about: readonly string[]): string {
  const line = (about.at(-1) ?? '').trim();
  return /^WEBVTT(?:\s|$)/.test(line.replace(/^\uFEFF/, '')) || isComment(line) ? '' : printable(line);
}

function commentsIn(about: readonly string[]): string {
  const blocks = about.join('\n').split(/\n(?:[ \t]*\n)+/);
  return printable(
    blocks
      .map((block) => block.trim())
      .filter(isComment)
      .join('\n\n'),
  );
}

const printable = (text: string) => text.replace(/\p{Cc}/gu, (each) => (each === '\n' || each === '\t' ? each : ''));

function secondsOf([hours = '0', minutes = '0', seconds = '0', part = '0']: readonly (string | undefined)[]): number {
  return (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds) + Number(`0.${part}`);
}
