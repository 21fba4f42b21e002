import type { RenditionSpec } from '../../core/codecs/rendition-spec.ts';
import { refuseWithoutBase } from '../../core/encode/plan-notes.ts';
import { whySkipped } from '../../core/encode/skip-rule.ts';
import { whatIsLost } from '../../core/encode/what-is-lost.ts';
import { ServiceError } from '../../core/errors.ts';
import type { Check } from '../../core/job/manifest.ts';
import { streamsOfFailedJoin } from '../../core/streams/another-way.ts';
import { areOfPictures } from '../../core/verify/second-way.ts';
import { chooseCrf, withCrf } from '../encode/choose-crf.ts';
import { damagedFrames } from '../encode/describe-damage.ts';
import { draftOf } from '../encode/draft.ts';
import { type Encoded, encodeSegments } from '../encode/encode-segments.ts';
import { type Draft, guarded, type MadeRendition, pieceKey, type RenditionWork } from '../encode/work.ts';
import { type Joined, joinRendition } from '../join/join-rendition.ts';
import { verifyRendition } from '../join/verify-rendition.ts';
import { byAnotherWay } from './another-way.ts';
import { keepOriginal } from './keep-original.ts';

/**
 * Makes one rendition: segments, join, verification. A failed part is made another way, each stream and each way once, and the failure
 * becomes a warning. Throws `not-exact` if a check still fails.
 */
export async function makeRendition(rendition: RenditionSpec, work: RenditionWork): Promise<MadeRendition> {
  try {
    return await attempt(rendition, work);
  } catch (error) {
    const other = error instanceof ServiceError ? await byAnotherWay(error, work) : undefined;
    if (!other) throw blamed(error, work);
    return await makeRendition(rendition, other);
  }
}

/** What differs from decode to decode, also by one thread, is the source's fault where its decoder finds it damaged. */
function blamed(error: unknown, { source }: RenditionWork): unknown {
  if (!(error instanceof ServiceError) || error.code !== 'not-exact' || error.details.isDamaged !== true) return error;
  if (!source.probe.byOneThread) return error;
  const sentence = `the film is damaged, and each decode of it gives other pictures (${error.message})`;
  return new ServiceError('bad-input', sentence, error.details, { cause: error });
}

async function attempt(rendition: RenditionSpec, work: RenditionWork): Promise<MadeRendition> {
  const first = draftOf(rendition, work, work.settings);
  const skipped = skipReason(first, work.settings);
  if (skipped !== undefined) return keepOriginal(first, work, { encoded: 0, reused: 0, damage: [] }, skipped);
  if (first.rendition.parent === 'source') refuseWithoutBase(first.source.main);
  for (const message of whatIsLost(first)) work.tracking.emit({ type: 'warning', job: work.request.id, message });
  const choice = await chooseCrf(rendition, work);
  let crf = choice?.crf;
  for (;;) {
    const settings = crf === undefined ? work.settings : withCrf(rendition, work.settings, crf);
    const draft = draftOf(rendition, work, settings, choice?.projected);
    const encoded = await encodeSegments(draft, work);
    if (encoded.larger) return keepOriginal(draft, work, encoded);
    const made = await joinAndVerify(draft, work, encoded);
    crf = choice?.next(made.record.quality);
    if (crf !== undefined) continue;
    if (guarded(work) && made.record.bytes >= work.source.bytes) return keepOriginal(draft, work, encoded);
    const verdict = choice?.verdict();
    return verdict === undefined ? made : { ...made, warnings: [...made.warnings, verdict] };
  }
}

/** The rule of `skipBelow`, which holds for renditions of the source itself. */
function skipReason({ rendition, spec, source }: Draft, settings: RenditionWork['settings']): string | undefined {
  const { main, bytes, cut } = source;
  return rendition.parent === 'source'
    ? whySkipped({ settings, spec, main, bytes, frames: cut.times.length })
    : undefined;
}

async function joinAndVerify(draft: Draft, work: RenditionWork, encoded: Encoded): Promise<MadeRendition> {
  const { joined, count } = await joinWhole(draft, work, encoded).catch((error: unknown) => {
    if (!(error instanceof ServiceError) || error.code !== 'bug') throw error;
    const otherWay = streamsOfFailedJoin(draft, draft.source.main.index);
    throw new ServiceError('bug', error.message, { ...error.details, otherWay }, { cause: error });
  });
  const { toBlame, outOfPlace, ...made } = await verifyRendition(draft, joined, work, count);
  const failed = made.record.checks.filter((check) => !check.passed);
  if (failed.length === 0) return made;
  // before the frames were decoded by one thread, another way is taken in any case
  const asks = areOfPictures(failed) && draft.source.probe.byOneThread && !work.unsteady;
  const damaged = asks ? await damagedFrames(draft.source, work) : [];
  const isDamaged =
    areOfPictures(failed) && (count.damage.length > 0 || damaged.length > 0 || work.unsteady !== undefined);
  throw notExact(draft, failed, { otherWay: toBlame, outOfPlace, isDamaged, damaged });
}

/** Joins the pieces. Pieces that were corrupted in the cache are made again, once. */
async function joinWhole(
  draft: Draft,
  work: RenditionWork,
  encoded: Encoded,
): Promise<{ joined: Joined; count: Encoded }> {
  const first = await joinRendition(draft, work, encoded);
  if (!('corrupt' in first)) return { joined: first, count: encoded };
  for (const key of first.corrupt) await work.ports.cache.remove(pieceKey(key));
  const count = await encodeSegments(draft, work);
  const second = await joinRendition(draft, work, count);
  if (!('corrupt' in second)) return { joined: second, count };
  throw new ServiceError('cannot-write', 'the cache does not keep what is written to it: pieces changed twice');
}

type Blame = {
  readonly otherWay: ReadonlySet<number>;
  readonly outOfPlace: ReadonlySet<number>;
  readonly isDamaged: boolean;
  /** The numbers of its damaged frames, as far as they were asked for. */
  readonly damaged: readonly number[];
};

function notExact(
  { rendition }: Draft,
  failed: readonly Check[],
  { otherWay, outOfPlace, isDamaged, damaged }: Blame,
): ServiceError {
  const told = failed.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
  const details = { failed, otherWay, outOfPlace, isDamaged, damaged, recut: otherWay.size === 0 };
  return new ServiceError(
    'not-exact',
    `${rendition.name} failed its verification and is not published (${told})`,
    details,
  );
}
