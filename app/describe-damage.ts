import { ServiceError } from '../core/errors.ts';
import { damagedPlaces, damageSentence, decoderWords, isOfDecoder, withoutDecoders } from '../core/film/damage.ts';
import { codecsOfCovers } from '../core/film/probe.ts';
import { clock } from '../core/format.ts';
import { keyframeNumbers } from '../core/segments/borders.ts';
import { wholeRange } from '../core/segments/every-second.ts';
import type { Segment } from '../core/segments/segments.ts';
import type { SourceFacts } from './read-source.ts';
import type { Draft, RenditionWork } from './work.ts';

/** What decoders said of the source while a segment was made of it. */
export type SegmentDamage = { readonly segment: Segment; readonly said: readonly string[] };

/** So many damaged segments are looked through for the times of the damage; a film with more is bad everywhere. */
const MOST_SEARCHED = 20;

/** Damage inside the source is no reason to refuse it: it becomes a warning that says where it is. */
export async function describeDamage(
  { source }: Pick<Draft, 'source'>,
  picture: readonly SegmentDamage[],
  others: readonly string[],
  work: Pick<RenditionWork, 'ports' | 'tracking'>,
): Promise<readonly string[]> {
  const covers = codecsOfCovers(source.probe);
  const ofFilm = (said: readonly string[]) => decoderWords(withoutDecoders(said, covers));
  const damaged = picture.filter(({ said }) => ofFilm(said) !== undefined);
  const sound = ofFilm(others);
  const ofSound =
    sound === undefined
      ? []
      : [`what goes with the picture is damaged in places, and decodes with errors there (${sound})`];
  const ofCovers = coverSentence([
    ...[...picture.flatMap(({ said }) => said), ...others].filter((line) => isOfDecoder(line, covers)),
    ...(await work.ports.reader.coverDamage(source, work.tracking.signal).catch(unlessStopped)),
  ]);
  if (damaged.length === 0) return [...ofSound, ...ofCovers];
  const times = source.cut.access === 'seek' ? await timesOf(damaged.slice(0, MOST_SEARCHED), source, work) : [];
  const everywhere = damaged.length > MOST_SEARCHED ? [`the source is damaged in ${damaged.length} segments`] : [];
  const told = times.length > 0 ? damageSentence(damagedPlaces(times)) : stretchSentence(damaged, source);
  return [...everywhere, told, ...ofSound, ...ofCovers];
}

/** What is said of a cover that is damaged, which is none of the film's frames. */
function coverSentence(said: readonly string[]): readonly string[] {
  const words = decoderWords(said);
  return words === undefined ? [] : [`a cover of the source is damaged (${words}); no frame of the film is meant`];
}

async function timesOf(
  damaged: readonly SegmentDamage[],
  { path, probe, main, cut, tickSeconds, index }: SourceFacts,
  { ports, tracking }: Pick<RenditionWork, 'ports' | 'tracking'>,
): Promise<readonly number[]> {
  const all = (cut.fields ?? cut.among ?? cut).times;
  const film = {
    source: { path, probe, stream: main.index },
    times: all,
    tickSeconds,
    fileStartSeconds: probe.startSeconds,
  };
  const keyframes = keyframeNumbers(index);
  const times: number[] = [];
  for (const { segment } of damaged) {
    const frames = await ports.reader
      .findDamage({ ...film, keyframes, stretch: wholeRange(segment, cut) }, tracking.signal)
      .catch(unlessStopped);
    times.push(...frames.map((frame) => (all[frame] ?? 0) * tickSeconds));
  }
  return times;
}

/** That the place of the damage cannot be found must not fail a rendition that is made. */
function unlessStopped(error: unknown): readonly never[] {
  if (error instanceof ServiceError && error.code !== 'interrupted') return [];
  throw error;
}

/** The segments with damage, where its frames cannot be told. */
function stretchSentence(damaged: readonly SegmentDamage[], { probe, cut, tickSeconds }: SourceFacts): string {
  const at = (frame: number) => clock(Math.floor((cut.times.at(frame) ?? 0) * tickSeconds));
  const [first, last] = [damaged[0]?.segment.start ?? 0, (damaged.at(-1)?.segment.end ?? 1) - 1];
  const words = decoderWords(
    withoutDecoders(
      damaged.flatMap(({ said }) => said),
      codecsOfCovers(probe),
    ),
  );
  return `the source is damaged between ${at(first)} and ${at(last)}, and decodes with errors there${words ? ` (${words})` : ''}`;
}
