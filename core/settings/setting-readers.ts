import { isLanguageTag, UNKNOWN } from '../description/language.ts';
import type { CropArea } from '../film/crop-area.ts';
import type { SegmentLength } from '../segments/borders.ts';
import { type Rational, reduced } from '../units.ts';

// A setting's parser returns undefined for a text that is not one of the setting's values.

/** Parses a number of picture lines: even, and at least the 16 that x265 needs. */
export function lines(text: string): number | undefined {
  const value = numberIn(16, 8192)(text);
  return value !== undefined && value % 2 === 0 ? value : undefined;
}

/** A parser of numbers from `low` to `high`, both included. */
export function numberIn(low: number, high: number) {
  return (text: string) => {
    const value = Number(text);
    return text.trim() !== '' && value >= low && value <= high ? value : undefined;
  };
}

/** A parser of whole numbers from `low` to `high`, both included. */
export function wholeNumberIn(low: number, high: number) {
  const parse = numberIn(low, high);
  return (text: string) => {
    const value = parse(text);
    return value !== undefined && Number.isInteger(value) ? value : undefined;
  };
}

/** A setting whose value is one of a few words. */
export const choice = <const Values extends readonly string[]>(summary: string, values: Values) => ({
  summary,
  range: values.join('|'),
  parse: (text: string): Values[number] | undefined => values.find((value) => value === text),
});

/** A setting whose value is one of a few words, or several of them separated by commas. They are put into the table's order. */
export const oneOrMore = (summary: string, values: readonly string[]) => ({
  summary,
  range: `${values.join('|')}, or several as ${values.slice(0, 2).join(',')}`,
  parse(text: string): string | undefined {
    const all = text.split(',');
    const isRight = new Set(all).size === all.length && all.every((each) => values.includes(each));
    return isRight ? values.filter((value) => all.includes(value)).join(',') : undefined;
  },
});

/** A setting that is true or false. */
export const yesOrNo = (summary: string) => ({
  summary,
  range: 'true|false',
  parse: (text: string) => (text === 'true' ? true : text === 'false' ? false : undefined),
});

/** Parses an area in ffmpeg's order (width:height:left:top). All are even, because of subsampled chroma. */
export function crop(text: string): 'none' | 'auto' | CropArea | undefined {
  if (text === 'none' || text === 'auto') return text;
  const [, width, height, left, top] = /^(\d+):(\d+):(\d+):(\d+)$/.exec(text)?.map(Number) ?? [];
  if (!width || !height || left === undefined || top === undefined) return undefined;
  return [width, height, left, top].every((each) => each % 2 === 0) ? { width, height, left, top } : undefined;
}

/** Parses the shortest and longest segment in seconds: "10-60", or one number for both. */
export function segmentLength(text: string): SegmentLength | undefined {
  const match = /^(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?$/.exec(text);
  if (!match) return undefined;
  const shortest = Number(match[1]);
  const longest = Number(match[2] ?? match[1]);
  return shortest >= 1 && shortest <= longest && longest <= 600 ? { shortest, longest } : undefined;
}

const NTSC: Readonly<Record<string, number>> = { '23.976': 24, '29.97': 30, '59.94': 60 };

/** Parses frames a second from 1 to 240: a whole number, up to three decimals, or a fraction. NTSC's decimals mean its fractions. */
export function rate(text: string): Rational | undefined {
  const whole = NTSC[text];
  if (whole !== undefined) return { num: 1000 * whole, den: 1001 };
  const [, number, decimals = '', den] = /^(\d{1,7})(?:\.(\d{1,3})|\/(\d{1,7}))?$/.exec(text) ?? [];
  if (number === undefined || Number(den ?? 1) === 0) return undefined;
  const parsed = reduced({
    num: Number(number + decimals),
    den: den === undefined ? 10 ** decimals.length : Number(den),
  });
  const value = parsed.num / parsed.den;
  return value >= 1 && value <= 240 ? parsed : undefined;
}

/** Parses languages separated by commas. `und` stands for streams without a language, `none` for no stream at all. */
export function languages(text: string): string | undefined {
  const all = text.split(',');
  return all.every((each) => each === 'none' || each === UNKNOWN || isLanguageTag(each)) ? text : undefined;
}
