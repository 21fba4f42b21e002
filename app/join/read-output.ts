import type { MetadataFate } from '../../core/description/metadata.ts';
import { ServiceError } from '../../core/errors.ts';
import { mainVideo } from '../../core/film/probe.ts';
import type { Source } from '../../core/ports/film-reader.ts';
import type { WholeDecode } from '../../core/ports/measurer.ts';
import { plannedKeyframes } from '../../core/segments/keyframes.ts';
import { taskGroup } from '../../core/task-group.ts';
import type { Evidence } from '../../core/verify/evidence.ts';
import type { Draft, RenditionWork } from '../encode/work.ts';
import { delayOf, type Joined } from './join-rendition.ts';

/** A finished file, and what the readers find in it. */
export type OutputFound = Awaited<ReturnType<typeof readOutput>>;

/**
 * Reads of a finished file all that its checks need besides its frames: its streams, its packets, and how it describes the film. `decode`
 * runs at the same time. Throws `not-exact` where the file cannot be read.
 */
export async function readOutput(
  draft: Draft,
  { path, plan, metadata: lines, notes }: Joined,
  work: RenditionWork,
  decode: (signal: AbortSignal) => Promise<WholeDecode | undefined>,
) {
  const { reader } = work.ports;
  const { signal } = work.tracking;
  const isStream = draft.rendition.delivery === 'stream';
  const { probe, packets } = await reader.inspect(path, signal, { packets: 'follow' }).catch(asOurFault);
  const main = mainVideo(probe);
  const output = { path, probe, stream: main?.index ?? 0, packets };
  const group = taskGroup(signal);
  const [decoded, survey, spherical, stream, metadata, matroska, marks, headers, chapters] = await group.all([
    group.run(decode),
    group.run((either) => surveyOf(output, work, { byPacket: notes.carried.length > 0, signal: either })),
    group.run(async (either) => plan.spherical && reader.spherical(output, either)),
    group.run(async (either) => (isStream ? streamEvidence(draft, path, work.ports, either) : undefined)),
    group.run(async (either) => (lines.length > 0 ? reader.metadata(output, either) : [])),
    group.run(async (either) => (plan.matroska ? reader.matroska(output, either) : undefined)),
    group.run(async (either) =>
      plan.clap || plan.spatial?.length || saysEyes(lines) ? reader.pictureMarks(output, either) : undefined,
    ),
    group.run(async (either) => (plan.headers?.size ? reader.movieHeaders(output, either) : undefined)),
    group.run(async (either) => (plan.chapters ? reader.movieChapters(output, either) : undefined)),
  ]);
  const spool = `${path}.found-notes`;
  const inPictures =
    notes.carried.length > 0 ? await reader.pictureNotes({ source: output, index: survey.index, spool }, signal) : [];
  return {
    path,
    probe,
    main,
    decoded,
    survey,
    spherical,
    stream,
    metadata,
    matroska,
    marks,
    headers,
    chapters,
    inPictures,
  };
}

/** A finished file that cannot be read is our own fault, and never that of its source. */
function asOurFault(error: unknown): never {
  if (!(error instanceof ServiceError) || error.code !== 'bad-input') throw error;
  throw new ServiceError('not-exact', `the finished file cannot be read (${error.message})`, {}, { cause: error });
}

async function streamEvidence(
  draft: Draft,
  path: string,
  { reader }: RenditionWork['ports'],
  signal: AbortSignal,
): Promise<NonNullable<Evidence['stream']>> {
  const { source, spec, segments } = draft;
  return {
    fragments: await reader.fragments(path, signal),
    delaySeconds: delayOf(draft),
    keyframes: plannedKeyframes(segments, ('keyframeEvery' in spec && spec.keyframeEvery) || source.cut.times.length),
  };
}

/** Whether a rendition is said to hold the mark of two eyes. */
const saysEyes = (lines: readonly MetadataFate[]): boolean =>
  lines.some(({ name, fate }) => name === 'frame packing' && fate !== 'dropped');

/**
 * Surveys the output, with the hashes of packets if other renditions are made from it, and in the order of decoding if `byPacket`:
 * what belongs to pictures is read by packets.
 */
function surveyOf(
  output: Source,
  { ports: { reader }, hasChildren }: RenditionWork,
  { byPacket, signal }: { readonly byPacket: boolean; readonly signal: AbortSignal },
) {
  const options = { signal, onProgress: () => {} };
  return hasChildren
    ? reader.survey(output, options)
    : reader.surveyTimes(output, { ...options, keepsOrder: byPacket });
}
