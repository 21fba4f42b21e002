import type { Size } from './frame-size.ts';

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
  /** Packets of sound that it holds. */
  readonly sounds: number;
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
  /** The same for the sound. */
  readonly soundIndex: SegmentIndex | undefined;
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

/** What one reference of an index covers, and whether decoding can begin with it. */
export type IndexedPart = Pick<Fragment, 'start' | 'end' | 'keyframe'>;

/** Every packet of the sound can be begun with. */
export const soundParts = ({ fragments }: FragmentMap): readonly IndexedPart[] =>
  parts(fragments.map(({ start, end, sounds }) => ({ start, end, keyframe: true, samples: sounds })));

export const pictureParts = ({ fragments }: FragmentMap): readonly IndexedPart[] =>
  parts(fragments.map(({ start, end, keyframe, pictures }) => ({ start, end, keyframe, samples: pictures })));

/**
 * From each fragment that holds samples of a track to the next that does. Those without, while a picture stands still or the
 * sound has ended, belong to the one before, and to the first of all: only so do the parts lie end to end, as an index adds
 * them up.
 */
function parts(fragments: readonly (IndexedPart & { readonly samples: number })[]): readonly IndexedPart[] {
  const found: (IndexedPart & { readonly samples: number })[] = [];
  for (const fragment of fragments) {
    const last = found.at(-1);
    if (!last || (fragment.samples > 0 && last.samples > 0)) found.push(fragment);
    else if (last.samples > 0) found[found.length - 1] = { ...last, end: fragment.end };
    else found[found.length - 1] = { ...fragment, start: last.start };
  }
  return found.map(({ start, end, keyframe }) => ({ start, end, keyframe }));
}

const HALF_A_SECOND_UP_TO_HOURS = 7;

/**
 * How long fragments of a film are. An index counts them in 16 bits: films too long for half a second (five fragments in
 * two seconds, where keyframes cut some short) get fragments from keyframe to keyframe.
 */
export const fragmentSeconds = (filmSeconds: number): number =>
  filmSeconds <= HALF_A_SECOND_UP_TO_HOURS * 3600 ? 0.5 : 2;

/** From one keyframe to the next: what playlists name, as decoding can start there. */
export type StreamSegment = Omit<Fragment, 'pictures' | 'sounds' | 'keyframe' | 'shown'>;

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
