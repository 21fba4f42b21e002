import type { Size } from './frame-size.ts';

/** One movie fragment (moof) and its mdat: bytes [start, end) of the file. It holds samples of a single track. */
export type Fragment = {
  readonly start: number;
  readonly end: number;
  /** When its first sample is decoded (`tfdt`), and the sum of its samples' durations. */
  readonly startSeconds: number;
  readonly durationSeconds: number;
  /** When the first of its samples is shown or heard, and when the last one ends. */
  readonly shown: { readonly from: number; readonly to: number };
  readonly samples: number;
  /** Whether decoding can begin with its first sample; it always can in a sound track. */
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
  /** How much of the track its edit list skips at the beginning (an encoder's delay, for example). */
  readonly skippedSeconds: number;
  /** How long its edit list shows nothing before the track begins. Streaming players ignore empty edits, so it must be 0. */
  readonly emptySeconds: number;
  /** The shortest time within which several of its samples in a row last, each; infinite where it has none. */
  readonly shortestStepSeconds: number;
  /** How long the first of its samples lasts, and how long the last one. */
  readonly firstSampleSeconds: number;
  readonly lastSampleSeconds: number;
  readonly fragments: readonly Fragment[];
};

/** The header and the fragments of a fragmented MP4. */
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

/** The references of a `sidx` box (ISO/IEC 14496-12 8.16.3). */
export type SegmentIndex = {
  readonly references: readonly {
    readonly bytes: number;
    readonly seconds: number;
    readonly startsWithAccessPoint: boolean;
  }[];
};

/** Returns when the last track of a film ends, in seconds. */
export const endOfFilm = ({ picture, sound }: Pick<FragmentMap, 'picture' | 'sound'>): number =>
  [...picture.fragments, ...(sound?.fragments ?? [])].reduce((most, { shown }) => Math.max(most, shown.to), 0);

const HALF_A_SECOND_UP_TO_HOURS = 7;

/**
 * Returns how long the fragments of a film are, in seconds. A `sidx` box holds 65,535 references, and half-second fragments
 * take five of them in two seconds where keyframes cut some short; longer films get one fragment from keyframe to keyframe.
 */
export const fragmentSeconds = (filmSeconds: number): number =>
  filmSeconds <= HALF_A_SECOND_UP_TO_HOURS * 3600 ? 0.5 : 2;

/** A range of bytes that a player fetches with one request, and when its samples are shown or heard. */
export type StreamSegment = {
  readonly start: number;
  readonly end: number;
  readonly startSeconds: number;
  readonly durationSeconds: number;
};

/** Segments of sound last about as long as segments of the picture, which reach from one keyframe to the next. */
export const SOUND_SEGMENT_SECONDS = 2;

/**
 * Returns the segments of a track for playlists, without gaps between their times. A segment ends where the next fragment
 * does not follow in the file, and in a picture track before each keyframe, where decoding can start.
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
  // players skip what an encoder's delay puts before the beginning of the film
  const starts = groups.map((group) => Math.max(0, Math.min(...group.map(({ shown }) => shown.from))));
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

/** Fragments of sound end with whole AAC frames, so their lengths vary by half a frame: 64 ms at 8 kHz. */
const ROUNDING_SECONDS = 0.064;
