import { ServiceError } from '../core/errors.ts';
import type { Check } from '../core/manifest.ts';
import type { RenditionSpec } from '../core/recipes/recipe.ts';
import { chooseCrf } from './choose-crf.ts';
import { draftOf } from './draft.ts';
import { type Encoded, encodeSegments } from './encode-segments.ts';
import { type Joined, joinRendition } from './join-rendition.ts';
import { judgeDamage } from './judge-damage.ts';
import { keepOriginal } from './keep-original.ts';
import { readFrames } from './read-source.ts';
import { verifyRendition } from './verify-rendition.ts';
import { type Draft, guarded, type MadeRendition, pieceKey, type Work } from './work.ts';

/** Segments, join, verification. Throws `not-exact` rather than hand on anything that failed a check. */
export async function makeRendition(rendition: RenditionSpec, work: Work): Promise<MadeRendition> {
  try {
    return await attempt(rendition, work);
  } catch (error) {
    // the packets told of other frames than the source decodes to: believe the frames
    if (!(error instanceof ServiceError) || error.details.recut !== true) throw error;
    const { path, probe, main } = work.source;
    const context = { ...work.tracking, watch: work.watch, settings: work.settings };
    const frames = await readFrames({ path, probe, stream: main.index }, work.ports, context);
    const { known, warnings } = work.source;
    const told = known ? judgeDamage(known, { probe, main, settings: work.settings }, frames.index) : [];
    const before = known ? judgeDamage(known, { probe, main, settings: work.settings }) : [];
    const warning = `the packets do not tell the frames (${error.message}); every frame it decodes to is kept`;
    const others = warnings.filter((each) => !before.includes(each));
    const source = { ...work.source, ...frames, warnings: [...others, warning, ...told] };
    return await attempt(rendition, { ...work, source });
  }
}

async function attempt(rendition: RenditionSpec, work: Work): Promise<MadeRendition> {
  const choice = await chooseCrf(rendition, work);
  let crf = choice?.crf;
  for (;;) {
    const settings = crf === undefined ? work.settings : { ...work.settings, crf };
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

async function joinAndVerify(draft: Draft, work: Work, encoded: Encoded): Promise<MadeRendition> {
  const { joined, count } = await joinWhole(draft, work, encoded);
  const made = await verifyRendition(draft, joined, work, count);
  const failed = made.record.checks.filter((check) => !check.passed);
  if (failed.length > 0) throw notExact(draft, failed);
  return made;
}

/** Joins the pieces; those that rotted in the cache since an earlier run are made anew, once. */
async function joinWhole(draft: Draft, work: Work, encoded: Encoded): Promise<{ joined: Joined; count: Encoded }> {
  const first = await joinRendition(draft, work, encoded);
  if (!('rotten' in first)) return { joined: first, count: encoded };
  for (const key of first.rotten) await work.ports.cache.remove(pieceKey(key));
  const count = await encodeSegments(draft, work);
  const second = await joinRendition(draft, work, count);
  if (!('rotten' in second)) return { joined: second, count };
  throw new ServiceError('cannot-write', 'the cache does not keep what is written to it: pieces changed twice');
}

function notExact({ rendition }: Draft, failed: readonly Check[]): ServiceError {
  const told = failed.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
  return new ServiceError('not-exact', `${rendition.name} failed its verification and is not published (${told})`, {
    failed,
  });
}
