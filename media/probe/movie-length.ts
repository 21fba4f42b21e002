import type { Probe } from '../../core/film/probe.ts';
import { readHeaders } from '../structure/mp4-headers.ts';

/**
 * Returns the probe of an MP4 or MOV with the length that its header states. From version 6 on ffprobe takes the longest track for
 * it, and of a track what its packets last by their decoding times, which is less where few pictures are shown for seconds each.
 */
export async function withMovieLength(probe: Probe, path: string, signal: AbortSignal): Promise<Probe> {
  const headers = await readHeaders({ path, probe }, signal);
  return headers?.seconds === undefined ? probe : { ...probe, durationSeconds: headers.seconds };
}
