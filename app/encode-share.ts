import { evenShareOf, shareOf, type TaskShare } from '../core/dispatch/fan-out.ts';
import { ServiceError } from '../core/errors.ts';
import { encodingSeconds } from '../core/plan/estimate.ts';
import type { Ports } from '../core/ports/ports.ts';
import type { Segment } from '../core/segments/segments.ts';
import { encodeSegments } from './encode-segments.ts';
import type { JobRequest } from './job-request.ts';
import type { Tracking } from './tracking.ts';
import { withDrafts } from './with-drafts.ts';
import type { Draft } from './work.ts';

/**
 * One task's share of the encoding: its pieces lie in the cache afterwards. Those that are there already are not made
 * again, so that doing a share twice, or two shares that meet, costs nothing.
 */
export async function encodeShare(
  request: JobRequest,
  share: TaskShare,
  ports: Ports,
  tracking: Tracking,
): Promise<void> {
  await withDrafts(request, ports, tracking, async ({ drafts, work }) => {
    const all = drafts.flatMap((draft) => draft.segments.map((segment) => ({ draft, segment })));
    const isSought = drafts.every(({ source }) => source.cut.access === 'seek');
    const mine = isSought ? evenShareOf(all, secondsOf, share) : shareOf(all, share);
    for (const draft of drafts) {
      const segments = mine.filter((each) => each.draft === draft).map(({ segment }) => segment);
      if (segments.length > 0) await unlessRecut(() => encodeSegments({ ...draft, segments }, work));
    }
  });
}

type Piece = { readonly draft: Draft; readonly segment: Segment };

const secondsOf = ({ draft: { spec }, segment: { start, end } }: Piece): number => encodingSeconds(spec, end - start);

/** A source whose packets do not tell its frames is cut anew by its frames, which one task has to do for all: the join. */
async function unlessRecut(encode: () => Promise<unknown>): Promise<void> {
  try {
    await encode();
  } catch (error) {
    if (!(error instanceof ServiceError) || error.details.recut !== true) throw error;
  }
}
