import type { RenditionSpec } from '../../core/codecs/rendition-spec.ts';
import { refuseContainer } from '../../core/encode/container-refusal.ts';
import { encodeSpecFor, type SpecFor } from '../../core/encode/encode-spec-for.ts';
import { rungFrames } from '../../core/encode/small-rung-rate.ts';
import { usage } from '../../core/errors.ts';
import { plainTurn, withoutScale } from '../../core/film/plain-turn.ts';
import { type Deinterlacing, deinterlacing } from '../../core/filters/deinterlacing.ts';
import { encoderFrameRate } from '../../core/filters/frame-rate.ts';
import { isRateOfFields, type Retiming, retiming } from '../../core/filters/retiming.ts';
import { isMadeUpright } from '../../core/filters/upright.ts';
import type { ToolsByCodec } from '../../core/recipes/recipe-key.ts';
import type { SourceCut } from '../../core/segments/segments.ts';
import { type Container, containerOf, isInMatroska } from '../../core/settings/delivery.ts';
import type { Settings } from '../../core/settings/settings.ts';
import { type Rational, times } from '../../core/units.ts';
import type { SourceFacts } from '../source/read-source.ts';
import { withPictures } from '../source/with-pictures.ts';

/** How the picture of a rendition is made. */
export type DraftPicture = SpecFor & {
  readonly rendition: RenditionSpec;
  /** The source with the frames that are taken. */
  readonly source: SourceFacts;
  /** The source with all its frames. */
  readonly whole: SourceFacts;
  /** What becomes of the source's fields; undefined where nothing is interlaced. */
  readonly deinterlacing: Deinterlacing | undefined;
  /** The film's change of speed; undefined where it keeps its own. */
  readonly retime: Retiming | undefined;
  /** The frame rate of the source's pictures as the film plays them, before frames are chosen among them. */
  readonly frameRate: Rational;
  /** What is to be said of the frames that were chosen. */
  readonly framesTold: readonly string[];
};

/**
 * Decides how the picture of a rendition is made of a source: which frames it takes, of what size and at what rate, and by which spec.
 * Throws `usage` for what is not possible.
 */
export function draftPicture(
  asked: RenditionSpec,
  asItLies: SourceFacts,
  { settings, tools }: { readonly settings: Partial<Settings>; readonly tools: ToolsByCodec },
): DraftPicture {
  const fields = fieldsDone(asked, asItLies, settings);
  const whole = shownBy(containerOf(asked.delivery, settings), withPictures(asItLies, fields), asked);
  const { main, tickSeconds, crop } = whole;
  refuseContainer(asked, settings);
  const sourceRate = encoderFrameRate(main.video, whole.cut.times, tickSeconds);
  const retime = asked.enlarge && retiming(settings, sourceRate);
  const timeFactor = retime?.timeFactor;
  const specOf = (rendition: RenditionSpec, { among }: SourceCut) =>
    encodeSpecFor({
      ...{ rendition, settings, video: main.video, deinterlacing: fields, crop, timeFactor },
      frameRate: rateOf(sourceRate, timeFactor, among?.every),
      every: among?.every,
      tools: tools.get(rendition.codec) ?? {},
    });
  const { size } = specOf(asked, whole.cut).spec;
  const { cut, rendition, told } = rungFrames({ rendition: asked, settings, size, cut: whole.cut, tickSeconds });
  return {
    ...specOf(rendition, cut),
    ...{ rendition, source: { ...whole, cut }, whole, deinterlacing: fields, retime },
    frameRate: rateOf(sourceRate, timeFactor),
    framesTold: told,
  };
}

/**
 * Returns a source as its container shows it, where the rendition's cannot say it so: Matroska turns a picture and does not scale it, and
 * VJ software reads no matrix at all. Throws `usage` for a picture that Matroska cannot show as it is.
 */
function shownBy(container: Container, source: SourceFacts, { delivery }: RenditionSpec): SourceFacts {
  if (!isInMatroska(container) && !isMadeUpright(delivery)) return source;
  const { main } = source;
  const turn = main.video.displayMatrix && plainTurn(main.video.displayMatrix);
  if (isInMatroska(container) && typeof turn === 'string')
    throw usage(`the picture is ${turn} by its container, and Matroska cannot say so; take container=mp4`);
  const video = withoutScale(main.video);
  return video ? { ...source, main: { ...main, video } } : source;
}

/** What becomes of the fields of a source. A rendition that is made of another finds none. */
function fieldsDone(
  { parent, enlarge }: RenditionSpec,
  { fields, cut: { times }, index: { timeBase }, main, tickSeconds }: SourceFacts,
  settings: Partial<Settings>,
): Deinterlacing | undefined {
  if (parent !== 'source') return undefined;
  const fps = enlarge ? settings.fps : undefined;
  const rate = encoderFrameRate(main.video, times, tickSeconds);
  return deinterlacing(
    settings,
    { fields, times, timeBase, pixelFormat: main.video.pixelFormat },
    { isOneForOne: fps !== undefined && !isRateOfFields(fps, rate) },
  );
}

/** Returns the frame rate of a film that is played at another speed, or of which every second (third, ...) frame is taken. */
function rateOf(source: Rational, timeFactor: Rational | undefined, every = 1): Rational {
  const played = timeFactor ? times(source, { num: timeFactor.den, den: timeFactor.num }) : source;
  return every === 1 ? played : times(played, { num: 1, den: every });
}
