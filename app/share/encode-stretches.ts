import { ServiceError } from '../../core/errors.ts';
import type { Segment } from '../../core/segments/segments.ts';
import { encodeSegments } from '../encode/encode-segments.ts';
import { piecesThere } from '../encode/pieces-there.ts';
import type { Draft, RenditionWork } from '../encode/work.ts';
import type { KnownSource } from './planned-film.ts';
import { fetchStretch, soundSegments } from './stretch-of-source.ts';

/**
 * Encodes a task's share of a film that can only be read from its start. Of each run of neighbouring segments it fetches the
 * stretch. What no stretch gives exactly is left to the join step, which decodes the film from its start, and so is the film
 * if it was replaced meanwhile.
 */
export async function encodeStretches(
  drafts: readonly Draft[],
  planned: KnownSource,
  work: RenditionWork,
): Promise<void> {
  for (const draft of drafts) {
    for (const run of await runsOf(draft, work)) {
      const stretch = await fetchStretch(run, draft, planned, work);
      if (stretch === 'replaced') return;
      if (stretch === 'differs') continue;
      const { path, firstFrame } = stretch;
      const source = { ...draft.source, path, firstFrame };
      try {
        await encodeSegments({ ...draft, source, segments: run }, { ...work, source });
      } catch (error) {
        if (!(error instanceof ServiceError) || error.code !== 'not-exact') throw error;
      } finally {
        await stretch.release();
      }
    }
  }
}

/** The segments that are missing and can be made of a stretch, those that are neighbours together. */
async function runsOf(draft: Draft, { ports }: RenditionWork): Promise<readonly (readonly Segment[])[]> {
  const there = await piecesThere(draft.segments, ports.cache);
  const sound = new Set(soundSegments(draft));
  const runs: Segment[][] = [];
  for (const [i, segment] of draft.segments.entries()) {
    if (there[i] || !sound.has(segment)) continue;
    const last = runs.at(-1);
    if (last?.at(-1)?.end === segment.start) last.push(segment);
    else runs.push([segment]);
  }
  return runs;
}
