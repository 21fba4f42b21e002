import { type FragmentedTrack, type FragmentMap, type StreamSegment, streamSegments } from '../film/fragments.ts';
import type { Size } from '../film/frame-size.ts';
import type { RenditionRecord, SoundRecord } from '../job/manifest.ts';
import { parseRational, toNumber } from '../units.ts';
import { averageBits, peakBits } from './bit-rates.ts';
import { highestRate } from './frame-rate.ts';

/** A track of a published file as playlists name it: byte ranges of the file, and the header that a player needs before them. */
export type PlayableTrack = {
  readonly file: string;
  /** A file of its own with the header of this track, or the first bytes of the file if the file has no other track. */
  readonly init: { readonly path: string; readonly track: number; readonly bytes?: number };
  /** The codec string (RFC 6381). */
  readonly codecs: string;
  /** Bits a second: `peakBits` where most are needed, `averageBits` over the whole track. */
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

/** What a track is for, besides being in a language. */
export type TrackPurpose = {
  readonly language: string | undefined;
  /** Whether players choose the track unless somebody asks for another. */
  readonly isDefault: boolean;
  readonly isCommentary: boolean;
};

export type PlayableSound = PlayableTrack &
  TrackPurpose & {
    /** The track's name in playlists, and of its files. */
    readonly name: string;
    /** The stream of the source; a surround sound and its stereo version have the same. */
    readonly stream: number;
    readonly channels: number | undefined;
    readonly describesPicture: boolean;
  };

/** Subtitles: one WebVTT file. */
export type PlayableText = TrackPurpose & {
  readonly name: string;
  readonly file: string;
  readonly isForced: boolean;
  readonly isForDeaf: boolean;
};

/** A rendition as playlists describe it. */
export type PlayableRendition = {
  readonly name: string;
  readonly picture: PlayablePicture;
  readonly sound: PlayableSound | undefined;
};

/** All that the playlists of a film offer. The first sound is the one inside the renditions. */
export type Programme = {
  readonly renditions: readonly PlayableRendition[];
  readonly sounds: readonly PlayableSound[];
  readonly texts: readonly PlayableText[];
};

/** The name of the sound that all renditions share. */
const SHARED_SOUND = 'sound';

/** Returns what playlists say of a rendition, from its record and from the map of its fragments. */
export function playable(record: RenditionRecord, map: FragmentMap): PlayableRendition {
  const { name, path, codecString, audioCodecString: soundCodecs, soundStream: stream = -1 } = record;
  const { width, height, soundLanguage: language, soundChannels: channels, videoRange: range = 'SDR' } = record;
  const rate = parseRational(record.frameRate);
  const picture = {
    ...trackOf(map.picture, { file: path, init: `${name}.init.mp4`, codecs: codecString }),
    coded: { width, height },
    shown: map.shown,
    framesPerSecond: highestRate(map.picture, record.frames, rate && toNumber(rate)),
    range,
  };
  const hasSound = map.sound && map.sound.fragments.length > 0 && soundCodecs !== undefined;
  const sound = hasSound && {
    ...trackOf(map.sound, { file: path, init: `${name}.sound.init.mp4`, codecs: soundCodecs }),
    ...{ name: SHARED_SOUND, stream, language, channels },
    ...{ isDefault: true, isCommentary: false, describesPicture: false },
  };
  return { name, picture, sound: sound || undefined };
}

/** Returns what playlists say of a sound in a file of its own. */
export function playableSound(record: SoundRecord, track: FragmentedTrack, headerBytes: number): PlayableSound {
  const { name, path, codecString: codecs, stream, language, channels } = record;
  const found = trackOf(track, { file: path, init: path, codecs });
  return {
    ...found,
    init: { ...found.init, bytes: headerBytes },
    ...{ name, stream, language, channels },
    isDefault: record.default,
    isCommentary: record.purpose === 'commentary',
    describesPicture: record.purpose === 'description',
  };
}

/** The rung in which players find the sound that all rungs share: the smallest that has it. */
export const soundHolder = (renditions: readonly PlayableRendition[]): PlayableRendition | undefined =>
  renditions.findLast(({ sound }) => sound);

/**
 * Returns the sound that all rungs share, which is the same in each. The first rung is made of the source and says which stream of it
 * that is, in which language; a rung that is made from another one knows that one's streams.
 */
export function sharedSound(renditions: readonly PlayableRendition[]): PlayableSound | undefined {
  const first = renditions.find(({ sound }) => sound)?.sound;
  const held = soundHolder(renditions)?.sound;
  return first && held && { ...held, stream: first.stream, language: first.language };
}

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
  const begins = new Map(track.fragments.map(({ start, end }) => [start, { start, end }]));
  return {
    file: uriOf(file),
    init: { path: uriOf(init), track: track.id },
    codecs,
    peakBits: peakBits(segments),
    averageBits: averageBits(segments),
    segments,
    firstFragments: segments.flatMap(({ start }) => begins.get(start) ?? []),
  };
}

/** Returns a path as playlists name it: it may have any character that a name of a film has. */
const uriOf = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
