import type { ByteSource } from './byte-source.ts';
import { readFragment } from './fragment-run.ts';
import { trackHeaders } from './fragment-track.ts';
import { boxesIn, childrenOf, findBox, type Mp4Box, payloadOf, payloadStart } from './mp4-boxes.ts';

/** A fragment of a film's first picture track. Times are seconds of the track. */
export type PictureFragment = {
  /** The byte at which its `moof` box begins. */
  readonly at: number;
  /** Its number among the fragments (mfhd, ISO/IEC 14496-12 8.8.5). */
  readonly sequence: number;
  readonly beginSeconds: number;
  readonly endSeconds: number;
  readonly samples: number;
};

/** Longer films are not looked through, since each fragment takes a few reads. */
const MOST_FRAGMENTS = 5000;
const LARGEST_HEADER = 64;

/**
 * Returns the fragments of the first picture track in file order; none where there are too many, or one does not state its time or is
 * too short for what it announces.
 */
export async function pictureFragments(source: ByteSource, moov: Mp4Box): Promise<readonly PictureFragment[]> {
  const track = (await trackHeaders(source, moov))?.find(({ kind }) => kind === 'picture');
  if (!track || track.timescale === 0) return [];
  const found: PictureFragment[] = [];
  for await (const moof of boxesIn(source, 0, source.size)) {
    if (moof.end > source.size || moof.open) break;
    if (moof.type !== 'moof') continue;
    const header = await findBox(source, moof, 'mfhd');
    const sequence = header ? (await payloadStart(source, header, 8)).readUInt32BE(4) : 0;
    for await (const traf of childrenOf(source, moof)) {
      const tfhd = traf.type === 'traf' ? await findBox(source, traf, 'tfhd') : undefined;
      if (!tfhd) continue;
      const fields = await payloadOf(source, tfhd, LARGEST_HEADER);
      if (fields.length < 8) return [];
      if (fields.readUInt32BE(4) !== track.id) continue;
      if (found.length >= MOST_FRAGMENTS || !(await findBox(source, traf, 'tfdt'))) return [];
      const run = await readFragment(source, traf, fields, track.defaults);
      if (!run) return [];
      const { begin, ticks, samples } = run;
      const [beginSeconds, endSeconds] = [begin / track.timescale, (begin + ticks) / track.timescale];
      found.push({ at: moof.start, sequence, beginSeconds, endSeconds, samples });
    }
  }
  return found;
}

/** Returns how many samples the fragments hold. One that was written twice counts once. */
export function samplesOf(fragments: readonly PictureFragment[]): number {
  const byTime = new Map(fragments.map(({ beginSeconds, samples }) => [beginSeconds, samples]));
  return [...byTime.values()].reduce((sum, samples) => sum + samples, 0);
}

/** Returns how many samples lie in fragments behind later ones. ffmpeg gives none of them out to be shown. */
export function unorderedSamples(fragments: readonly PictureFragment[]): number {
  const seen = new Set<number>();
  let [end, samples] = [Number.NEGATIVE_INFINITY, 0];
  for (const each of fragments) {
    if (each.beginSeconds < end - SAME_SECONDS && !seen.has(each.beginSeconds)) samples += each.samples;
    seen.add(each.beginSeconds);
    end = Math.max(end, each.endSeconds);
  }
  return samples;
}

const SAME_SECONDS = 0.0005;
const LONGER_SECONDS = 0.1;

/** Returns what is told of fragments that are not there: where numbers are left out and nothing new is shown for that time. */
export function lostFragments(inFile: readonly PictureFragment[]): readonly string[] {
  const fragments = inFile.slice().sort((a, b) => a.beginSeconds - b.beginSeconds);
  const steps = fragments.slice(1).map(({ sequence }, i) => sequence - (fragments[i]?.sequence ?? 0));
  const usual = steps.slice().sort((a, b) => a - b)[steps.length >> 1] ?? 1;
  return fragments.slice(1).flatMap(({ beginSeconds, at }, i) => {
    const end = fragments[i]?.endSeconds ?? beginSeconds;
    if ((steps[i] ?? 0) <= usual || beginSeconds - end < LONGER_SECONDS) return [];
    const lasts = (beginSeconds - end).toFixed(2);
    return [`fragments are missing before byte ${at}: nothing new is shown for ${lasts} s from ${end.toFixed(2)} s on`];
  });
}
