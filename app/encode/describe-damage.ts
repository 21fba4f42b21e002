import { ServiceError } from '../../core/errors.ts';
import { damagedPlaces, damageSentence, decoderWords, isSaidOf, soundWords } from '../../core/film/damage.ts';
import { linesThat, speakerIn } from '../../core/film/log-speakers.ts';
import { type MidGroup, midGroup, midGroupSentence } from '../../core/film/mid-group.ts';
import { behindPartialFrames } from '../../core/film/partial-sound.ts';
import { clock } from '../../core/format.ts';
import type { DamageSearch } from '../../core/ports/film-reader.ts';
import { keyframeNumbers } from '../../core/segments/borders.ts';
import { wholeRange } from '../../core/segments/every-second.ts';
import type { Segment } from '../../core/segments/segments.ts';
import type { SourceFacts } from '../source/read-source.ts';
import type { Draft, RenditionWork } from './work.ts';

/** What decoders said of the source while a segment was made of it. */
export type SegmentDamage = {
  readonly segment: Segment;
  readonly said: readonly string[];
  /** True where it is not known whether the decoder only marked some of its frames as damaged. */
  readonly marksUnknown?: true;
};

/** What decoders said of a source. */
type DamageSaid = {
  readonly picture: readonly SegmentDamage[];
  readonly others: readonly string[];
  /** What was said of sounds that begin with whole frames, as a rendition has them. */
  readonly heard?: readonly string[];
};

/** So many damaged segments are looked through for the times of the damage; a film with more is bad everywhere. */
const MOST_SEARCHED = 20;

/** Damage inside the source is no reason to refuse it: it becomes a warning that says where it is. */
export async function describeDamage(
  { source }: Pick<Draft, 'source'>,
  { picture, others, heard = [] }: DamageSaid,
  work: Pick<RenditionWork, 'ports' | 'tracking' | 'request'>,
): Promise<readonly string[]> {
  const speaker = speakerIn(source.probe, source.main.index);
  const ofCover = (said: readonly string[]) => linesThat(said, (line) => speaker(line) === 'cover');
  const ofOthers = linesThat(others, (line) => (speaker(line) ?? 'other') === 'other');
  const sound = soundWords([...behindPartialFrames(ofOthers, partialPacketsIn(source.probe)), ...heard]);
  const ofSound =
    sound === undefined
      ? []
      : [`what goes with the picture is damaged in places, and decodes with errors there (${sound})`];
  const ofCovers = coverSentence([
    ...ofCover([...picture.flatMap(({ said }) => said), ...others]),
    ...(await work.ports.reader.coverDamage(source, work.tracking.signal).catch(unlessStopped<readonly string[]>([]))),
  ]);
  const complained = picture
    .map(({ segment, said }) => ({ segment, said: ofPicture(said, source) }))
    .filter(({ said }) => decoderWords(said) !== undefined);
  const begins = beginsMidGroup(source);
  const ofBeginning = begins ? [midGroupSentence(begins, work.request.source.split('/').at(-1) ?? '')] : [];
  const ofPictures = await picturesTold(complained, source, work, begins);
  return [...ofBeginning, ...ofPictures, ...unknownSentence(picture), ...ofSound, ...ofCovers];
}

/** What is said of pieces of an earlier version, which did not note the frames that a decoder only marks. */
function unknownSentence(picture: readonly SegmentDamage[]): readonly string[] {
  const unknown = picture.filter(({ marksUnknown }) => marksUnknown).length;
  if (unknown === 0) return [];
  return [
    `pieces of an earlier version are used again (${unknown}), which did not note the pictures that a decoder only marks as damaged; another --work makes them anew`,
  ];
}

/** How a source begins that is read by its decoded frames, because its packets do not begin with a keyframe. */
function beginsMidGroup({ known, cut, tickSeconds, probe, streams }: SourceFacts): MidGroup | undefined {
  if (!known || cut.access === 'seek') return undefined;
  const soundsBegin = streams.flatMap(({ stream, firstSeconds }) =>
    probe.streams[stream]?.type === 'audio' && firstSeconds !== undefined ? [firstSeconds] : [],
  );
  const { times } = cut.fields ?? cut.among ?? cut;
  return midGroup({ packets: known.survey.index, times, tickSeconds, soundsBegin });
}

/** How many parts of frames the sounds of a source begin with. */
const partialPacketsIn = ({ streams }: SourceFacts['probe']): number =>
  streams.reduce((sum, { audio }) => sum + (audio?.partialPackets ?? 0), 0);

/** What decoders said, without what the source tells them not to be the picture's. */
function ofPicture(said: readonly string[], { probe, main }: SourceFacts): readonly string[] {
  const speaker = speakerIn(probe, main.index);
  return linesThat(said, (line) => (speaker(line) ?? 'picture') === 'picture');
}

/** What is told of segments of which decoders complained. */
async function picturesTold(
  complained: readonly SegmentDamage[],
  source: SourceFacts,
  work: Pick<RenditionWork, 'ports' | 'tracking'>,
  begins: MidGroup | undefined,
): Promise<readonly string[]> {
  if (source.cut.access !== 'seek') return toldByItsDecode(complained, source, begins);
  const damaged = await withoutLeadIns(complained, source, work);
  const { times, unknown } = await timesOf(damaged.slice(0, MOST_SEARCHED), source, work);
  return [
    damaged.length > MOST_SEARCHED && `the source is damaged in ${damaged.length} segments`,
    times.length > 0 && damageSentence(damagedPlaces(times)),
    times.length === 0 && unknown.length > 0 && stretchSentence(unknown, source),
  ].filter((sentence) => sentence !== false);
}

/**
 * What is told where a film is decoded from its start: the places that the decode of all of it has found, if there was one. What is
 * said before the first keyframe of a recording is told as its beginning.
 */
function toldByItsDecode(
  complained: readonly SegmentDamage[],
  source: SourceFacts,
  begins: MidGroup | undefined,
): readonly string[] {
  if (complained.length === 0) return [];
  const { errorsAt: found = [], cut, tickSeconds } = source;
  const errorsAt = found.filter((frame) => !begins || frame > begins.before);
  if (begins && errorsAt.length === 0 && found.length > 0) return [];
  const { times } = cut.fields ?? cut.among ?? cut;
  if (errorsAt.length === 0) return [stretchSentence(complained, source)];
  // a complaint behind the last picture is about that picture
  return [damageSentence(damagedPlaces(errorsAt.map((frame) => (times[frame] ?? times.at(-1) ?? 0) * tickSeconds)))];
}

/**
 * The segments without those of which a decoder said only what it says of the frames before them. Decoding begins at a keyframe
 * before a segment, and the first pictures of an open group refer to pictures before that keyframe; none of them is taken.
 */
async function withoutLeadIns(
  complained: readonly SegmentDamage[],
  source: SourceFacts,
  { ports, tracking }: Pick<RenditionWork, 'ports' | 'tracking'>,
): Promise<readonly SegmentDamage[]> {
  const damaged: SegmentDamage[] = [];
  for (const each of complained) {
    const before = await ports.reader
      .saidBefore(searchIn(wholeRange(each.segment, source.cut), source), tracking.signal)
      .catch(unlessStopped<readonly string[]>([]));
    if (!isSaidOf(each.said, ofPicture(before, source))) damaged.push(each);
  }
  return damaged;
}

/** What is said of a cover that is damaged, which is none of the film's frames. */
function coverSentence(said: readonly string[]): readonly string[] {
  const words = decoderWords(said);
  return words === undefined ? [] : [`a cover of the source is damaged (${words}); no frame of the film is meant`];
}

/** The times of the damaged frames, ascending, and the segments in which they could not be sought. */
async function timesOf(
  damaged: readonly SegmentDamage[],
  source: SourceFacts,
  { ports, tracking }: Pick<RenditionWork, 'ports' | 'tracking'>,
): Promise<{ readonly times: readonly number[]; readonly unknown: readonly SegmentDamage[] }> {
  const found = new Set<number>();
  const unknown: SegmentDamage[] = [];
  for (const each of damaged) {
    const frames = await ports.reader
      .findDamage(searchIn(wholeRange(each.segment, source.cut), source), tracking.signal)
      .catch(unlessStopped<undefined>(undefined));
    for (const frame of frames ?? []) found.add(frame);
    if (!frames) unknown.push(each);
  }
  const all = timesIn(source);
  const times = [...found].map((frame) => (all[frame] ?? 0) * source.tickSeconds);
  return { times, unknown };
}

const searchIn = (stretch: DamageSearch['stretch'], source: SourceFacts): DamageSearch => ({
  source: { path: source.path, probe: source.probe, stream: source.main.index },
  times: timesIn(source),
  tickSeconds: source.tickSeconds,
  fileStartSeconds: source.probe.startSeconds,
  keyframes: keyframeNumbers(source.index),
  stretch,
});

/**
 * Returns the numbers of the frames of a damaged film that differ from decode to decode, or, where none does, of those that the decoder finds
 * damaged, also of those that it only marks: ffmpeg from version 7 on marks a frame while its filters are still at others.
 */
export async function damagedFrames(
  source: SourceFacts,
  { ports: { reader }, tracking: { signal } }: Pick<RenditionWork, 'ports' | 'tracking'>,
): Promise<readonly number[]> {
  const nothing = unlessStopped<readonly number[]>([]);
  const search = searchIn({ start: 0, end: timesIn(source).length }, source);
  const found = await reader.findDamage(search, signal).catch(nothing);
  if (found.length === 0) return found;
  const unsteady = await reader.unsteadyFrames(search.source, signal).catch(nothing);
  return unsteady.length > 0 ? unsteady : found;
}

const timesIn = ({ cut }: SourceFacts) => (cut.fields ?? cut.among ?? cut).times;

/** That the place of the damage cannot be found must not fail a rendition that is made. */
const unlessStopped =
  <Instead>(instead: Instead) =>
  (error: unknown): Instead => {
    if (error instanceof ServiceError && error.code !== 'interrupted') return instead;
    throw error;
  };

/** The segments with damage, where its frames cannot be told. */
function stretchSentence(damaged: readonly SegmentDamage[], { cut, tickSeconds }: SourceFacts): string {
  const at = (frame: number) => clock(Math.floor((cut.times.at(frame) ?? 0) * tickSeconds));
  const [first, last] = [damaged[0]?.segment.start ?? 0, (damaged.at(-1)?.segment.end ?? 1) - 1];
  const words = decoderWords(damaged.flatMap(({ said }) => said));
  return `the source is damaged between ${at(first)} and ${at(last)}, and decodes with errors there${words ? ` (${words})` : ''}`;
}
