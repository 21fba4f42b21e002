import { bibliographic, iso639 } from '../description/language.ts';
import type { Stream } from '../film/probe.ts';
import type { SubtitleName } from '../job/companions.ts';
import { type Container, type Delivery, hasSidecars } from '../settings/delivery.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';
import type { SubtitleBeside } from '../streams/subtitle-beside.ts';
import { sharedInMp4, textsInFile } from '../streams/text-times.ts';
import { whyNotInMp4 } from '../streams/texts-in-mp4.ts';
import type { Rational } from '../units.ts';
import { type ReadCues, readCues } from './read-cues.ts';
import { joinedCues } from './srt.ts';

/** Whether the format's text also becomes a track of the rendition: other formats would lose their styles, or are pictures. */
export const isPlainText = ({ format }: Pick<SubtitleName, 'format'>): boolean => format === 'srt' || format === 'vtt';

/** Archives and files for editing take subtitles along; clips for VJs and streaming renditions do not. */
export const takesSubtitles = hasSidecars;

type Deliveries = { readonly streams?: boolean; readonly renditions: readonly { readonly delivery: Delivery }[] };

/** Whether a recipe lays subtitle files beside its renditions as they were. */
export const recipeTakesSubtitles = ({ renditions }: Deliveries): boolean =>
  renditions.some(({ delivery }) => takesSubtitles(delivery));

/** Whether what a recipe makes depends on subtitle files: streams get WebVTT that is made of them. */
export const recipeReadsSubtitles = (recipe: Deliveries): boolean =>
  recipe.streams === true || recipeTakesSubtitles(recipe);

/** Returns a stream for each subtitle file, numbered after the film's own streams. */
export function streamsBeside(all: readonly SubtitleBeside[], streams: number): readonly Stream[] {
  return all.map(({ format, language, ...flags }, i) => ({
    index: streams + i,
    type: 'subtitle',
    codec: CODECS[format] ?? format,
    tags: language === undefined ? {} : { language },
    dispositions: dispositionsOf(flags),
    extradataHash: '',
    timeBase: { num: 1, den: 1000 },
    startSeconds: undefined,
    durationSeconds: undefined,
    video: undefined,
    audio: undefined,
  }));
}

const dispositionsOf = (flags: Pick<SubtitleName, 'default' | 'forced' | 'hearingImpaired' | 'commentary'>) =>
  [
    flags.default && 'default',
    flags.forced && 'forced',
    flags.hearingImpaired && 'hearing_impaired',
    flags.commentary && 'comment',
  ].filter((each) => typeof each === 'string');

const CODECS: Readonly<Record<string, string>> = {
  srt: 'subrip',
  vtt: 'webvtt',
  idx: 'dvd_subtitle',
  sup: 'hdmv_pgs_subtitle',
};

export type BesideWanted = {
  readonly delivery: Delivery;
  readonly container: Container;
  /** Streams that the settings leave out, and why. */
  readonly leftOut: ReadonlyMap<number, string>;
  readonly filmSeconds: number;
  /** The factor by which all times are multiplied. */
  readonly timeFactor: Rational | undefined;
};

/**
 * Returns a plan for each subtitle file. It is published unchanged beside the rendition, under a name that players pair with
 * the rendition; plain text also becomes a track of the rendition.
 */
export function plansBeside(
  all: readonly SubtitleBeside[],
  streams: readonly Stream[],
  wanted: BesideWanted,
): readonly StreamPlan[] {
  return all.flatMap((subtitle, i) => {
    const stream = streams[i];
    return stream ? [planOf(subtitle, stream, wanted)] : [];
  });
}

function planOf(beside: SubtitleBeside, stream: Stream, wanted: BesideWanted): StreamPlan {
  const { delivery, container, leftOut, filmSeconds, timeFactor } = wanted;
  const plain = { stream, beside, codecArgs: undefined, sidecar: undefined };
  const unwanted = leftOut.get(stream.index);
  if (unwanted !== undefined) return { ...plain, fate: 'dropped', why: unwanted };
  if (delivery === 'stream' && /^(srt|vtt|ass|ssa)$/.test(beside.format))
    return { ...plain, fate: 'converted', why: 'as WebVTT in a file of its own, for players' };
  if (!takesSubtitles(delivery)) return { ...plain, fate: 'dropped', why: 'it stays beside the source' };
  if (timeFactor && !beside.text)
    return { ...plain, fate: 'dropped', why: 'its times cannot be moved; it stays beside the source' };
  if (timeFactor) return { ...plain, fate: 'converted', why: 'its times are moved: beside the rendition', timeFactor };
  const isWebVtt = beside.format === 'vtt';
  const asked = { ...beside, filmSeconds, ...(isWebVtt && container === 'mkv' && { keepsPlaces: 'all' as const }) };
  const read = isPlainText(beside) && beside.text ? readCues(beside.text, asked) : undefined;
  if (!read || 'problem' in read)
    return { ...plain, fate: 'kept', why: BESIDE + (read ? `, and not in it: ${read.problem}` : '') };
  const [codec, name] = isWebVtt && container === 'mkv' ? TEXT_IN.webm : TEXT_IN[container];
  const inside = track(beside, read, container);
  const isInMp4 = codec === 'mov_text';
  const reason = isInMp4 ? whyNotInMp4(inside.times) : undefined;
  if (reason !== undefined) return { ...plain, fate: 'kept', why: `${BESIDE}, and not in it: ${reason}` };
  const shared = isInMp4 ? sharedInMp4(textsInFile(inside.times)) : '';
  const told = `${read.leftOut === undefined ? '' : `; ${read.leftOut}`}${shared}`;
  const why = `${BESIDE}, and in it as ${name}${read.encoding === 'utf-8' ? '' : `, its text read as ${read.encoding}`}${told}`;
  const ofBlocks = inside.webVttHead === undefined ? {} : { stream: { ...stream, webVttBlocks: true as const } };
  return { ...plain, ...ofBlocks, fate: 'kept', why, codecArgs: [codec], inside };
}

/** The encoder of a track of text, and its name for people. */
const TEXT_IN: Readonly<Record<Container, readonly [string, string]>> = {
  mp4: ['mov_text', 'mov_text'],
  mov: ['mov_text', 'mov_text'],
  mkv: ['srt', 'SubRip'],
  webm: ['webvtt', 'WebVTT'],
};

/** Returns the plan without its track: the text is only beside the rendition, for this reason where it would have been in it. */
export const besideOnly = ({ inside: _, ...plan }: StreamPlan, why: string): StreamPlan => ({
  ...plan,
  why: plan.codecArgs ? why : plan.why,
  codecArgs: undefined,
});

/** Why a text is not in a rendition whose track of it failed its check. */
export const NOT_AS_IT_SHOULD_BE =
  'lies beside the rendition as it was, and not in it: there it was not as it should be';

export const BESIDE = 'lies beside the rendition as it was';

function track(
  { language }: SubtitleBeside,
  { cues: all, head }: Extract<ReadCues, { cues: unknown }>,
  container: Container,
) {
  const cues = joinedCues(all);
  return {
    cues,
    ...(head !== undefined && { webVttHead: head }),
    times: cues.flatMap(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]),
    language: container === 'mov' ? bibliographic(language) : iso639(language),
  };
}
