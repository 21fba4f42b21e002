import { canMatch, eachFieldFilter, FIELDS_BY_PARTS, matchingFilter } from '../fields/field-filters.ts';
import { type FieldFirst, type FilmFields, fieldsOver, type InterlacedPart, mostFirst } from '../fields/film-fields.ts';
import { hasRoomForFields, isGappy, usualGap } from '../film/frame-gaps.ts';
import type { Settings } from '../settings/settings.ts';
import type { Rational } from '../units.ts';

/**
 * What becomes of the fields of a film: no picture of its own, one picture of each frame, or two. `parts` are the interlaced ones of a film that has
 * others too, whose frames are shown twice as they are. `latest` is the most seconds that a second field comes after the first.
 */
export type Deinterlacing =
  /** The fields stay as they are, and the encoder is told of them. */
  | { readonly pictures: 0; readonly first: FieldFirst }
  | { readonly pictures: 1 }
  /** Each frame of telecine gets one whole film picture; all other frames stay as they are. */
  | { readonly pictures: 1; readonly first: FieldFirst; readonly telecine: readonly InterlacedPart[] | 'all' }
  | {
      readonly pictures: 2;
      readonly first: FieldFirst | 'auto';
      /** How long the ticks are of which each picture has its own. */
      readonly ticks: Rational;
      readonly parts?: readonly InterlacedPart[];
      readonly latest?: Rational;
    };

type MeasuredFilm = {
  readonly fields: FilmFields;
  readonly times: Float64Array;
  readonly timeBase: Rational;
  readonly pixelFormat: string;
};

/** Ticks finer than this are rounded by the filter that chooses between two pictures. */
const FINEST_TICKS = 250_000;

/**
 * Decides what becomes of a film's fields. By default interlaced parts get a picture of each field, and then all frames get
 * two pictures, so that the film keeps one rate; where nothing is interlaced, nothing is done. Undefined for that. A film that
 * has no time between two frames for a further picture, or whose frames get new times one by one, gets one picture of each. So does a film
 * that is telecine and nothing else: it has no more moments than frames.
 */
export function deinterlacing(
  { deinterlace = 'auto' }: Partial<Settings>,
  { fields, times, timeBase, pixelFormat }: MeasuredFilm,
  { isOneForOne }: { readonly isOneForOne: boolean },
): Deinterlacing | undefined {
  if (deinterlace === 'on') return { pictures: 1 };
  const found = fieldsOver(fields, times.length);
  if (deinterlace === 'off') {
    const first = mostFirst(found);
    return first && { pictures: 0, first };
  }
  const [part] = found;
  if (!part && deinterlace === 'auto') return undefined;
  if (part && deinterlace === 'auto' && found.every(({ telecine }) => telecine) && canMatch(pixelFormat)) {
    const telecine = isAllOf(found, times.length) ? 'all' : found;
    return { pictures: 1, first: mostFirst(found) ?? part.first, telecine };
  }
  if (isOneForOne || !hasRoomForFields(times)) return { pictures: 1 };
  const isWhole = deinterlace === 'bob' || timeBase.den > FINEST_TICKS || isAllOf(found, times.length);
  return {
    pictures: 2,
    first: mostFirst(found) ?? 'auto',
    ticks: { num: timeBase.num, den: 2 * timeBase.den },
    ...(!isWhole && { parts: found }),
    ...(isGappy(times) && { latest: { num: usualGap(times) * timeBase.num, den: 2 * timeBase.den } }),
  };
}

const isAllOf = ([part, ...more]: readonly InterlacedPart[], frames: number): boolean =>
  part !== undefined && more.length === 0 && part.start === 0 && part.end >= frames;

/** The filters of a deinterlacing, and how many pictures before one of them they need. */
export function deinterlacingFilters(done: Deinterlacing | undefined): {
  readonly filters: readonly string[];
  readonly margin: number;
} {
  if (!done) return { filters: [], margin: 0 };
  if ('telecine' in done) return { filters: [matchingFilter(done.first, done.telecine === 'all')], margin: 4 };
  if (done.pictures === 1) return { filters: ['bwdif=mode=send_frame:parity=auto:deint=all'], margin: 2 };
  if (done.pictures === 0) return { filters: [`setparams=field_mode=${done.first}`], margin: 0 };
  const { first, parts, latest } = done;
  return {
    filters: [parts ? FIELDS_BY_PARTS : eachFieldFilter(first), ...(latest ? [secondFieldsBy(latest)] : [])],
    margin: 4,
  };
}

/** Moves the second picture of a frame that lasts long to where its field belongs. */
const secondFieldsBy = ({ num, den }: Rational) =>
  `setpts='if(mod(N,2),min(PTS,PREV_INPTS+round(${num}/(${den}*TB))),PTS)'`;
