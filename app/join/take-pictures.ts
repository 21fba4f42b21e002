import { ServiceError } from '../../core/errors.ts';
import { isSequential } from '../../core/film/access.ts';
import { presentationTimes } from '../../core/film/frame-index.ts';
import type { Size } from '../../core/film/frame-size.ts';
import { mainVideo } from '../../core/film/probe.ts';
import { uprightFilters } from '../../core/film/upright.ts';
import type { StillsTask } from '../../core/ports/file-maker.ts';
import type { FramesToShow, LookedOnce, SideBySide } from '../../core/ports/measurer.ts';
import { isSheetOfWhole, sheetFrames } from '../../core/quality/sheet-frames.ts';
import type { ReportPictures } from '../../core/report/report-pictures.ts';
import { keyframeNumbers } from '../../core/segments/borders.ts';
import { toNumber } from '../../core/units.ts';
import type { Evidence } from '../../core/verify/evidence.ts';
import { type Draft, type RenditionWork, timelineOf } from '../encode/work.ts';

export type FilmToShow = Omit<StillsTask, 'frames' | 'size' | 'quality'>;

const SHEET_SIDE = 320;
export const COMPARED_SIDE = 1280;
/** What is compared must not show the faults of JPEG. */
const SHEET_QUALITY = 78;
export const COMPARED_QUALITY = 93;
/** A film that can only be read from its start is not read again for pictures if it has more frames. */
const MOST_READ_AGAIN = 1500;

/**
 * Takes pictures of a verified rendition for its report: frames over its length, and its worst frame beside the source's. None
 * where that fails or costs too much, because a report without pictures is no reason to refuse a rendition.
 */
export async function takePictures(
  draft: Draft,
  { path, shown, pairs }: Seen,
  { output, quality }: Pick<Evidence, 'output' | 'quality'>,
  work: RenditionWork,
): Promise<ReportPictures> {
  const made = filmOfRendition(path, output, draft);
  const sizeWithin = sizesOf(draft);
  const isWhole = shown.length > 0 && made.times.length === draft.source.cut.times.length;
  const look = { size: sizeWithin(SHEET_SIDE), quality: SHEET_QUALITY };
  const take: Take = isWhole ? () => unlessFailed(work.ports.maker.jpegs(shown, look), []) : stillsOf(work);
  const sheet = await sheetOf(made, look.size, take);
  const worst = worstOf(quality?.series ?? [], draft);
  if (worst === undefined) return { sheet };
  const pair = pairs?.get(worst);
  if (pair) return { sheet, worst: await pairOf(pair, { frame: worst, draft, size: sizeWithin(COMPARED_SIDE) }, work) };
  return { sheet, worst: await pairAt(worst, { made, draft, size: sizeWithin(COMPARED_SIDE) }, work) };
}

type Seen = { readonly path: string; readonly shown: readonly Uint8Array[] } & Partial<Pick<LookedOnce, 'pairs'>>;

/** The pictures that one decode of source and rendition is to give; undefined for a film of which single frames are sought. */
export function picturesAtOnce(draft: Draft): SideBySide | undefined {
  const sheet = framesOfSheet(draft);
  return sheet && { sheet, turn: sheet.turn, pair: sizesOf(draft)(COMPARED_SIDE) };
}

/** The frames of the sheet, where a whole decode is to give them; undefined for a film of which single frames are sought. */
export function framesOfSheet(draft: Draft): FramesToShow | undefined {
  const { cut, main } = draft.source;
  if (!isSheetOfWhole(cut.times.length)) return undefined;
  const turn = uprightFilters(main.video.displayMatrix);
  return { frames: sheetFrames(cut.times.length, new Uint32Array()), turn, size: sizesOf(draft)(SHEET_SIDE) };
}

/** Takes pictures of a source that is published as it is. */
export const picturesOfSource = async (draft: Draft, work: RenditionWork): Promise<ReportPictures> => ({
  sheet: await sheetOf(asItLies(draft, work), sizesOf(draft)(SHEET_SIDE), stillsOf(work)),
});

/** The source without anything done to it: its frames, and not the pictures that are made of them. */
const asItLies = (draft: Draft, { source }: RenditionWork): FilmToShow => ({
  ...filmOfSource(draft),
  ...{ among: undefined, fields: undefined, interlacedParts: undefined, shapedParts: undefined },
  ...{ ...timelineOf(source), filters: [], margin: 0 },
});

async function sheetOf(film: FilmToShow, size: Size, take: Take): Promise<ReportPictures['sheet']> {
  const frames = sheetFrames(film.times.length, film.keyframes);
  const taken = await take({ ...film, frames, size, quality: SHEET_QUALITY });
  return taken.flatMap((jpeg, i) => {
    const frame = frames[i];
    return frame === undefined ? [] : [{ seconds: (film.times[frame] ?? 0) * film.tickSeconds, jpeg: base64(jpeg) }];
  });
}

type Take = (task: StillsTask) => Promise<readonly Uint8Array[]>;

export const stillsOf =
  ({ ports, tracking }: Pick<RenditionWork, 'ports' | 'tracking'>): Take =>
  async (task) => {
    if (isTooLong(task)) return [];
    return unlessFailed(ports.maker.stills(task, tracking.signal), []);
  };

const isTooLong = ({ sequential, times }: StillsTask) => sequential && times.length > MOST_READ_AGAIN;

async function unlessFailed<T>(pictures: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await pictures;
  } catch (error) {
    if (error instanceof ServiceError && error.code !== 'interrupted') return otherwise;
    throw error;
  }
}

/** Returns bytes as Base64 (RFC 4648 section 4), as pages hold pictures. */
export const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

function filmOfRendition(path: string, { probe, survey }: Evidence['output'], { source }: Draft): FilmToShow {
  return {
    source: { path, probe, stream: mainVideo(probe)?.index ?? 0 },
    times: presentationTimes(survey.index),
    tickSeconds: toNumber(survey.index.timeBase),
    fileStartSeconds: probe.startSeconds,
    keyframes: keyframeNumbers(survey.index),
    filters: [],
    margin: 0,
    sequential: isSequential(probe.access),
    turn: uprightFilters(source.main.video.displayMatrix),
  };
}

/** The number of the frame with the lowest score, undefined if none was scored. */
function worstOf(series: NonNullable<Evidence['quality']>['series'], { source }: Draft): number | undefined {
  const lowest = series.reduce<(typeof series)[number] | undefined>(
    (low, each) => (low === undefined || each.score < low.score ? each : low),
    undefined,
  );
  if (!lowest) return undefined;
  const { times } = source.cut;
  const frame = times.findIndex(
    (ticks) => Math.abs(ticks * source.tickSeconds - lowest.seconds) < source.tickSeconds / 2,
  );
  return frame < 0 ? undefined : frame;
}

/** One frame of source and rendition, as RGB, for the report. */
async function pairOf(
  pair: readonly Uint8Array[],
  { frame, draft, size }: { readonly frame: number; readonly draft: Draft; readonly size: Size },
  { ports }: RenditionWork,
): Promise<ReportPictures['worst']> {
  const [before, after] = await unlessFailed(ports.maker.jpegs(pair, { size, quality: COMPARED_QUALITY }), []);
  const { cut, tickSeconds } = draft.source;
  return (
    before &&
    after && { seconds: (cut.times[frame] ?? 0) * tickSeconds, source: base64(before), rendition: base64(after) }
  );
}

type PairWork = { readonly made: FilmToShow; readonly draft: Draft; readonly size: Size };

async function pairAt(
  frame: number,
  { made, draft, size }: PairWork,
  { ports, tracking }: RenditionWork,
): Promise<ReportPictures['worst']> {
  const asked = { frames: [frame], size, quality: COMPARED_QUALITY };
  const pair = [
    { ...filmOfSource(draft), ...asked },
    { ...made, ...asked },
  ] as const;
  if (pair.some(isTooLong)) return undefined;
  const taken = await unlessFailed(ports.maker.stillPair(pair, tracking.signal), undefined);
  if (!taken) return undefined;
  const [before, after] = taken;
  const { cut, tickSeconds } = draft.source;
  return { seconds: (cut.times[frame] ?? 0) * tickSeconds, source: base64(before), rendition: base64(after) };
}

/** Returns the source as it is shown beside its rendition: with the rendition's filters, and upright. */
export function filmOfSource({ source, spec }: Draft): FilmToShow {
  const { path, probe, main, cut } = source;
  return {
    source: { path, probe, stream: main.index },
    ...timelineOf(source),
    filters: spec.filters,
    interlacedParts: spec.interlacedParts,
    shapedParts: spec.shapedParts,
    margin: spec.margin,
    sequential: cut.access === 'feed',
    turn: uprightFilters(main.video.displayMatrix),
  };
}

/** The size at which a picture is shown within a side: with square pixels, upright, and no larger than it is. */
export function sizesOf({ spec: { size, sar }, source }: Draft): (side: number) => Size {
  const { displayMatrix } = source.main.video;
  const wide = (size.width * sar.num) / sar.den;
  const isTurned = displayMatrix?.[0] === 0 && displayMatrix[4] === 0;
  const upright = isTurned ? { width: size.height, height: wide } : { width: wide, height: size.height };
  return (side) => {
    const shrink = Math.min(1, side / Math.max(upright.width, upright.height));
    const shown = (length: number) => Math.max(2, Math.round(length * shrink));
    return { width: shown(upright.width), height: shown(upright.height) };
  };
}
