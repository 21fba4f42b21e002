import { type Rational, toNumber } from '../units.ts';

export const TEXT_FORMATS = ['srt', 'webvtt', 'ass'] as const;
export type TextFormat = (typeof TEXT_FORMATS)[number];

/** Subtitle text with every time in it multiplied by the factor; no other character changes. */
export function retimeText(text: string, format: TextFormat, timeFactor: Rational): string {
  const factor = toNumber(timeFactor);
  switch (format) {
    case 'srt':
      return perLine(text, (line) =>
        SRT_TIMES.test(line) ? line.replace(TIMESTAMP, retimedTimestamp(factor, 3, 2)) : line,
      );
    case 'webvtt':
      return perLine(text, (line) =>
        line.replace(line.includes('-->') ? TIMESTAMP : INLINE_VTT_TIMESTAMP, retimedTimestamp(factor, 3, 2)),
      );
    case 'ass':
      return perLine(text, (line) => (/^(Dialogue|Comment):/.test(line) ? retimedEvent(line, factor) : line));
    default:
      return format satisfies never;
  }
}

/**
 * Returns the bytes of a subtitle file with every time in it multiplied by the factor. Every other byte stays, whatever the encoding: the
 * signs of a time are single bytes in UTF-8 and all code pages of 8 bits, and UTF-16 is known by its byte order mark.
 */
export function retimedFile(bytes: Uint8Array, format: TextFormat, timeFactor: Rational): Uint8Array {
  const file = Buffer.from(bytes); // a copy, since the order of its bytes may be swapped
  const [first, second] = file;
  const isLittle = first === 0xff && second === 0xfe;
  const isBig = first === 0xfe && second === 0xff;
  if (!isLittle && !isBig) return Buffer.from(retimeText(file.toString('latin1'), format, timeFactor), 'latin1');
  const even = file.subarray(0, file.length - (file.length % 2));
  const text = (isBig ? even.swap16() : even).toString('utf16le');
  const moved = Buffer.from(retimeText(text, format, timeFactor), 'utf16le');
  return Buffer.concat([isBig ? moved.swap16() : moved, file.subarray(even.length)]);
}

/** A timestamp such as 1:02:03.45, 00:01:02,345 or 01:02.345. */
const TIMESTAMP = /(?<![\d:])(?:(\d+):)?(\d{1,2}):(\d{2})([.,])(\d{2,3})(?!\d)/g;
/** A timestamp inside a WebVTT cue (karaoke): the words behind it light up at that time. */
const INLINE_VTT_TIMESTAMP = /(?<=<)(?:(\d+):)?(\d{2}):(\d{2})(\.)(\d{3})(?=>)/g;

/** A line of SubRip with the times of a cue; its text may contain an arrow, too. */
const SRT_TIMES = /^\s*(\d+:)?\d{1,2}:\d{2}[.,]\d{2,3}\s*-->/;

/** Changes each line. Lines end as on Unix, Windows or old Macs, and keep their ends. */
const perLine = (text: string, change: (line: string) => string) =>
  text
    .split(/(\r\n|\n|\r)/)
    .map((part, i) => (i % 2 === 0 ? change(part) : part))
    .join('');

function retimedTimestamp(factor: number, digits: 2 | 3, hourDigits: 1 | 2) {
  return (clock: string): string => {
    const parts = /^(?:(\d+):)?(\d+):(\d+)([.,])(\d+)$/.exec(clock);
    if (!parts) return clock;
    const [, hours, minutes, seconds, point, part] = parts;
    const was = (Number(hours ?? 0) * 60 + Number(minutes)) * 60 + Number(seconds) + Number(`0.${part}`);
    const ticks = Math.round(was * factor * 10 ** digits);
    const whole = Math.floor(ticks / 10 ** digits);
    const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    const small = [m, s].map((each) => String(each).padStart(2, '0'));
    const hour = hours === undefined && h === 0 ? [] : [String(h).padStart(hours?.length ?? hourDigits, '0')];
    return `${[...hour, ...small].join(':')}${point}${String(ticks % 10 ** digits).padStart(digits, '0')}`;
  };
}

/**
 * An ASS event with its start and end multiplied, and the times inside its text: karaoke, fades, moves and transitions,
 * which count from its start.
 */
function retimedEvent(line: string, factor: number): string {
  const [, head = '', rest = ''] = /^(\w+:[^,]*,[^,]*,[^,]*)(.*)$/s.exec(line) ?? [undefined, line];
  const clocks = head.replace(TIMESTAMP, retimedTimestamp(factor, 2, 1));
  return clocks + rest.replace(/\{[^}]*\}/g, (tags) => retimedTags(tags, factor));
}

const MS_ARGUMENTS: Readonly<Record<string, readonly number[]>> = { fad: [0, 1], fade: [3, 4, 5, 6], move: [4, 5] };

/** A number as programs write it into a tag, with spaces around it. */
const NUMBER = String.raw`\s*-?\d+(?:\.\d+)?\s*`;
const KARAOKE = /(\\(?:k[fot]?|K))(\d+(?:\.\d+)?)/g;
const TRANSITION = new RegExp(String.raw`\\t\((${NUMBER}),(${NUMBER}),`, 'g');

function retimedTags(tags: string, factor: number): string {
  const scaled = (text: string) => String(Math.round(Number(text) * factor));
  return tags
    .replace(KARAOKE, (_, tag, centiseconds) => `${tag}${scaled(centiseconds)}`)
    .replace(/\\(fade?|move)\(([^)]*)\)/g, (_, tag, list) => {
      const moved: string[] = list.split(',');
      for (const at of MS_ARGUMENTS[tag] ?? []) if (moved[at] !== undefined) moved[at] = scaled(moved[at]);
      return `\\${tag}(${moved.join(',')})`;
    })
    .replace(TRANSITION, (_, from, to) => `\\t(${scaled(from)},${scaled(to)},`);
}
