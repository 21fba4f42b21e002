import type { StreamPlan } from '../streams/stream-plan.ts';
import type { JoinPlan } from './join-plan.ts';

/** A sound that was decoded into a file of its samples alone, and when it begins in seconds from the source's start. */
export type DecodedInput = {
  readonly path: string;
  readonly firstSeconds: number;
  readonly format: 's32le' | 'f32le';
  readonly sampleRate: number;
  readonly channels: number;
};

/** ffmpeg's input of a decoded sound, which begins at 0 by itself. */
export const decodedInput = (
  { path, firstSeconds, format, sampleRate, channels }: DecodedInput,
  offsetSeconds: number,
): readonly string[] => [
  ...['-itsoffset', (offsetSeconds + firstSeconds).toFixed(9), '-f', format],
  ...['-ar', `${sampleRate}`, '-ac', `${channels}`, '-protocol_whitelist', 'file', '-i', `file:${path}`],
];

/** The sounds of a rendition that are decoded into files first. */
export const decodedOf = ({ streams }: Pick<JoinPlan, 'streams'>): readonly StreamPlan[] =>
  streams.filter(({ decodedFirst, codecArgs }) => decodedFirst && codecArgs);
