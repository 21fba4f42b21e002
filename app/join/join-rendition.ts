import { codecNamed, codecOf } from '../../core/codecs/index.ts';
import type { MetadataFate } from '../../core/description/metadata.ts';
import { ownLanguages, tagsOfFile } from '../../core/encode/carried-metadata.ts';
import type { JoinPlan } from '../../core/encode/join-plan.ts';
import { joinTimes, neededExactTimes } from '../../core/encode/join-times.ts';
import { onlyOpusIsEarly } from '../../core/encode/opus-delays.ts';
import { opusEndsInMovie } from '../../core/encode/opus-ends.ts';
import { noteFates } from '../../core/encode/plan-notes.ts';
import { timescaleOf } from '../../core/encode/timescale.ts';
import { fielOf } from '../../core/fields/fiel-box.ts';
import { fragmentSeconds } from '../../core/film/fragments.ts';
import { lightBoxes } from '../../core/film/light-boxes.ts';
import { madeEquirectangular, projectionOf, type Spherical, scaledTo } from '../../core/film/spherical.ts';
import { asDelivered } from '../../core/filters/upright.ts';
import type { CarriedNotes } from '../../core/ports/file-maker.ts';
import { type Container, containerOf, isInMatroska } from '../../core/settings/delivery.ts';
import type { StreamPlan } from '../../core/streams/stream-plan.ts';
import { timecodeHandler, writtenReel } from '../../core/streams/timecode.ts';
import { parseRational, type Rational, times, toNumber } from '../../core/units.ts';
import type { Encoded } from '../encode/encode-segments.ts';
import { corruptPieces } from '../encode/piece-records.ts';
import { type Draft, pieceKey, type RenditionWork } from '../encode/work.ts';
import type { SourceFacts } from '../source/read-source.ts';
import { heldLastSeconds } from '../source/streamed-film.ts';
import { planDescription } from './plan-description.ts';

export type Joined = {
  readonly path: string;
  readonly plan: JoinPlan;
  readonly metadata: readonly MetadataFate[];
  readonly damage: readonly string[];
  readonly notes: CarriedNotes;
};

/** The keys of cached pieces whose bytes have changed. */
type CorruptPieces = { readonly corrupt: readonly string[] };

/** Joins the pieces and the source's other streams into one file, which is not verified yet. */
export async function joinRendition(
  draft: Draft,
  work: RenditionWork,
  { reused }: Pick<Encoded, 'reused'>,
): Promise<Joined | CorruptPieces> {
  const { ports, tracking, watch, settings, folder } = work;
  const { source, segments, plans, spec, rendition } = draft;
  const { timeFactor } = spec;
  await tracking.record({ status: 'joining' });
  const pieces = await Promise.all(segments.map(({ key }) => ports.cache.fetch(pieceKey(key), tracking.signal)));
  const container = containerOf(rendition.delivery, settings);
  const seconds = (frame: number) => (source.cut.times[frame] ?? 0) * tickSecondsOf(source, timeFactor);
  const filmSeconds = draft.film ? draft.film.to - draft.film.from : seconds(source.cut.times.length - 1) - seconds(0);
  const timeBase = timeFactor ? times(source.index.timeBase, timeFactor) : source.index.timeBase;
  const { firstSeconds, durations, ...fine } = joinTimes({
    ...{ starts: segments.map(({ start }) => start), times: source.cut.times, timeBase },
    delaySeconds: delayOf(draft),
  });
  const frameRate = parseRational(spec.frameRate) ?? { num: 25, den: 1 };
  const metadata = await planDescription(draft, work, container);
  const sphere = await sphereOf(draft, work, container);
  const plan: JoinPlan = {
    pieces: pieces.map(({ path }, i) => ({ path, durationSeconds: durations[i] })),
    source: source.path,
    access: source.probe.access,
    streams: plans,
    mainStream: source.main.index,
    firstSeconds,
    sourceOffsetSeconds: delayOf(draft),
    sourceStartSeconds: source.probe.startSeconds,
    timescale: timescaleOf(timeBase, source.cut.times, stillSeconds(draft)),
    exactTimes: neededExactTimes({
      ...{ ...fine, timeBase, last: lastPicture(draft), repeated: repeatedPicture(draft) },
      frameSeconds: [
        ...new Set([frameRate, (!timeFactor && takenBaseRate(source)) || frameRate].map((rate) => 1 / toNumber(rate))),
      ],
      ...(draft.film && { firstEarlySeconds: draft.film.firstEarlySeconds }),
    }),
    container,
    tag: codecOf(spec).tag,
    fragmentSeconds: rendition.delivery === 'stream' ? fragmentSeconds(filmSeconds) : undefined,
    video: asDelivered(source.main.video, rendition.delivery),
    sar: spec.sar,
    timecode: draft.timecode,
    reel: rendition.delivery === 'stream' ? undefined : writtenReel(draft.said, draft.timecode, container),
    ...(draft.timecode !== undefined &&
      rendition.delivery !== 'stream' && { timecodeHandler: timecodeHandler(source.probe) }),
    timeFactor,
    spherical: withoutBoth(sphere.spherical, metadata.spatial),
    metadata: isInMatroska(container) ? undefined : metadata.boxes,
    matroska: metadata.matroska,
    onlyOpusIsEarly: onlyOpusIsEarly(plans, source.streams, source.probe),
    clap: metadata.clap,
    spatial: metadata.spatial,
    ...(container === 'mov' && draft.deinterlacing?.pictures === 0 && { fiel: fielOf(draft.deinterlacing.first) }),
    ...(codecNamed(spec.codec).hasHdrInBoxes && !isInMatroska(container) && { light: lightBoxes(spec) }),
    ...(codecNamed(spec.codec).hasHdrInBoxes && { colour: spec.colour }),
    headers: metadata.headers,
    chapters: metadata.chapters,
    hasUntitledChapters: source.probe.hasUntitledChapters,
    hasMarkedMoments: source.probe.hasMarkedMoments,
    ...(source.probe.hasLongerList && { chaptersRead: source.probe.chaptersOfTrack }),
    hasChapters: (source.probe.chapters > 0 || metadata.chapters !== undefined) && rendition.delivery !== 'stream',
    ...(!isInMatroska(container) &&
      rendition.delivery !== 'stream' && {
        languages: ownLanguages(plans, { mainStream: source.main.index, container }),
      }),
    ...(container === 'mp4' &&
      rendition.delivery !== 'stream' && { opusEnds: opusEndsInMovie(plans, source.main.index) }),
    tags: tagsOfFile(source.probe),
    notes: draft.notes.kinds.length > 0 ? wantedNotes(draft) : undefined,
    output: `${folder}/${rendition.name}.${container}`,
  };
  try {
    const corrupt = reused > 0 ? await corruptPieces(segments, pieces, work) : [];
    if (corrupt.length > 0) return { corrupt };
    const options = { signal: tracking.signal, onProgress: () => {} };
    const { damage, notes } = await watch.time('join', () => ports.maker.join(plan, options));
    const lines = rendition.delivery === 'stream' ? [] : noteFates(source.main, draft.notes, notes.carried);
    return { path: plan.output, plan, metadata: [...metadata.fates, ...sphere.fates, ...lines], damage, notes };
  } finally {
    await Promise.all(pieces.map((piece) => piece.release()));
  }
}

function wantedNotes({ source: { main, index }, notes: { kinds, isTwice } }: Draft): JoinPlan['notes'] {
  return { kinds, isTwice, codec: main.codec, index, dolbyVision: main.video.hdr.dolbyVision };
}

/** The base rate of the pictures that are taken of a source: with every second one it is half of the source's. */
const takenBaseRate = ({ main, cut }: SourceFacts): Rational | undefined =>
  main.video.baseFrameRate && times(main.video.baseFrameRate, { num: 1, den: cut.among?.every ?? 1 });

/** How long the last picture is shown, where that is not a frame: in an animation, and where sound goes on behind the picture. */
function lastPicture(draft: Draft) {
  const { source, spec, film } = draft;
  const { cut } = source;
  const lastSeconds = film ? (film.lastSeconds ?? source.lastSeconds) : heldLastSeconds(source);
  if (lastSeconds === undefined) return undefined;
  const packet = cut.times.length - 1;
  const timeFactor = spec.timeFactor ? toNumber(spec.timeFactor) : 1;
  const seconds = (cut.times.at(-1) ?? 0) * tickSecondsOf(source, spec.timeFactor) + delayOf(draft);
  return { packet, seconds, lasts: lastSeconds * timeFactor };
}

/** ffmpeg guesses how long the last picture lasts by the rate of the others, and finds no rate as high as this. */
const UNGUESSED_RATE = 1000;

/** The last picture of a film that is faster than ffmpeg can tell, in AV1, whose stream does not say it as that of HEVC does. */
function repeatedPicture({ source, spec }: Draft): number | undefined {
  const last = source.cut.times.length - 1;
  const seconds =
    ((source.cut.times.at(-1) ?? 0) - (source.cut.times[0] ?? 0)) * tickSecondsOf(source, spec.timeFactor);
  const isFast = last > 0 && seconds * UNGUESSED_RATE < last * 1.001;
  return codecOf(spec).decodesAs === 'av1' && isFast ? last : undefined;
}

/** Returns the length of a source's tick in the rendition, in seconds. */
export const tickSecondsOf = ({ tickSeconds }: SourceFacts, timeFactor: Rational | undefined): number =>
  timeFactor ? (tickSeconds * timeFactor.num) / timeFactor.den : tickSeconds;

/**
 * Returns the spherical metadata for the rendition: for its size, and for the sounds that it copies; undefined where none is left.
 * Sound fields that become plain channels are told.
 */
async function sphereOf(
  { source, plans, spec, rendition }: Draft,
  { ports, tracking, request, settings }: RenditionWork,
  container: Container,
): Promise<{ readonly spherical: Spherical | undefined; readonly fates: readonly MetadataFate[] }> {
  const { path, probe, main } = source;
  const told = await ports.reader.spherical({ path, probe, stream: main.index }, tracking.signal);
  const isAsked = settings.projection !== undefined && rendition.parent === 'source';
  const isSaid = told !== undefined && projectionOf(told) === 'equirectangular';
  const found = isAsked && !isSaid ? madeEquirectangular(told) : told;
  if (!found) return { spherical: undefined, fates: [] };
  const others = plans.filter(({ stream, codecArgs }) => codecArgs && stream.index !== main.index);
  const isKept = (codecArgs: StreamPlan['codecArgs']) => !isInMatroska(container) && codecArgs?.[0] === 'copy';
  const fates = others.flatMap(({ stream: { index }, codecArgs }): readonly MetadataFate[] => {
    if (isKept(codecArgs) || !found.sa3d.has(index)) return [];
    const why = isInMatroska(container)
      ? 'Matroska has no mark for it'
      : `it is made into ${codecArgs?.[0]}, in which nothing says that they are one`;
    const message = `the sound field of stream ${index} becomes plain channels: ${why}`;
    tracking.emit({ type: 'warning', job: request.id, message });
    return [{ place: `track ${index}`, name: 'SA3D', fate: 'dropped', why: message }];
  });
  const sounds = others.flatMap(({ stream, codecArgs }, i) => {
    const box = isKept(codecArgs) ? found.sa3d.get(stream.index) : undefined;
    return box ? [[i + 1, box] as const] : [];
  });
  const { st3d, sv3d, xmp } = found;
  if (!st3d && !sv3d && !xmp && sounds.length === 0) return { spherical: undefined, fates };
  return { spherical: { ...scaledTo(found, main.video, spec.size), sa3d: new Map(sounds) }, fates };
}

/** A sphere is said by one kind of boxes: Apple's, where they are kept, or those that they would become. */
function withoutBoth(sphere: Spherical | undefined, spatial: readonly Buffer[]): Spherical | undefined {
  if (!sphere || spatial.length === 0) return sphere;
  return sphere.sa3d.size > 0 || sphere.xmp ? { ...sphere, st3d: undefined, sv3d: undefined } : undefined;
}

/** The longest time for which the first or the last picture stands still. */
const stillSeconds = ({ source, film }: Draft): number =>
  Math.max(film?.lastSeconds ?? heldLastSeconds(source) ?? 0, film?.firstEarlySeconds ?? 0);

/** What is added to the times of a source: streamed films and loops begin at 0, other deliveries where the file does. */
export const delayOf = ({ film, beginsAt = 0 }: Draft): number => (film ? film.delaySeconds : 0 - beginsAt);
