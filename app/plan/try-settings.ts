import { ServiceError } from '../../core/errors.ts';
import type { Metric } from '../../core/quality/metric.ts';
import { type SampleWindow, sampleWindows } from '../../core/quality/sample.ts';
import { isHopeless, type TriedSettings, tryingSampling } from '../../core/quality/try-before.ts';
import type { SampleMoment } from '../../core/report/sample-html.ts';
import { contentKeys, type Segment } from '../../core/segments/segments.ts';
import { type RawSettings, resolveSettings } from '../../core/settings/settings.ts';
import { parseRational, toNumber } from '../../core/units.ts';
import { draftOf } from '../encode/draft.ts';
import { keepExact, pieceTask } from '../encode/encode-segments.ts';
import { keyContext } from '../encode/key-context.ts';
import { scorePieces } from '../encode/score-pieces.ts';
import { type Draft, pieceKey, type RenditionWork } from '../encode/work.ts';
import type { JobRequest } from '../job-request.ts';
import {
  base64,
  COMPARED_QUALITY,
  COMPARED_SIDE,
  type FilmToShow,
  filmOfSource,
  sizesOf,
  stillsOf,
} from '../join/take-pictures.ts';
import { withDrafts } from '../share/with-drafts.ts';
import type { Tracking } from '../tracking.ts';

export type Trial = {
  readonly metric: Metric;
  readonly tried: readonly TriedSettings[];
  readonly moments: readonly SampleMoment[];
  /** How many frames were encoded for each set of settings, of how many. */
  readonly frames: number;
  readonly allFrames: number;
  readonly sourceBytes: number;
};

type TrialRequest = JobRequest & {
  readonly variants: readonly Readonly<Record<string, string>>[];
  /** More than this, as a share of the source in percent, is given up early. */
  readonly maxPercent: number | undefined;
  onTried(tried: TriedSettings, metric: Metric): void;
};

/** Encodes a sample of a film with each set of settings, and measures it. Publishes nothing. Throws `bad-input` if the film cannot be sought. */
export function trySettings(request: TrialRequest, ports: RenditionWork['ports'], tracking: Tracking): Promise<Trial> {
  return withDrafts({ request, ports, tracking }, async ({ drafts: [first], work }) => {
    if (!first)
      throw new ServiceError(
        'bad-input',
        `${request.source} can only be read from its beginning, so no part of it can be tried; put it into an MP4 or MKV first, without encoding`,
      );
    const { rendition, source, spec } = first;
    const rate = toNumber(parseRational(spec.frameRate) ?? { num: 25, den: 1 });
    const windows = sampleWindows(source.cut.times.length, tryingSampling(rate));
    const metric = await ports.measurer.qualityMetric(spec, source.probe);
    const tried: TriedSettings[] = [];
    const encoded: EncodedSample[] = [];
    for (const settings of request.variants) {
      const resolved = resolveSettings(request.recipe, asked(request.settings, settings));
      const draft = draftOf(rendition, work, resolved);
      const outcome = await tryOne(draft, { settings, windows, maxPercent: request.maxPercent }, work);
      tried.push(outcome.tried);
      if (outcome.tried.givenUp === undefined) encoded.push({ draft, settings, segments: outcome.segments });
      request.onTried(outcome.tried, metric);
    }
    const frames = windows.reduce((sum, window) => sum + window.frames, 0);
    const moments = await momentsOf(windows, encoded, first, work);
    return { metric, tried, moments, frames, allFrames: source.cut.times.length, sourceBytes: source.bytes };
  });
}

/** A CRF and a target of quality exclude each other, so that what a trial varies replaces the other one. */
const asked = (common: RawSettings, own: Readonly<Record<string, string>>): RawSettings => ({ ...common, ...own });

type EncodedSample = {
  readonly draft: Draft;
  readonly settings: Readonly<Record<string, string>>;
  readonly segments: readonly Segment[];
};

type One = {
  readonly settings: Readonly<Record<string, string>>;
  readonly windows: readonly SampleWindow[];
  readonly maxPercent: number | undefined;
};

async function tryOne(
  draft: Draft,
  { settings, windows, maxPercent }: One,
  work: RenditionWork,
): Promise<{ readonly tried: TriedSettings; readonly segments: readonly Segment[] }> {
  const { source } = draft;
  const all = source.cut.times.length;
  const ranges = windows.map(({ startFrame, frames }) => ({ start: startFrame, end: startFrame + frames }));
  const segments = contentKeys(source.index, { ...source.cut, ranges }, keyContext(draft));
  const sum = { frames: 0, bytes: 0, seconds: 0 };
  const projected = () => (sum.bytes * all) / Math.max(1, sum.frames);
  const percent = () => (100 * projected()) / Math.max(1, source.bytes);
  let isOver = false;
  for (const [i, segment] of segments.entries()) {
    const began = work.ports.clock.elapsed();
    sum.bytes += await encodedBytes(segment, draft, work);
    sum.seconds += (work.ports.clock.elapsed() - began) / 1000;
    sum.frames += segment.end - segment.start;
    isOver = isHopeless(percent(), maxPercent, i + 1, segments.length);
    if (isOver) break;
  }
  const scores = isOver ? [] : await scorePieces(segments, windows, draft, work);
  const weighted = scores.reduce((all, score, i) => all + score * (windows[i]?.frames ?? 0), 0);
  const framesPerSecond = sum.frames / Math.max(0.001, sum.seconds);
  const tried: TriedSettings = {
    settings,
    bytes: Math.round(projected()),
    percent: percent(),
    mean: isOver ? undefined : weighted / Math.max(1, sum.frames),
    lowest: isOver ? undefined : Math.min(...scores),
    framesPerSecond,
    secondsForAll: all / framesPerSecond,
    givenUp: isOver
      ? `it would have ${percent().toFixed(0)} % of the source's size, and at most ${maxPercent} % are allowed`
      : undefined,
  };
  return { tried, segments };
}

async function encodedBytes(segment: Segment, draft: Draft, work: RenditionWork): Promise<number> {
  const { ports, tracking, folder } = work;
  const there = await ports.cache.head(pieceKey(segment.key));
  if (there) return there.bytes;
  const task = pieceTask(segment, draft);
  const options = { signal: tracking.signal, onProgress: () => {} };
  const result = await ports.maker.encodeSegment(task, `${folder}/${segment.key}.nut`, options);
  await keepExact(task, result, draft, work);
  return result.exact ? result.bytes : 0;
}

const MOMENTS = 3;

/** A frame in the middle of three stretches: of the source, and of each encode that was not given up. */
async function momentsOf(
  windows: readonly SampleWindow[],
  encoded: readonly EncodedSample[],
  draft: Draft,
  work: RenditionWork,
): Promise<readonly SampleMoment[]> {
  const chosen = Array.from({ length: MOMENTS }, (_, i) => momentAt((i + 0.5) / MOMENTS, windows));
  const take = stillsOf(work);
  const shown = { size: sizesOf(draft)(COMPARED_SIDE), quality: COMPARED_QUALITY };
  const film = filmOfSource(draft);
  const moments: SampleMoment[] = [];
  for (const { at, inside } of chosen) {
    const frame = (windows[at]?.startFrame ?? 0) + inside;
    const [source] = await take({ ...film, ...shown, frames: [frame] });
    const pictures: string[] = [];
    for (const { segments } of encoded) {
      const [picture] = await pieceStill(segments[at], { inside, film, shown }, work);
      if (picture) pictures.push(base64(picture));
    }
    if (!source || pictures.length < encoded.length) continue;
    const seconds = (film.times[frame] ?? 0) * film.tickSeconds;
    moments.push({ seconds, source: base64(source), encodes: pictures });
  }
  return moments;
}

/** The stretch in which a share of all frames of the stretches lies, and the number of the frame in it. */
function momentAt(share: number, windows: readonly SampleWindow[]): { readonly at: number; readonly inside: number } {
  let left = Math.floor(share * windows.reduce((sum, { frames }) => sum + frames, 0));
  for (const [at, { frames }] of windows.entries()) {
    if (left < frames) return { at, inside: left };
    left -= frames;
  }
  return { at: 0, inside: 0 };
}

type PieceStill = {
  readonly inside: number;
  readonly film: FilmToShow;
  readonly shown: { readonly size: ReturnType<ReturnType<typeof sizesOf>>; readonly quality: number };
};

/** A piece is a short film of its own, read from its beginning. */
async function pieceStill(segment: Segment | undefined, { inside, film, shown }: PieceStill, work: RenditionWork) {
  const piece = await work.ports.cache.fetch(pieceKey(segment?.key ?? ''), work.tracking.signal);
  try {
    const { probe } = film.source;
    const own = { source: { path: piece.path, probe: { ...probe, streams: [] }, stream: 0 }, sequential: true };
    const frames = (segment?.end ?? 0) - (segment?.start ?? 0);
    const times = film.times.subarray(0, frames);
    return await stillsOf(work)({ ...film, ...own, times, filters: [], margin: 0, ...shown, frames: [inside] });
  } finally {
    await piece.release();
  }
}
