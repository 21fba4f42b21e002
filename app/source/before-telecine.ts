import { namesOldProgram, OLD_PROGRAM } from '../../core/description/old-programs.ts';
import { mostFirst, ONE_MOMENT_EACH } from '../../core/fields/film-fields.ts';
import {
  averageRate,
  evenTimesOf,
  foreseenFilm,
  type RestoredSpan,
  refuseOutOfStep,
  refuseWithoutTelecine,
  untelecinedTold,
} from '../../core/fields/inverse-telecine.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Settings } from '../../core/settings/settings.ts';
import type { JobRequest } from '../job-request.ts';
import type { FoundFile, ReadingContext } from './inspect-film.ts';
import { readSource, type SourceFacts } from './read-source.ts';

type Restoring = { readonly request: JobRequest; readonly ports: Ports; readonly context: ReadingContext };

/** The film with its pictures from before telecine, and the facts of the source of which it was made. */
type Restored = { readonly file: FoundFile; readonly was: SourceFacts };

/** Throws `usage` where `telecine=inverse` is asked for and the source is no telecined film. */
export function refuseOtherThanTelecine(
  { cut, tickSeconds, fields }: SourceFacts,
  { source }: Pick<JobRequest, 'source'>,
  { telecine }: Partial<Settings>,
): void {
  if (telecine === 'inverse') refuseWithoutTelecine(source, { times: cut.times, tickSeconds, parts: fields.parts });
}

/** Writes the film from before the telecine into `folder`. Throws what `readSource` throws, and `usage` where there is no telecine. */
export async function beforeTelecine(
  file: FoundFile,
  folder: string,
  { request, ports, context }: Restoring,
): Promise<Restored> {
  const { crop: _, ...settings } = context.settings;
  const was = await readSource(file, request, ports, { ...context, settings, folder });
  refuseOtherThanTelecine(was, request, context.settings);
  const output = `${folder}/before-telecine.mkv`;
  const source = { path: was.path, probe: was.probe, stream: was.main.index };
  const first = mostFirst(was.fields.parts.filter(({ telecine }) => telecine)) ?? 'tff';
  await context.watch.time('index', () => ports.maker.inverseTelecine({ source, first, output }, context.signal));
  return { file: { ...file, path: output }, was };
}

/** Throws `usage` where the film that was restored does not last as long as its source, or is out of step with its sound. */
export function refuseUnlikeSource(is: SourceFacts, was: SourceFacts, { source }: Pick<JobRequest, 'source'>): void {
  refuseOutOfStep(source, spanOf(was), spanOf(is));
}

function spanOf({ cut: { times }, tickSeconds, probe, streams }: SourceFacts): RestoredSpan {
  const start = (times[0] ?? 0) * tickSeconds;
  const last = (times.at(-1) ?? 0) * tickSeconds;
  const sounds = streams
    .filter(({ stream }) => probe.streams[stream]?.type === 'audio')
    .map(({ endSeconds, hiddenPackets = 0 }) => (hiddenPackets > 0 ? undefined : endSeconds));
  return { start, end: last + (last - start) / (times.length - 1), sounds };
}

const TELECINE =
  'telecine was undone first: streams are numbered as that left them, the picture was lossless meanwhile, and data streams are left out';
const CAPTIONS =
  'the closed captions inside the pictures (CEA-608/708) are lost: the film from before telecine does not hold them';

/**
 * Returns the facts of a telecined film as they will be once its telecine is undone, for a plan, which writes no film. The keys of its pieces
 * cannot be foreseen. Throws as `refuseOtherThanTelecine`.
 */
export function foreseenBeforeTelecine(
  was: SourceFacts,
  request: Pick<JobRequest, 'source'>,
  settings: Partial<Settings>,
): SourceFacts {
  if (settings.telecine !== 'inverse') return was;
  refuseOtherThanTelecine(was, request, settings);
  const { main, cut, tickSeconds, fields } = was;
  const { times, rate, told } = foreseenFilm({ times: cut.times, tickSeconds });
  const share = (frame: number) => Math.min(times.length, Math.ceil((frame * 4) / 5));
  const ranges = cut.ranges.map(({ start, end }) => ({ start: share(start), end: share(end) }));
  const warnings = [
    ...was.warnings,
    told,
    ...untelecinedTold({ times: cut.times, tickSeconds, parts: fields.parts }),
    ...(main.video.hasClosedCaptions ? [CAPTIONS] : []),
  ];
  return {
    ...was,
    main: { ...main, video: { ...main.video, baseFrameRate: rate, averageFrameRate: rate } },
    cut: { ...cut, times, ranges: ranges.filter(({ start, end }) => end > start) },
    fields: ONE_MOMENT_EACH,
    warnings,
    copies: (was.copies ?? 0) + 1,
  };
}

/** Returns the facts with the exact times of the film's frames, which the file that holds it rounds to milliseconds. */
function withEvenTimes(facts: SourceFacts, was: SourceFacts): SourceFacts {
  const { index, cut, main, tickSeconds } = facts;
  const isInOrder = index.pts.length === cut.times.length && !cut.among;
  const found = isInOrder ? evenTimesOf({ times: index.pts, tickSeconds }, averageRate(wasAt(was))) : undefined;
  if (!found) return facts;
  const { times, rate } = found;
  const timeBase = { num: 1, den: rate.num };
  return {
    ...facts,
    index: { ...index, timeBase, pts: times },
    cut: { ...cut, times },
    tickSeconds: 1 / rate.num,
    main: { ...main, video: { ...main.video, evenRate: rate } },
  };
}

const wasAt = ({ cut: { times }, tickSeconds }: SourceFacts) => ({ times, tickSeconds });

/** Returns the facts of a restored film as those of its source: with its codec, its warnings, and what the restoring loses. */
export function asBeforeTelecine(restored: SourceFacts, was: SourceFacts): SourceFacts {
  const facts = withEvenTimes(restored, was);
  const { codec, codecString, video } = was.main;
  const { main, probe } = facts;
  const bits = main.video.pixelFormat;
  const warnings = [
    ...was.warnings,
    TELECINE,
    ...untelecinedTold({ times: was.cut.times, tickSeconds: was.tickSeconds, parts: was.fields.parts }),
    ...(bits === video.pixelFormat
      ? []
      : [`telecine was undone in ${bits}: what ${video.pixelFormat} holds beyond it is lost`]),
    ...(video.hasClosedCaptions ? [CAPTIONS] : []),
    ...facts.warnings,
  ];
  const named = { ...main, codec, ...(codecString !== undefined && { codecString }) };
  const streams = probe.streams.map((each) => (each.index === main.index ? named : each));
  return {
    ...facts,
    probe: { ...probe, streams },
    warnings,
    original: was.original ?? was.path,
    rewritten: {
      namedProgram: Object.entries(was.probe.tags).some(
        ([name, value]) => namesOldProgram(name, value) === OLD_PROGRAM,
      ),
    },
    copies: (was.copies ?? 0) + 1,
  };
}
