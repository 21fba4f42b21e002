import { codecNamed } from '../core/encode/codecs/index.ts';
import { encodeSpec } from '../core/encode/encode-spec.ts';
import { encoderFrameRate } from '../core/encode/frame-rate.ts';
import { ServiceError, usage } from '../core/errors.ts';
import type { Check } from '../core/manifest.ts';
import { planStreams, type StreamsWanted } from '../core/media/streams.ts';
import { containerOf, type RenditionSpec } from '../core/recipes/recipe.ts';
import type { Settings } from '../core/recipes/settings.ts';
import { contentKeys } from '../core/segments/segments.ts';
import { chooseCrf } from './choose-crf.ts';
import { type Encoded, encodeSegments } from './encode-segments.ts';
import { joinRendition } from './join-rendition.ts';
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
    const warning = `the packets do not tell the frames (${error.message}); every frame it decodes to is kept`;
    const source = { ...work.source, ...frames, warnings: [...work.source.warnings, warning] };
    return await attempt(rendition, { ...work, source });
  }
}

async function attempt(rendition: RenditionSpec, work: Work): Promise<MadeRendition> {
  const chosen = await chooseCrf(rendition, work);
  const draft = draftOf(rendition, work, chosen.settings, chosen.projected);
  const encoded = await encodeSegments(draft, work);
  if (encoded.larger) return keepOriginal(draft, work, encoded);
  const made = await joinAndVerify(draft, work, encoded);
  const again = chosen.correct(made.record.quality);
  if (again !== undefined) return attempt(rendition, { ...work, settings: { ...work.settings, ...again } });
  const size = made.record.bytes;
  if (guarded(work) && size >= work.source.bytes) return keepOriginal(draft, work, encoded);
  return made;
}

export function draftOf(
  rendition: RenditionSpec,
  { source, tools }: Pick<Work, 'source' | 'tools'>,
  settings: Partial<Settings>,
  projected?: number,
): Draft {
  const { main, cut, tickSeconds, interlaced } = source;
  const container = settings.container ?? 'mp4';
  if (container === 'mkv' && main.video.displayMatrix)
    throw usage('the picture is turned by its container, and Matroska cannot say so; take container=mp4');
  const frameRate = encoderFrameRate(main.video, cut.times, tickSeconds);
  const { spec, losses } = encodeSpec({
    rendition,
    settings,
    video: main.video,
    frameRate,
    interlaced,
    tools: tools.get(rendition.codec) ?? {},
  });
  const independent = source.index.from === 'frames' || INTRA_ONLY.has(main.codec);
  const context = {
    spec: { ...spec, extradata: main.extradataHash, access: cut.access },
    independent,
    margin: spec.margin,
  };
  const segments = contentKeys(source.index, cut, context);
  return {
    rendition,
    source,
    spec,
    losses,
    segments,
    plans: planStreams(source.probe, wantedStreams(rendition, settings)),
    projected,
  };
}

export const wantedStreams = (rendition: RenditionSpec, settings: Partial<Settings>): StreamsWanted => ({
  delivery: rendition.delivery,
  container: containerOf(rendition.delivery, settings),
  title: codecNamed(rendition.codec).title,
});

/** Codecs of which every packet decodes by itself, whatever its container says of keyframes. */
const INTRA_ONLY = new Set(
  'prores dnxhd mjpeg hap dxv huffyuv ffvhuff utvideo v210 v308 v408 v410 r210 rawvideo png jpeg2000 dvvideo cfhd magicyuv qtrle_i bmp tiff'.split(
    ' ',
  ),
);

async function joinAndVerify(draft: Draft, work: Work, encoded: Encoded): Promise<MadeRendition> {
  const joined = await joinRendition(draft, work);
  const verified = await verifyRendition(draft, joined, work, encoded);
  const failed = verified.record.checks.filter((check) => !check.passed);
  if (failed.length === 0) return verified;
  if (encoded.reused === 0) throw notExact(draft, failed);
  // pieces of an earlier run may have rotted on the disk: make all of them anew, once
  for (const { key } of draft.segments) await work.ports.cache.remove(pieceKey(key));
  const anew = await encodeSegments(draft, work);
  const again = await verifyRendition(draft, await joinRendition(draft, work), work, anew);
  const still = again.record.checks.filter((check) => !check.passed);
  if (still.length > 0) throw notExact(draft, still);
  return again;
}

function notExact({ rendition }: Draft, failed: readonly Check[]): ServiceError {
  const told = failed.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
  return new ServiceError('not-exact', `${rendition.name} failed its verification and is not published (${told})`, {
    failed,
  });
}
