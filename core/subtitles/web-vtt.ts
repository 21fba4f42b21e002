import { webVttTime } from '../film/web-vtt-time.ts';
import type { Cue } from '../streams/cue.ts';
import { type ColourName, colourNamed, nearestColour } from './caption-look.ts';

/**
 * Returns a WebVTT file of these cues, which are in order of their times. Their texts may have the marks of WebVTT, and the colours of SubRip,
 * each of which becomes the nearest of the eight that WebVTT has by name. The file describes them too, since only some players know the names, unless it is
 * plain.
 */
export function webVtt(cues: readonly Cue[], { isPlain = false }: { readonly isPlain?: boolean } = {}): string {
  const blocks = cues.map(({ startSeconds, endSeconds, text, settings }) => {
    const place = settings === undefined ? '' : ` ${settings}`;
    return `${webVttTime(startSeconds)} --> ${webVttTime(endSeconds)}${place}\n${safe(coloured(text)) || NOTHING}`;
  });
  const used = new Set(blocks.flatMap((block) => [...block.matchAll(COLOURED)].map(([, name = '']) => name)));
  const styles = [...used].sort().map((name) => `::cue(.${name}) { color: ${name} }`);
  const style = styles.length > 0 && !isPlain ? [`STYLE\n${styles.join('\n')}`] : [];
  return ['WEBVTT', ...style, ...blocks, ''].join('\n\n');
}

/** A cue without words would be read as none. */
const NOTHING = '&nbsp;';

const COLOURED = /<c\.(black|blue|lime|cyan|red|magenta|yellow)>/g;

/** A mark of SubRip that begins or ends a typeface; its colour, by six digits or by a name that WebVTT has too. */
const FONT = /<(?:\/font\b[^>]*|font\b(?:[^>]*?\bcolor\s*=\s*["']?(#[\da-f]{6}|[a-z]+)\b)?[^>]*)>/gi;

/** The text with the colours of SubRip as classes of WebVTT. Typefaces, sizes and white have none, and neither have colours by other names. */
function coloured(text: string): string {
  const open: (ColourName | undefined)[] = [];
  const marked = text.replace(FONT, (mark, colour: string | undefined) => {
    if (mark.startsWith('</')) return open.pop() === undefined ? '' : '</c>';
    const name = classOf(colour?.toLowerCase());
    open.push(name);
    return name === undefined ? '' : `<c.${name}>`;
  });
  return `${marked}${open.map((name) => (name === undefined ? '' : '</c>')).join('')}`;
}

function classOf(colour: string | undefined): ColourName | undefined {
  if (colour === undefined) return undefined;
  const name = colour.startsWith('#') ? nearestColour(colour) : colourNamed(colour);
  return name === 'white' ? undefined : name;
}

/**
 * The text with everything escaped that WebVTT would read as a mark of its own and that is none (WebVTT 4.2.2). An arrow
 * would begin another cue. Places as ASS writes them are left out.
 */
const safe = (text: string) =>
  text
    .replaceAll('-->', '--&gt;')
    .replace(FOREIGN_MARK, '')
    .replace(/&(?!(?:amp|lt|gt|nbsp|lrm|rlm|#\d{1,7}|#x[\da-f]{1,6});)/gi, '&amp;')
    .replace(NO_MARK, '&lt;');

/** A less-than sign that begins neither a mark of WebVTT nor a time within a cue. */
const NO_MARK = /<(?!\/?(?:[ibuc]|ruby|rt|v|lang)(?:[.\s][^<>]*)?>|(?:\d+:)?\d\d:\d\d\.\d{3}>)/gi;

/** Places as ASS has them: {\an8}. */
const FOREIGN_MARK = /\{\\[^}]*\}/gi;
