import { encodeSteps } from '../../core/encode/encode-steps.ts';
import type { PieceResult, PieceTo } from '../../core/ports/file-maker.ts';
import type { WorkOptions } from '../../core/ports/work-options.ts';
import { seekArgs } from '../../core/segments/reach.ts';
import { checkedPiece, encodeTo, type FfmpegPaths, segmentReading } from './encode-segment.ts';
import { besidePath } from './pack-beside.ts';

/**
 * Encodes pieces of several renditions by one decode of their source. Returns undefined where one decode cannot give all of them: they
 * are read from different places, by different programs, or in several steps.
 */
export async function encodeTogether(
  toolsFor: (piece: PieceTo) => FfmpegPaths,
  pieces: readonly PieceTo[],
  options: WorkOptions,
): Promise<readonly PieceResult[] | undefined> {
  const [first, ...others] = pieces;
  if (!first || !pieces.every(isOneStep)) return undefined;
  const placeOf = (piece: PieceTo) => JSON.stringify([toolsFor(piece).ffmpeg, ...readFrom(piece)]);
  if (others.some((other) => placeOf(other) !== placeOf(first))) return undefined;
  const damage = await encodeTo(toolsFor(first).ffmpeg, [first, ...others], options);
  return Promise.all(pieces.map(({ task, output }) => checkedPiece(task, { output, damage }, options.signal)));
}

const isOneStep = ({ task: { spec }, output }: PieceTo) =>
  spec.enlarge === undefined && encodeSteps(spec).length === 1 && besidePath(spec, output) === undefined;

function readFrom({ task }: PieceTo) {
  const { input, stream, window } = segmentReading(task);
  return [input, stream, seekArgs(window)];
}
