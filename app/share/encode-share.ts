import { evenShareOf, shareOf, type TaskShare } from '../../core/dispatch/fan-out.ts';
import { ServiceError } from '../../core/errors.ts';
import { encodingSeconds } from '../../core/plan/estimate.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Segment } from '../../core/segments/segments.ts';
import { encodeSegments } from '../encode/encode-segments.ts';
import type { Draft, RenditionWork } from '../encode/work.ts';
import type { JobRequest } from '../job-request.ts';
import type { Tracking } from '../tracking.ts';
import { encodeStretches } from './encode-stretches.ts';
import { fetchNeeded } from './fetch-needed.ts';
import { type KnownSource, readPlannedFilm } from './planned-film.ts';
import { type Drafting, withDrafts, withKnownDrafts } from './with-drafts.ts';

/**
 * Encodes one task's share and caches its pieces. Cached pieces are not made again, so that a share can be repeated, and
 * two shares may overlap, at no cost. Of the source it fetches what its pieces are made of, if the plan step says where that
 * is and the source is still the same; otherwise it fetches and reads all of it.
 */
export async function encodeShare(
  request: JobRequest,
  share: TaskShare,
  ports: Ports,
  tracking: Tracking,
): Promise<void> {
  const drafting = { request, ports, tracking };
  const planned = await readPlannedFilm(request, ports);
  if (planned && (await encodeFromParts(planned, share, drafting))) return;
  await withDrafts(drafting, async ({ drafts, work }) => {
    for (const draft of shareIn(drafts, share)) await unlessRecut(() => encodeSegments(draft, work));
  });
}

/** Encodes the share from parts of the source; false if the source is not the one of the plan any more, and all of it helps. */
async function encodeFromParts(planned: KnownSource, share: TaskShare, drafting: Drafting): Promise<boolean> {
  const { request, ports, tracking } = drafting;
  if (planned.film.map.reading === 'stretches') {
    await withKnownDrafts(planned.facts, drafting, ({ fed, work }) =>
      encodeStretches(shareIn(fed, share), planned, work),
    );
    return true;
  }
  const file = await ports.sources.fetchParts(request.source, planned.version, tracking.signal);
  if (!file) return false;
  try {
    await withKnownDrafts(planned.facts, drafting, async ({ drafts, work }) => {
      const mine = shareIn(drafts, share).map((draft) => ({ ...draft, source: { ...draft.source, path: file.path } }));
      await fetchNeeded(mine, { planned, file, work });
      for (const draft of mine) await unlessRecut(() => encodeSegments(draft, workOn(draft, work)));
    });
  } finally {
    await file.release();
  }
  return true;
}

const workOn = ({ source }: Draft, work: RenditionWork): RenditionWork => ({ ...work, source });

/** The drafts with the segments of one share, without those of which the share has none. */
function shareIn(drafts: readonly Draft[], share: TaskShare): readonly Draft[] {
  const all = drafts.flatMap((draft) => draft.segments.map((segment) => ({ draft, segment })));
  const isSought = drafts.every(({ source }) => source.cut.access === 'seek');
  const mine = isSought ? evenShareOf(all, secondsOf, share) : shareOf(all, share);
  return drafts.flatMap((draft) => {
    const segments = mine.filter((each) => each.draft === draft).map(({ segment }) => segment);
    return segments.length > 0 ? [{ ...draft, segments }] : [];
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
