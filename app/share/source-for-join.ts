import { type ByteRange, rangesWithout } from '../../core/bytes/byte-ranges.ts';
import { isLossless } from '../../core/codecs/encode-spec.ts';
import { whySkipped } from '../../core/encode/skip-rule.ts';
import { ServiceError } from '../../core/errors.ts';
import { isOnePass, windowStart } from '../../core/quality/passes.ts';
import { CHECK_SAMPLING, sampleWindows } from '../../core/quality/sample.ts';
import { segmentPackets } from '../../core/segments/segments.ts';
import {
  fromSoughtKeyframe,
  packetsRead,
  partsBesidePicture,
  type SegmentNeed,
} from '../../core/segments/source-parts.ts';
import { keptClass } from '../../core/settings/kept-class.ts';
import { keyContext } from '../encode/key-context.ts';
import { damageOf } from '../encode/piece-records.ts';
import { piecesThere } from '../encode/pieces-there.ts';
import { type Draft, guarded, type RenditionWork, timelineOf } from '../encode/work.ts';
import type { SourceFacts } from '../source/read-source.ts';
import { readsAsPlanned } from './fetch-needed.ts';
import { type KnownSource, readPlannedFilm } from './planned-film.ts';
import { type Drafting, type Drafts, withKnownDrafts } from './with-drafts.ts';

/** The source of a join: a file of which the picture is only there where it is looked at, and what the plan found in the whole. */
export type JoinSource = { readonly facts: SourceFacts; release(): Promise<void> };

/**
 * Fetches what a join reads of a source whose pieces are all there: everything but the picture, of which the frames alone that
 * are compared with the result. Every other stream must have the hash that the plan step found, and so must the packets of
 * those frames; if ffmpeg begins earlier than was expected, more is fetched once. Returns undefined where more of the source is
 * read, or may be.
 */
export async function sourceForJoin(drafting: Drafting): Promise<JoinSource | undefined> {
  const { request, ports, tracking } = drafting;
  const planned = request.isPlanned && (await readPlannedFilm(request, ports));
  if (!planned || planned.facts.sha256 === '' || planned.facts.cut.access !== 'seek') return undefined;
  const samples = await withKnownDrafts(planned.facts, drafting, ({ drafts, work }) => samplesOf(drafts, work));
  if (!samples) return undefined;
  const needs = samples.map((sample) => fromSoughtKeyframe(sample, planned.film));
  const partsOf = (wider: 0 | 1) =>
    partsBesidePicture(
      planned.film,
      needs.map((need) => packetsRead(need, planned.film, wider)),
    );
  const isWhole = (parts: readonly ByteRange[]) => parts[0]?.end === planned.film.bytes;
  if (isWhole(partsOf(0))) return undefined;
  const file = await ports.sources.fetchParts(request.source, planned.version, tracking.signal);
  if (!file) return undefined;
  const facts = { ...planned.facts, path: file.path };
  const isAsPlanned = async (wider: 0 | 1) =>
    (await readsAsPlanned(needs, wider, { planned, file, work: drafting })) && (await othersAreThere(facts, drafting));
  try {
    let had: readonly ByteRange[] = [];
    for (const wider of [0, 1] as const) {
      const parts = partsOf(wider);
      if (isWhole(parts)) break;
      await file.fill(rangesWithout(parts, had));
      had = parts;
      if (await isAsPlanned(wider)) return { facts, release: () => file.release() };
    }
  } catch (error) {
    await file.release();
    throw error;
  }
  await file.release();
  return undefined;
}

/** The packets of the frames that a join compares; undefined if it reads more of the picture. */
async function samplesOf(
  drafts: readonly Draft[],
  work: Pick<Drafts, 'work'>['work'],
): Promise<readonly SegmentNeed[] | undefined> {
  if (drafts.length === 0 || readsMore(work)) return undefined;
  const needs: SegmentNeed[] = [];
  for (const draft of drafts) {
    const frames = draft.source.cut.times.length;
    const windows = sampleWindows(frames, CHECK_SAMPLING);
    if (isOnePass(frames, { windows, sequential: false }) || (await looksAtAll(draft, work))) return undefined;
    const { source, spec } = draft;
    const ranges = windows.map(({ startFrame, lead, frames: count }) => ({
      start: startFrame - lead,
      end: startFrame + count,
    }));
    const packets = segmentPackets(source.index, { ...source.cut, ranges }, keyContext(draft));
    for (const [i, window] of windows.entries()) {
      const { seekSeconds } = windowStart(window, { ...timelineOf(source), margin: spec.margin });
      const needed = packets[i];
      if (needed) needs.push({ packets: needed, seekSeconds });
    }
  }
  return needs;
}

/** Whether the settings, or what the picture has in it, have a join read the whole source. */
function readsMore({ settings, source, request }: RenditionWork): boolean {
  const { vmaf, crop, telecine, lossless } = settings;
  const asked = vmaf !== undefined || crop !== undefined || telecine !== undefined || lossless === true;
  return (
    asked ||
    keptClass(settings) !== undefined ||
    request.remake === true ||
    source.main.video.hasClosedCaptions === true
  );
}

/** Whether the join of a rendition reads the source's whole picture, or may come to publish the source itself. */
async function looksAtAll({ spec, notes, segments, source, rendition }: Draft, work: RenditionWork): Promise<boolean> {
  const { main, bytes, cut } = source;
  if (isLossless(spec) || notes.kinds.length > 0 || rendition.parent !== 'source') return true;
  if (whySkipped({ settings: work.settings, spec, main, bytes, frames: cut.times.length }) !== undefined) return true;
  const pieces = await piecesThere(segments, work.ports.cache);
  if (pieces.some((piece) => !piece)) return true;
  const made = pieces.reduce((sum, piece) => sum + (piece?.bytes ?? 0), 0);
  return (guarded(work) && made > 0.8 * bytes) || (await damageOf(segments, work)).length > 0;
}

/** Whether the streams beside the picture are those that the plan step found. */
async function othersAreThere(
  { path, probe, main, streams }: KnownSource['facts'],
  { ports, tracking }: Drafting,
): Promise<boolean> {
  try {
    const source = { path, probe, stream: main.index };
    const found = await ports.reader.survey(source, { signal: tracking.signal, onProgress: () => {} });
    return streams.every(({ stream, sha256 }) => {
      const there = found.streams.find((each) => each.stream === stream);
      return stream === main.index || there?.sha256 === sha256;
    });
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'bad-input') return false;
    throw error;
  }
}

/** Whether a join that failed with parts of its source is to be tried with the whole. */
export const mayNeedWhole = (error: unknown): boolean =>
  error instanceof ServiceError && ['not-exact', 'bad-input', 'busy', 'bug'].includes(error.code);
