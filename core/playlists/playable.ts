import { type FragmentMap, streamSegments } from '../film/fragments.ts';
import type { Size } from '../film/frame-size.ts';
import type { RenditionRecord } from '../job/manifest.ts';

/** A rendition as playlists tell of it. */
export type PlayableRendition = {
  readonly name: string;
  readonly file: string;
  /** RFC 6381, picture and sound. */
  readonly codecs: string;
  /** Bits a second: of the segment that takes most, and over all. */
  readonly peakBits: number;
  readonly averageBits: number;
  readonly coded: Size;
  readonly shown: Size;
  readonly framesPerSecond: number;
  readonly durationSeconds: number;
  readonly map: FragmentMap;
};

export function playable(record: RenditionRecord, map: FragmentMap): PlayableRendition {
  const segments = streamSegments(map);
  const durationSeconds = segments.reduce((sum, segment) => sum + segment.durationSeconds, 0);
  const bytes = segments.reduce((sum, { start, end }) => sum + end - start, 0);
  const bits = segments.map(({ start, end, durationSeconds: seconds }) => (8 * (end - start)) / (seconds || 1));
  return {
    name: record.name,
    file: record.path,
    codecs: [record.codecString, record.audioCodecString].filter(Boolean).join(','),
    peakBits: Math.max(...bits),
    averageBits: (8 * bytes) / (durationSeconds || 1),
    coded: { width: record.width, height: record.height },
    shown: map.shown,
    framesPerSecond: record.frames / (durationSeconds || 1),
    durationSeconds,
    map,
  };
}
