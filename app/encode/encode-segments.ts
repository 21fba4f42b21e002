import type { EncodeSpec } from '../../core/codecs/encode-spec.ts';
import { codecNamed } from '../../core/codecs/index.ts';
import { contextOf } from '../../core/encode/context.ts';
import { relativeTimes, segmentWindow } from '../../core/encode/windows.ts';
import { ServiceError } from '../../core/errors.ts';
import { formatBytes } from '../../core/format.ts';
import { estimateEncode } from '../../core/plan/estimate.ts';
import type { PieceResult, PieceSink, PieceTask } from '../../core/ports/file-maker.ts';
import { segmentsAtOnce } from '../../core/segments/parallelism.ts';
import { feedStart } from '../../core/segments/reach.ts';
import type { Segment } from '../../core/segments/segments.ts';
import { taskGroup } from '../../core/task-group.ts';
import { parseRational, times, toNumber } from '../../core/units.ts';
import { type ProgressMeter, progressMeter } from '../progress-meter.ts';
import type { SegmentDamage } from './describe-damage.ts';
import { damageOf, keepPiece } from './piece-records.ts';
import { piecesThere } from './pieces-there.ts';
import { type Draft, guarded, type RenditionWork, timelineOf } from './work.ts';

export type Encoded = {
  readonly encoded: number;
  readonly reused: number;
  /**
   * Whether the pieces alone are larger than the source where the recipe forbids that; the remaining pieces were not
   * made.
   */
  readonly larger: boolean;
  /** The decoders' messages about the source, including those of pieces that an earlier run made. */
  readonly damage: readonly SegmentDamage[];
};

/** Makes the missing pieces. Each is cached once it is whole, so that a killed run loses only those in progress. */
export async function encodeSegments(draft: Draft, work: RenditionWork): Promise<Encoded> {
  const { request, ports, tracking, watch, source } = work;
  const { segments, rendition, spec } = draft;
  const present = await piecesThere(segments, ports.cache);
  const missing = segments.filter((_, i) => !present[i]);
  const tally = {
    done: segments.length - missing.length,
    encoded: 0,
    bytes: present.reduce((sum, piece) => sum + (piece?.bytes ?? 0), 0),
  };
  await tellPlan(draft, work, tally.done);
  const total = draft.source.cut.times.length;
  const framesPerSecond = toNumber(parseRational(spec.frameRate) ?? { num: 25, den: 1 });
  const meter = progressMeter(
    request.id,
    { phase: 'encode', rendition: rendition.name, total, framesPerSecond },
    ports.clock,
    tracking.emit,
  );
  segments.forEach((segment, i) => {
    const piece = present[i];
    if (!piece) return;
    meter.skip(segment.end - segment.start);
    tellSegment(draft, work, segment, { bytes: piece.bytes, reused: true });
  });
  const tooLarge = () => guarded(work) && tally.bytes >= source.bytes;
  const finish = async (task: PieceTask, result: PieceResult) => {
    await keepExact(task, result, draft, work);
    const bytes = result.exact ? result.bytes : 0;
    tally.encoded++;
    for (const segment of missing.filter(({ key }) => key === task.segment.key)) {
      tally.done++;
      tally.bytes += bytes;
      meter.ended(segment.key, segment.end - segment.start);
      tellSegment(draft, work, segment, { bytes, reused: segment !== task.segment });
    }
    await recordRunning();
  };
  const recordRunning = () =>
    tracking.record({ status: 'running', segments: { done: tally.done, total: segments.length } });
  if (missing.length > 0) await recordRunning();
  const pieces = missing.filter(isFirstOfItsKey);
  const taskOf = (segment: Segment) => pieceTask(segment, draft);
  const encode = draft.source.cut.access === 'seek' ? encodeBySeeking : encodeByFeeding;
  await watch.time('encode', () =>
    encode(pieces, work, {
      taskOf,
      meter,
      finish,
      tooLarge,
      atOnce: work.pieces?.atOnce ?? atOnceOf(spec, ports.cores),
    }),
  );
  const { encoded, done } = tally;
  return { encoded, reused: done - encoded, larger: tooLarge(), damage: await damageOf(segments, work) };
}

/** Segments with equal pictures (a loop, black, a test card) share one piece. */
const isFirstOfItsKey = ({ key }: Segment, i: number, all: readonly Segment[]) =>
  all.findIndex((segment) => segment.key === key) === i;

/** Returns what an encoder is told of a segment, which holds for it alone. */
export function pieceTask(segment: Segment, { source, spec }: Pick<Draft, 'source' | 'spec'>): PieceTask {
  const { path, probe, main, cut, index, firstFrame } = source;
  return {
    source: { path, probe, stream: main.index },
    ...(firstFrame !== undefined && { begins: feedStart(firstFrame, cut) }),
    segment,
    window: segmentWindow(segment, timelineOf(source), spec.margin, contextOf(spec)),
    spec,
    times: relativeTimes(segment, cut.times),
    timeBase: spec.timeFactor ? times(index.timeBase, spec.timeFactor) : index.timeBase,
  };
}

type Run = {
  /**
   * Returns the task of a segment. It holds the times of its own frames only, since those of all tasks would be a copy of
   * a long film's.
   */
  taskOf(segment: Segment): PieceTask;
  readonly meter: ProgressMeter;
  finish(task: PieceTask, result: PieceResult): Promise<void>;
  tooLarge(): boolean;
  readonly atOnce: number;
};

/** Returns the number of segments in progress at once: one for a network, which uses all cores by itself. */
export const atOnceOf = ({ enlarge, size, codec }: EncodeSpec, cores: number) =>
  enlarge ? 1 : segmentsAtOnce(cores, size.height, codecNamed(codec).processors);

/**
 * Makes those pieces that the cache does not have, and says nothing of them but how far each is. They are made one after the
 * other, with all of the machine for each.
 */
export async function encodePieces(
  segments: readonly Segment[],
  draft: Draft,
  work: RenditionWork,
  meter: ProgressMeter,
): Promise<void> {
  const present = await piecesThere(segments, work.ports.cache);
  for (const [i, { key, start, end }] of segments.entries()) if (present[i]) meter.ended(key, end - start);
  const missing = segments.filter((_, i) => !present[i]).filter(isFirstOfItsKey);
  const finish = async (task: PieceTask, result: PieceResult) => {
    await keepExact(task, result, draft, work);
    const { key } = task.segment;
    for (const segment of segments.filter((each) => each.key === key)) meter.ended(key, segment.end - segment.start);
  };
  const encode = draft.source.cut.access === 'seek' ? encodeBySeeking : encodeByFeeding;
  const taskOf = (segment: Segment) => pieceTask(segment, draft);
  await encode(missing, work, { taskOf, meter, finish, tooLarge: () => false, atOnce: 1 });
}

async function encodeBySeeking(
  segments: readonly Segment[],
  { ports: { maker }, tracking, folder, isBehind, pieces }: RenditionWork,
  run: Run,
): Promise<void> {
  const { encode } = pieces ?? { encode: maker.encodeSegment };
  const queue = [...segments];
  const worker = async (signal: AbortSignal) => {
    for (let segment = queue.shift(); segment && !run.tooLarge(); segment = queue.shift()) {
      const { key } = segment;
      const task = run.taskOf(segment);
      const onProgress = (frames: number) => run.meter.running(key, frames);
      const options = { signal, onProgress, nice: isBehind() };
      await run.finish(task, await encode(task, `${folder}/${key}.nut`, options));
    }
  };
  const group = taskGroup(tracking.signal);
  await group.all(Array.from({ length: run.atOnce }, () => group.run(worker)));
}

async function encodeByFeeding(
  segments: readonly Segment[],
  { ports, tracking, folder }: RenditionWork,
  run: Run,
): Promise<void> {
  if (segments.length === 0) return;
  const sink: PieceSink = {
    outputOf: ({ segment }) => `${folder}/${segment.key}.nut`,
    onFrames: ({ segment }, frames) => run.meter.running(segment.key, frames),
    onPiece: run.finish,
  };
  await ports.maker.feedSegments(segments.map(run.taskOf), sink, tracking.signal);
}

/** Caches a piece, unless its frames differ from those that the packets announced. */
export async function keepExact(
  task: PieceTask,
  result: PieceResult,
  draft: Draft,
  work: RenditionWork,
): Promise<void> {
  const { start, end } = task.segment;
  if (!result.exact) {
    const recut = draft.source.index.from === 'packets';
    throw new ServiceError(
      'not-exact',
      `frames ${start} to ${end} came out otherwise than the packets announce them: ${result.found}`,
      { recut },
    );
  }
  await keepPiece(task, result.damage, work);
}

async function tellPlan(
  { segments, spec, source, notes }: Draft,
  { request, ports, tracking }: RenditionWork,
  reused: number,
): Promise<void> {
  const frames = source.cut.times.length;
  const { seconds, diskBytes, usd } = estimateEncode(spec, {
    ...{ frames, left: frames, cores: ports.cores },
    notes,
  });
  tracking.emit({
    type: 'job.planned',
    job: request.id,
    renditions: request.recipe.renditions.map(({ name }) => name),
    frames,
    segments: segments.length,
    reused,
    estimate: { seconds, diskBytes, usd },
  });
  const free = await ports.scratch.freeBytes();
  const needed = diskBytes * (1 - reused / segments.length);
  if (needed <= free) return;
  const message = `this may take ${formatBytes(needed)} of disk, and ${formatBytes(free)} are free; should it run full, what is finished is kept`;
  tracking.emit({ type: 'warning', job: request.id, message });
}

function tellSegment(
  draft: Draft,
  work: RenditionWork,
  segment: Segment,
  { bytes, reused }: { readonly bytes: number; readonly reused: boolean },
): void {
  work.tracking.emit({
    type: 'segment.done',
    job: work.request.id,
    rendition: draft.rendition.name,
    index: draft.segments.indexOf(segment),
    of: draft.segments.length,
    frames: segment.end - segment.start,
    bytes,
    reused,
  });
}
