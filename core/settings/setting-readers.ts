import type { CropArea } from '../film/crop-area.ts';
import { isLanguageTag, UNKNOWN } from '../film/language.ts';
import type { SegmentLength } from '../segments/borders.ts';

// What reads a setting's text gives undefined for what is none of its values.

/** Of a picture: even, and no fewer than x265 takes. */
export function lines(text: string): number | undefined {
  const value = numberIn(16, 8192)(text);
  return value !== undefined && value % 2 === 0 ? value : undefined;
}

export function numberIn(low: number, high: number) {
  return (text: string) => {
    const value = Number(text);
    return text.trim() !== '' && value >= low && value <= high ? value : undefined;
  };
}

/** A setting that is one of a few words. */
export const choice = <const Values extends readonly string[]>(summary: string, values: Values) => ({
  summary,
  range: values.join('|'),
  parse: (text: string): Values[number] | undefined => values.find((value) => value === text),
});

/** A setting that is true or false. */
export const yesOrNo = (summary: string) => ({
  summary,
  range: 'true|false',
  parse: (text: string) => (text === 'true' ? true : text === 'false' ? false : undefined),
});

/** ffmpeg's order: width, height, left, top; all even, as chroma has it. */
export function crop(text: string): 'none' | 'auto' | CropArea | undefined {
  if (text === 'none' || text === 'auto') return text;
  const [, width, height, left, top] = /^(\d+):(\d+):(\d+):(\d+)$/.exec(text)?.map(Number) ?? [];
  if (!width || !height || left === undefined || top === undefined) return undefined;
  return [width, height, left, top].every((each) => each % 2 === 0) ? { width, height, left, top } : undefined;
}

/** "10-60", or one number for both. */
export function segmentLength(text: string): SegmentLength | undefined {
  const match = /^(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?$/.exec(text);
  if (!match) return undefined;
  const shortest = Number(match[1]);
  const longest = Number(match[2] ?? match[1]);
  return shortest >= 1 && shortest <= longest && longest <= 600 ? { shortest, longest } : undefined;
}

/** Languages with commas between them; `und` is a stream without one, `none` no stream at all. */
export function languages(text: string): string | undefined {
  const all = text.split(',');
  return all.every((each) => each === 'none' || each === UNKNOWN || isLanguageTag(each)) ? text : undefined;
}
