import type { InterlacedPart } from '../fields/film-fields.ts';
import { clock } from '../format.ts';
import type { Deinterlacing } from './deinterlacing.ts';

/** So many parts are named by their times. */
const MOST_NAMED = 5;

type InterlacedFilm = {
  readonly name: string;
  readonly done: Deinterlacing | undefined;
  readonly framesPerSecond: number;
  /** Whether any of its frames shows two moments. */
  readonly isInterlaced: boolean;
  /** Whether of the pictures of its fields only every second one is taken. */
  readonly isHalf?: boolean;
  /** When a frame of the source is shown. */
  readonly secondsAt: (frame: number) => number;
};

/** Says what became of the fields of a film, and what it costs. */
export function fieldsTold({
  name,
  done,
  framesPerSecond,
  isInterlaced,
  isHalf,
  secondsAt,
}: InterlacedFilm): readonly string[] {
  if (!done) return [];
  const rate = (times: number) => Number((times * framesPerSecond).toFixed(2));
  switch (done.pictures) {
    case 0:
      return [`${name} keeps the fields of its frames as they are (${ORDERS[done.first]}), as deinterlace=off asks`];
    case 1:
      if ('telecine' in done)
        return [
          `${name} has one whole film picture of each frame, put together of the fields of its telecine (deinterlace=bob makes one of each field)`,
        ];
      return [isInterlaced ? onePictureTold(name) : noneInterlacedTold(name)];
    case 2: {
      if (isHalf) return [isInterlaced ? onePictureTold(name) : noneInterlacedTold(name)];
      const parts = done.parts ? `; ${partsTold(done.parts, secondsAt)}` : '';
      const cost = 'which takes about twice the encoding time (deinterlace=on makes one of each frame)';
      return [`${name} has a picture of each field, ${rate(2)} a second of ${rate(1)} frames, ${cost}${parts}`];
    }
    default:
      return done satisfies never;
  }
}

const onePictureTold = (name: string) =>
  `${name} has one picture of each interlaced frame, so that motion has half its steps`;

/** The filter makes every second line anew from its neighbours and from other frames, whether or not the frame is interlaced. */
const noneInterlacedTold = (name: string) =>
  `${name} is deinterlaced as asked, although no frame of the source was found to be interlaced: each frame stays one picture and motion keeps its steps, but every second line is made anew (deinterlace=auto leaves such a film as it is)`;

const ORDERS = { tff: 'the top one first', bff: 'the bottom one first', auto: 'in the order of their flags' } as const;

function partsTold(parts: readonly InterlacedPart[], secondsAt: InterlacedFilm['secondsAt']): string {
  const spans: { readonly start: number; end: number }[] = [];
  for (const part of parts) {
    const [start, end] = [secondsAt(part.start), secondsAt(part.end)];
    const last = spans.at(-1);
    // a second has many frames: parts with a still picture in between would be told as if they overlapped
    if (last && clock(last.end) === clock(start)) last.end = end;
    else spans.push({ start, end });
  }
  const named = spans.slice(0, MOST_NAMED).map(spanTold);
  const more = spans.length > MOST_NAMED ? ` and ${spans.length - MOST_NAMED} more` : '';
  return `the film is interlaced from ${named.join(', ')}${more}, and all other frames are shown twice as they are`;
}

/** Whole seconds, or as many decimals as a part needs that begins and ends in one second. */
function spanTold({ start, end }: { readonly start: number; readonly end: number }): string {
  const precision = PRECISIONS.find((each) => clock(start, each) !== clock(end, each));
  return `${clock(start, precision)} to ${clock(end, precision)}`;
}

const PRECISIONS = [1, 0.1, 0.01, 0.001] as const;
