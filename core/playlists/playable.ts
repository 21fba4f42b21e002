import { type FragmentedTrack, type FragmentMap, type StreamSegment, streamSegments } from '../film/fragments.ts';
import type { Size } from '../film/frame-size.ts';
import type { RenditionRecord } from '../job/manifest.ts';

/**
 * A track of a rendition as playlists name it: byte ranges of the rendition's file, and a separate init file of this
 * track.
 */
export type PlayableTrack = {
  readonly file: string;
  readonly init: { readonly path: string; readonly track: number };
  /** The codec string (RFC 6381). */
  readonly codecs: string;
  /** Bits a second: `peakBits` of the segment that needs most, `averageBits` over the whole track. */
  readonly peakBits: number;
  readonly averageBits: number;
  readonly segments: readonly StreamSegment[];
  /** For each segment of a picture, the bytes that hold its first fragment. */
  readonly firstFragments: readonly { readonly start: number; readonly end: number }[];
};

export type PlayablePicture = PlayableTrack & {
  readonly coded: Size;
  readonly shown: Size;
  /** The highest frame rate that occurs in the film. */
  readonly framesPerSecond: number;
  readonly range: 'SDR' | 'PQ' | 'HLG';
};

export type PlayableSound = PlayableTrack & {
  readonly language: string | undefined;
  readonly channels: number | undefined;
};

/** A rendition as playlists describe it. */
export type PlayableRendition = {
  readonly name: string;
  readonly picture: PlayablePicture;
  readonly sound: PlayableSound | undefined;
};

/** Returns what playlists say of a rendition, from its record and from the map of its fragments. */
export function playable(record: RenditionRecord, map: FragmentMap): PlayableRendition {
  const { name, path, codecString, audioCodecString: soundCodecs } = record;
  const { width, height, soundLanguage: language, soundChannels: channels, videoRange: range = 'SDR' } = record;
  const picture = {
    ...trackOf(map.picture, { file: path, init: `${name}.init.mp4`, codecs: codecString }),
    coded: { width, height },
    shown: map.shown,
    framesPerSecond: highestRate(map.picture, record.frames),
    range,
  };
  const hasSound = map.sound && map.sound.fragments.length > 0 && soundCodecs !== undefined;
  const sound = hasSound && {
    ...trackOf(map.sound, { file: path, init: `${name}.sound.init.mp4`, codecs: soundCodecs }),
    language,
    channels,
  };
  return { name, picture, sound: sound || undefined };
}

/**
 * Returns the sound that all rungs share, which is the same in each; it is taken from the smallest rung that has it.
 */
export const sharedSound = (renditions: readonly PlayableRendition[]): PlayableSound | undefined =>
  renditions.findLast(({ sound }) => sound)?.sound;

/** Returns the time at which the last of these tracks ends, in seconds. */
export const endOf = (tracks: readonly Pick<PlayableTrack, 'segments'>[]): number =>
  Math.max(0, ...tracks.map(({ segments }) => endOfSegments(segments)));

const endOfSegments = (segments: readonly StreamSegment[]): number => {
  const last = segments.at(-1);
  return last ? last.startSeconds + last.durationSeconds : 0;
};

function trackOf(
  track: FragmentedTrack,
  { file, init, codecs }: { readonly file: string; readonly init: string; readonly codecs: string },
): PlayableTrack {
  const segments = streamSegments(track);
  const seconds = segments.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  const bytes = segments.reduce((sum, { start, end }) => sum + end - start, 0);
  const bits = segments.map(({ start, end, durationSeconds }) => (8 * (end - start)) / (durationSeconds || 1));
  const begins = new Map(track.fragments.map(({ start, end }) => [start, { start, end }]));
  return {
    file,
    init: { path: init, track: track.id },
    codecs,
    peakBits: Math.max(...bits),
    averageBits: (8 * bytes) / (seconds || 1),
    segments,
    firstFragments: segments.flatMap(({ start }) => begins.get(start) ?? []),
  };
}

/**
 * A film of constant frame rate may have a coarse clock: frames that are 33 and 34 ms apart are 30 frames a second.
 * Rates within this factor of the mean are taken as constant.
 */
const STEADY = 1.1;

/** Returns the mean frame rate, or, where the rate varies, that of the shortest frame. */
function highestRate(track: FragmentedTrack, frames: number): number {
  const seconds = streamSegments(track).reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  const mean = frames / (seconds || 1);
  const highest = 1 / track.shortestSampleSeconds;
  return Number.isFinite(highest) && highest > mean * STEADY ? highest : mean;
}
