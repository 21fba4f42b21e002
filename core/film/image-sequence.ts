import { ServiceError } from '../errors.ts';

/** The name of numbered pictures, as `frame_%05d.png`: five digits or more, filled with zeros; `%d` is filled with none. */
export type SequencePattern = { readonly prefix: string; readonly digits: number; readonly suffix: string };

export type SequenceFrame = { readonly number: number; readonly name: string };

/** The pictures that are read as frames of a film. A name that ends otherwise is never the name of a sequence. */
const PICTURE = /\.(png|jpe?g|tiff?|dpx|exr)$/i;

/** Reads a name with exactly one number in it; undefined for any other name. */
export function sequencePattern(name: string): SequencePattern | undefined {
  const [, prefix = '', digits = '0', suffix] = /^([^%]*)%(?:0(\d{1,2}))?d([^%]*)$/.exec(name) ?? [];
  return suffix === undefined || !PICTURE.test(suffix) ? undefined : { prefix, digits: Number(digits), suffix };
}

/** Returns the frames among the names of a folder, in the order of their numbers. */
export function framesAmong(pattern: SequencePattern, names: readonly string[]): readonly SequenceFrame[] {
  const { prefix, suffix } = pattern;
  return names
    .flatMap((name) => {
      if (!name.startsWith(prefix) || !name.endsWith(suffix)) return [];
      const number = Number(/^\d{1,15}$/.exec(name.slice(prefix.length, name.length - suffix.length))?.[0] ?? -1);
      return number >= 0 && name === numbered(pattern, number) ? [{ number, name }] : [];
    })
    .sort((a, b) => a.number - b.number);
}

const numbered = ({ prefix, digits, suffix }: SequencePattern, number: number): string =>
  `${prefix}${String(number).padStart(digits, '0')}${suffix}`;

/** Files that programs leave in folders, beside the pictures. */
const LITTER = /^(\.|thumbs\.db$|desktop\.ini$)/i;

/**
 * Returns the pattern's name if the files of a folder are numbered pictures of one sequence and nothing else. Fewer pictures
 * than `fewest` are no sequence: a single numbered picture mostly is a photo or a cover.
 */
export function sequenceIn(names: readonly string[], fewest = 2): string | undefined {
  const files = names.filter((name) => !LITTER.test(name));
  const [first] = files;
  const [, prefix = '', digits = '', suffix = ''] = /^(.*?)(\d+)(\.[^.]+)$/.exec(first ?? '') ?? [];
  if (files.length < fewest || prefix.includes('%') || !PICTURE.test(suffix)) return undefined;
  const widths = digits.length > 1 ? [digits.length, 0] : [0];
  const pattern = widths
    .map((width) => ({ prefix, digits: width, suffix }))
    .find((each) => framesAmong(each, files).length === files.length);
  return pattern && `${prefix}%${pattern.digits === 0 ? '' : `0${pattern.digits}`}d${suffix}`;
}

export type Gaps = 'refuse' | 'hold' | 'close';

/**
 * Returns the names of the pictures to show, one for each frame. `hold` shows the picture before a gap once for each missing
 * one, so that all later ones keep their time; `close` leaves the gap out. Throws `bad-input` at a gap that is not accepted.
 */
export function shownFrames(pattern: SequencePattern, frames: readonly SequenceFrame[], gaps: Gaps): readonly string[] {
  const missing = missingIn(frames);
  if (missing > 0 && gaps === 'refuse') throw refusedGap(pattern, frames, missing);
  if (missing > MOST_MISSING && gaps === 'hold') throw tooManyMissing(missing);
  return frames.flatMap(({ name, number }, i) => {
    const next = frames[i + 1]?.number ?? number + 1;
    return Array.from({ length: gaps === 'hold' ? next - number : 1 }, () => name);
  });
}

const missingIn = (frames: readonly SequenceFrame[]): number =>
  (frames.at(-1)?.number ?? 0) - (frames[0]?.number ?? 0) + 1 - frames.length;

/** Ten hours at 25 a second: numbers that are further apart are no gap in a film. */
const MOST_MISSING = 900_000;

function refusedGap(pattern: SequencePattern, frames: readonly SequenceFrame[], missing: number): ServiceError {
  const before = frames.find(({ number }, i) => frames[i + 1]?.number !== number + 1)?.number ?? 0;
  const others = missing === 1 ? '' : `, and ${missing - 1} more`;
  return new ServiceError(
    'bad-input',
    `${numbered(pattern, before + 1)} is missing behind ${numbered(pattern, before)}${others}; render it again, or accept gaps: gaps=hold shows the picture before for as long, gaps=close leaves them out`,
    { missing },
  );
}

const tooManyMissing = (missing: number) =>
  new ServiceError('over-limit', `${missing} pictures are missing between the first and the last; take gaps=close`);

/** Returns what people are told of gaps that were accepted; undefined where there are none. */
export function gapsTold(frames: readonly SequenceFrame[], gaps: Gaps): string | undefined {
  const missing = missingIn(frames);
  if (missing === 0) return undefined;
  const done =
    gaps === 'hold' ? 'the picture before each is shown for as long' : 'they are left out, and the film is shorter';
  return `${missing} pictures of the sequence are missing: ${done}`;
}
