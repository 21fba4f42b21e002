import type { Cue } from '../streams/cue.ts';

/** The fields of an event where its section does not name them. */
const USUAL_FIELDS = 'Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text';

/** Yields a cue for each line of dialogue of an ASS or SSA file, with its words and its italics, bold and underlines alone. */
export function* assCues(text: string): Generator<Cue> {
  let fields = fieldsOf(USUAL_FIELDS);
  let isEvents = false;
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (/^\s*\[/.test(line)) isEvents = /^\s*\[events\]/i.test(line);
    const [, kind = '', rest = ''] = /^\s*(\w+)\s*:\s*(.*)$/.exec(line) ?? [];
    if (isEvents && kind === 'Format') fields = fieldsOf(rest);
    if (!isEvents || kind !== 'Dialogue') continue;
    const values = rest.split(',');
    const value = (name: string) => values[fields.indexOf(name)] ?? '';
    const [startSeconds, endSeconds] = [secondsOf(value('start')), secondsOf(value('end'))];
    if (startSeconds === undefined || endSeconds === undefined) continue;
    yield { startSeconds, endSeconds, text: wordsOf(values.slice(fields.length - 1).join(',')) }; // words may have commas
  }
}

const fieldsOf = (format: string) => format.split(',').map((field) => field.trim().toLowerCase());

function secondsOf(clock: string): number | undefined {
  const [, hours, minutes, seconds] = /^\s*(\d+):(\d{1,2}):(\d{1,2}(?:\.\d+)?)\s*$/.exec(clock) ?? [];
  return seconds === undefined ? undefined : (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
}

/** The words of an event. Its styles, places and effects cannot be said in a cue, and drawings are no words. */
function wordsOf(event: string): string {
  let isDrawing = false;
  const open: string[] = [];
  const close = (mark: string) => (open.includes(mark) ? `</${open.splice(open.indexOf(mark), 1)[0]}>` : '');
  const begin = (mark: string) => (open.includes(mark) ? '' : `<${open[open.push(mark) - 1]}>`);
  const parts = event.split(/(\{[^}]*\})/).map((part, i) => {
    if (i % 2 === 0)
      return isDrawing
        ? ''
        : escaped(part)
            .replace(/\\[Nn]/g, '\n')
            .replaceAll('\\h', ' ');
    const tags = [...part.matchAll(/\\(p|i|b|u)(\d+)(?![\w.&])/g)];
    return tags
      .map(([, tag = '', value]) => {
        if (tag === 'p') isDrawing = value !== '0';
        return tag === 'p' ? '' : value === '0' ? close(tag) : begin(tag);
      })
      .join('');
  });
  const words =
    parts.join('') +
    open
      .toReversed()
      .map((mark) => `</${mark}>`)
      .join('');
  return words
    .split('\n')
    .filter((line) => line.trim() !== '')
    .join('\n')
    .replace(/^(<\/?[ibu]>)+$/, '');
}

/** In ASS these are characters and no marks. */
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
