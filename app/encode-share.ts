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
 * Encodes one task's share and caches its pieces. Cached pieces are not made again, so that a share can be repeated, and
 * two shares may overlap, at no cost.
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

/**
 * Ignores the failure of a source whose packets do not tell its frames: only the join step can cut it again, by its
 * decoded frames.
 */
async function unlessRecut(encode: () => Promise<unknown>): Promise<void> {
  try {
    await encode();
  } catch (error) {
    if (!(error instanceof ServiceError) || error.details.recut !== true) throw error;
  }
}
