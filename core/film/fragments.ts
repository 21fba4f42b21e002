import type { Size } from './frame-size.ts';

/** One movie fragment (moof) and its mdat: bytes [start, end) of the file. It holds samples of a single track. */
export type Fragment = {
  readonly start: number;
  readonly end: number;
  /** When its first sample is decoded (`tfdt`), and how long its samples last together. */
  readonly startSeconds: number;
  readonly durationSeconds: number;
  /** When the first of its samples is shown or heard, and when the last one ends. */
  readonly shown: { readonly from: number; readonly to: number };
  readonly samples: number;
  /** Decoding can begin with its first sample. Every sample of a sound track can be begun with. */
  readonly keyframe: boolean;
};

/** The fragments of one track, in the order of their times. */
export type FragmentedTrack = {
  readonly kind: 'picture' | 'sound';
  readonly id: number;
  /** Ticks a second of its times. */
  readonly timescale: number;
  /** The track's part of the index in front of the fragments; undefined where there is none. */
  readonly index: SegmentIndex | undefined;
  /** How much of the track's time its edit list skips at the beginning, as it does for an encoder's delay. */
  readonly skippedSeconds: number;
  /** How long its edit list shows nothing before the track begins. Players that stream ignore that, so it must be 0. */
  readonly emptySeconds: number;
  /** How long the shortest of its samples lasts; infinite where it has none. */
  readonly shortestSampleSeconds: number;
  readonly fragments: readonly Fragment[];
};

/** How a fragmented MP4 is laid out. */
export type FragmentMap = {
  /** Types of the boxes before the first fragment, in order. */
  readonly head: readonly string[];
  /** The boxes that a player needs before any fragment, `ftyp` and `moov`. */
  readonly init: Uint8Array;
  /** The picture as players show it, pixels made square, turned as the file says. */
  readonly shown: Size;
  readonly picture: FragmentedTrack;
  readonly sound: FragmentedTrack | undefined;
};

/** What a `sidx` box says (ISO/IEC 14496-12 8.16.3). */
export type SegmentIndex = {
  readonly references: readonly {
    readonly bytes: number;
    readonly seconds: number;
    readonly startsWithAccessPoint: boolean;
  }[];
};

const HALF_A_SECOND_UP_TO_HOURS = 7;

/**
 * How long fragments of a film are, in seconds. An index counts them in 16 bits: films too long for half a second (five
 * fragments in two seconds, where keyframes cut some short) get fragments from keyframe to keyframe.
 */
export const fragmentSeconds = (filmSeconds: number): number =>
  filmSeconds <= HALF_A_SECOND_UP_TO_HOURS * 3600 ? 0.5 : 2;

/** A range of bytes that a player fetches at once, and when it is shown or heard. */
export type StreamSegment = {
  readonly start: number;
  readonly end: number;
  readonly startSeconds: number;
  readonly durationSeconds: number;
};

/** A sound's segments last about as long as a picture's, from one keyframe to the next. */
export const SOUND_SEGMENT_SECONDS = 2;

/**
 * The segments of a track, as playlists name them. One ends where the next fragment does not follow in the file; in a
 * picture track also before each keyframe, as decoding can start there. Their times lie end to end.
 */
export function streamSegments({
  kind,
  fragments,
}: Pick<FragmentedTrack, 'kind' | 'fragments'>): readonly StreamSegment[] {
  const groups: [Fragment, ...Fragment[]][] = [];
  for (const fragment of fragments) {
    const group = groups.at(-1);
    const begins = !group || group.at(-1)?.end !== fragment.start || startsSegment(kind, group, fragment);
    if (begins) groups.push([fragment]);
    else group.push(fragment);
  }
  const starts = groups.map((group) => Math.min(...group.map(({ shown }) => shown.from)));
  return groups.map((group, i) => {
    const startSeconds = starts[i] ?? 0;
    const endSeconds = starts[i + 1] ?? Math.max(...group.map(({ shown }) => shown.to));
    const { end } = group.at(-1) ?? group[0];
    return { start: group[0].start, end, startSeconds, durationSeconds: endSeconds - startSeconds };
  });
}

function startsSegment(kind: FragmentedTrack['kind'], [first]: readonly [Fragment, ...Fragment[]], next: Fragment) {
  if (kind === 'picture') return next.keyframe;
  return next.startSeconds + next.durationSeconds > first.startSeconds + SOUND_SEGMENT_SECONDS + ROUNDING_SECONDS;
}

/** Half a frame of AAC at 8 kHz: a sound's fragments end with whole frames of it. */
const ROUNDING_SECONDS = 0.064;
