import { codecNamed } from '../core/encode/codecs/index.ts';
import { encodeSpecFor } from '../core/encode/encode-spec-for.ts';
import { encoderFrameRate } from '../core/encode/frame-rate.ts';
import { usage } from '../core/errors.ts';
import { withoutEarlySound } from '../core/media/early-sound.ts';
import { withSoundTimes } from '../core/media/sound-times.ts';
import { planStreams, type StreamsWanted } from '../core/media/streams.ts';
import { containerOf, type RenditionSpec } from '../core/recipes/recipe.ts';
import type { Settings } from '../core/recipes/settings.ts';
import { contentKeys, type KeyContext } from '../core/segments/segments.ts';
import { times } from '../core/units.ts';
import { contextOf } from '../core/upscale/context.ts';
import { retimedStreams, retiming } from '../core/upscale/retiming.ts';
import type { Draft, Work } from './work.ts';

/** A rendition of a source, decided to the last argument; nothing is made yet. Throws `usage` for what cannot be. */
export function draftOf(
  rendition: RenditionSpec,
  { source, tools }: Pick<Work, 'source' | 'tools'>,
  settings: Partial<Settings>,
  projected?: number,
): Draft {
  const { main, cut, tickSeconds, interlaced, crop } = source;
  const container = settings.container ?? 'mp4';
  if (container === 'mkv' && main.video.displayMatrix)
    throw usage('the picture is turned by its container, and Matroska cannot say so; take container=mp4');
  const sourceRate = encoderFrameRate(main.video, cut.times, tickSeconds);
  const retime = rendition.enlarge && retiming(settings, sourceRate);
  const frameRate = retime ? times(sourceRate, { num: retime.slower.den, den: retime.slower.num }) : sourceRate;
  const { spec, losses } = encodeSpecFor({
    rendition,
    settings,
    video: main.video,
    frameRate,
    interlaced,
    crop,
    slower: retime?.slower,
    tools: tools.get(rendition.codec) ?? {},
  });
  const wanted = wantedStreams(rendition, settings);
  const all = planStreams(source.probe, wanted);
  const fitting = wanted.container === 'mkv' ? withoutEarlySound(all, main.index, source.streams) : all;
  const plans = withSoundTimes(fitting, {
    ...{ probe: source.probe, container: wanted.container, surveys: source.streams },
  });
  const segments = contentKeys(source.index, cut, keyContext({ source, spec }));
  return {
    rendition,
    source,
    spec,
    losses,
    segments,
    plans: retime ? retimedStreams(plans, main.index, retime, containerOf(rendition.delivery, settings)) : plans,
    projected,
  };
}

/** What the keys of a draft's pieces are made of, besides its pictures. */
export function keyContext({ source, spec }: Pick<Draft, 'source' | 'spec'>): KeyContext {
  const { index, main, cut } = source;
  return {
    spec: { ...spec, extradata: main.extradataHash, access: cut.access },
    independent: index.from === 'frames' || INTRA_ONLY.has(main.codec),
    margin: spec.margin,
    context: contextOf(spec),
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
