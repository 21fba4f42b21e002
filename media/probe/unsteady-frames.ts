import { hashesOf } from '../../core/film/frame-index.ts';
import type { DecodedFrames, Source } from '../../core/ports/film-reader.ts';
import { frameSurvey } from './frame-survey.ts';

/** Two decodes find the same in memory now and then. */
const DECODES = 3;

/**
 * Decodes a source several times by one thread, and returns the numbers of the frames that differ: a decoder left in them what lay in memory.
 * Throws what `frameSurvey` throws.
 */
export async function unsteadyFrames(
  ffmpeg: string,
  { path, stream, probe }: Source,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const steady: Source = { path, stream, probe: { ...probe, byOneThread: true } };
  const decode = () => frameSurvey(ffmpeg, steady, { signal, onProgress: () => {} });
  const first = await decode();
  const found = new Set<number>();
  for (let others = 1; others < DECODES; others++)
    for (const frame of differing(first, await decode())) found.add(frame);
  return [...found].sort((one, other) => one - other);
}

function differing({ index: one }: DecodedFrames, { index: other }: DecodedFrames): readonly number[] {
  const frames = Array.from({ length: Math.min(one.count, other.count) }, (_, frame) => frame);
  return frames.filter((frame) => Buffer.compare(hashesOf(one, frame, frame + 1), hashesOf(other, frame, frame + 1)));
}
