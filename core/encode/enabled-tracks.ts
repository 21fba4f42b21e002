import { childOf, uintIn } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';
import type { MatroskaDescription } from '../description/matroska.ts';
import type { MetadataFate } from '../description/metadata.ts';
import type { TrackHeader } from '../description/movie-headers.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';

/** A track that is in the film, and that players leave out until somebody asks for it. */
const DISABLED = 2;

/**
 * Decides which tracks of an MP4 are disabled where the source is none: those that Matroska disables, and subtitles none of which
 * players show by themselves, of which ffmpeg enables the first. Sound that nobody marked as default is played all the same.
 */
export function disabledTracks(
  plans: readonly StreamPlan[],
  tracks: ReadonlyMap<number, number>,
  found: MatroskaDescription | undefined,
): { readonly wanted: ReadonlyMap<number, Partial<TrackHeader>>; readonly fates: readonly MetadataFate[] } {
  const there = plans.flatMap(({ stream }) => {
    const to = tracks.get(stream.index);
    return to === undefined ? [] : [{ stream, to }];
  });
  const texts = there.filter(({ stream }) => stream.type === 'subtitle');
  const isShown = texts.some(({ stream }) => stream.dispositions.includes('default'));
  const off = there.filter(({ stream }) => isOff(found?.tracks[stream.index]));
  const fates = off.map(
    ({ stream }): MetadataFate => ({ place: `track ${stream.index}`, name: 'FlagEnabled', ...AS_DISABLED }),
  );
  const disabled = [...off, ...(isShown ? [] : texts)];
  return { wanted: new Map(disabled.map(({ to }) => [to, { flags: DISABLED }])), fates };
}

const AS_DISABLED = {
  fate: 'converted',
  why: 'its track is disabled; MP4 says the same of a track that is no default',
} as const;

const isOff = (entry: Buffer | undefined): boolean =>
  entry !== undefined && uintIn(childOf(entry, MKV.FlagEnabled)) === 0n;
