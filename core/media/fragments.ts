import type { Size } from '../encode/frame-size.ts';

/** One moof and its mdat, bytes [start, end) of the file; the times are the picture's. */
export type Fragment = {
  readonly start: number;
  readonly end: number;
  readonly startSeconds: number;
  readonly durationSeconds: number;
  /** When the first of its pictures is shown, and until when the last; counted as `startSeconds` is. */
  readonly shown: { readonly from: number; readonly to: number };
  /** How many it holds; none where sound goes on while a picture stands still, or has ended. */
  readonly pictures: number;
  /** The first of them is one. */
  readonly keyframe: boolean;
};

/** How a fragmented MP4 is laid out. */
export type FragmentMap = {
  /** Types of the boxes before the first fragment, in order. */
  readonly head: readonly string[];
  /** What a player needs before any fragment, `ftyp` and `moov`, are bytes [0, initBytes). */
  readonly initBytes: number;
  /** The picture's part of the index in front of the fragments; undefined where there is none. */
  readonly index: SegmentIndex | undefined;
  /** The picture as players show it, pixels made square, turned as the file says. */
  readonly shown: Size;
  readonly fragments: readonly Fragment[];
};

/** What a `sidx` box says (ISO/IEC 14496-12 8.16.3). */
export type SegmentIndex = {
  /** Where its references begin, in bytes from the file's beginning; each has 12. */
  readonly start: number;
  readonly references: readonly { readonly bytes: number; readonly startsWithAccessPoint: boolean }[];
};

/** What one reference of the picture's index covers. */
export type IndexedPart = Pick<Fragment, 'start' | 'end' | 'keyframe'>;

/**
 * From each fragment that holds pictures to the next that does. Those of sound alone, while a picture stands still or has
 * ended, belong to the one before: only so do the parts lie end to end, as an index adds them up.
 */
export function indexedParts({ fragments }: FragmentMap): readonly IndexedPart[] {
  const parts: IndexedPart[] = [];
  for (const { start, end, keyframe, pictures } of fragments) {
    const last = parts.at(-1);
    if (!last || pictures > 0) parts.push({ start, end, keyframe });
    else parts[parts.length - 1] = { ...last, end };
  }
  return parts;
}

const HALF_A_SECOND_UP_TO_HOURS = 7;

/**
 * How long fragments of a film are. An index counts them in 16 bits: films too long for half a second (five fragments in
 * two seconds, where keyframes cut some short) get fragments from keyframe to keyframe.
 */
export const fragmentSeconds = (filmSeconds: number): number =>
  filmSeconds <= HALF_A_SECOND_UP_TO_HOURS * 3600 ? 0.5 : 2;

/** From one keyframe to the next: what playlists name, as decoding can start there. */
export type StreamSegment = Omit<Fragment, 'pictures' | 'keyframe' | 'shown'>;

/** Fragments from keyframe to keyframe as one. What stands before the first keyframe belongs to the first. */
export function streamSegments({ fragments }: FragmentMap): readonly StreamSegment[] {
  const segments: StreamSegment[] = [];
  for (const { keyframe, start, end, startSeconds, durationSeconds } of fragments) {
    const last = segments.at(-1);
    if (!last || keyframe) segments.push({ start, end, startSeconds, durationSeconds });
    else segments[segments.length - 1] = { ...last, end, durationSeconds: last.durationSeconds + durationSeconds };
  }
  return segments;
}
