import { boxesOf } from '../../core/bytes/boxes.ts';
import { type FragmentPlan, planFragments } from '../../core/fragment/plan-fragments.ts';

/** What the planner says of a whole file: a plan, or why not. */
export function plannedOf(source: Buffer, tracks: readonly number[] = []) {
  const moov = boxesOf(source, 0, source.length).find(({ type }) => type === 'moov');
  if (!moov) throw new Error('the file has no moov');
  return planFragments(source.subarray(moov.start, moov.end), { fileBytes: source.length, tracks });
}

/** The plan of a file that can be fragmented. */
export function planOf(source: Buffer, tracks: readonly number[] = []): FragmentPlan {
  const planned = plannedOf(source, tracks);
  if ('reason' in planned) throw new Error(`not fragmented: ${planned.reason}`);
  return planned.plan;
}

/** The bytes [start, end) of the fragmented form, put together of its pieces. */
export const piecesTogether = (source: Buffer, plan: FragmentPlan, start = 0, end = plan.bytes): Buffer =>
  Buffer.concat(
    [...plan.piecesOf(start, end)].map((piece) =>
      'bytes' in piece ? piece.bytes : source.subarray(piece.start, piece.end),
    ),
  );
