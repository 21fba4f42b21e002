import type { RenditionSpec } from '../../core/codecs/rendition-spec.ts';
import { emphasisTold } from '../../core/encode/emphasis-told.ts';
import { eyesTold } from '../../core/encode/picture-marks.ts';
import { planNotes } from '../../core/encode/plan-notes.ts';
import { matrixTold } from '../../core/filters/colour.ts';
import type { Deinterlacing } from '../../core/filters/deinterlacing.ts';
import { fieldsTold } from '../../core/filters/fields-told.ts';
import { encoderFrameRate } from '../../core/filters/frame-rate.ts';
import { retimedStreams } from '../../core/filters/retiming.ts';
import type { Settings } from '../../core/settings/settings.ts';
import { cropInFilters } from '../../core/streams/crop-of-texts.ts';
import { placedInCrop } from '../../core/streams/texts-in-crop.ts';
import { besideOnly, NOT_AS_IT_SHOULD_BE } from '../../core/subtitles/beside.ts';
import { toNumber } from '../../core/units.ts';
import type { SourceFacts } from '../source/read-source.ts';
import { besideOf, type StreamsAsked, wantedStreams } from '../source/wanted-streams.ts';
import { draftPicture } from './draft-picture.ts';
import { draftTracks } from './draft-tracks.ts';
import { segmentsOf } from './key-context.ts';
import type { Draft, RenditionWork } from './work.ts';

type DraftOf = Pick<RenditionWork, 'source' | 'tools' | 'otherWay' | 'decodedFirst'>;

/** Decides everything about a rendition of a source, and makes nothing. Throws `usage` for what is not possible. */
export function draftOf(
  asked: RenditionSpec,
  { source: asItLies, tools, otherWay, decodedFirst }: DraftOf,
  settings: Partial<Settings>,
  projected?: number,
): Draft {
  const picture = draftPicture(asked, asItLies, { settings, tools });
  const { rendition, source, spec, losses, padding } = picture;
  const wanted = wantedStreams(rendition, settings, source);
  const { plans, ...tracks } = draftTracks(picture, wanted, { settings, otherWay, decodedFirst });
  const notes = planNotes({
    ...{ main: source.main, spec, delivery: rendition.delivery, container: wanted.container },
    takes: source.cut.among ? 'some' : source.cut.fields ? 'twice' : 'all',
  });
  const told = [
    ...picture.framesTold,
    ...(rendition.parent === 'source' ? emphasisTold(plans, wanted.container) : []),
    ...matrixTold(source.main.video, spec.colour),
    ...fieldsTold({
      ...aboutFields(asked.name, picture.deinterlacing, asItLies),
      isHalf: source.cut.among !== undefined,
    }),
    ...(rendition.parent === 'source' ? eyesToldOf(source, wanted, notes.kinds.includes('framePacking')) : []),
  ];
  const all = [
    ...(picture.retime ? retimedStreams(plans, source.main.index, picture.retime, wanted.container) : plans),
    ...besideOf(source, wanted, picture.retime?.timeFactor).map((plan) =>
      otherWay?.has(plan.stream.index) ? besideOnly(plan, NOT_AS_IT_SHOULD_BE) : plan,
    ),
  ];
  const crop = source.main.video.displayMatrix ? undefined : cropInFilters(spec.filters, source.main.video);
  return {
    ...{ rendition, source, spec, losses, padding, notes, projected, ...tracks },
    segments: segmentsOf(source, spec),
    plans: spec.filters.some((filter) => filter.startsWith('crop='))
      ? all.map((plan) => placedInCrop(plan, crop))
      : all,
    framesTold: told,
    ...(picture.deinterlacing && { deinterlacing: picture.deinterlacing }),
  };
}

const aboutFields = (
  name: string,
  done: Deinterlacing | undefined,
  { main, cut, fields, tickSeconds }: SourceFacts,
) => ({
  ...{ name, done, framesPerSecond: toNumber(encoderFrameRate(main.video, cut.times, tickSeconds)) },
  isInterlaced: fields.parts.length > 0,
  secondsAt: (frame: number) => (cut.times[Math.min(frame, cut.times.length - 1)] ?? 0) * tickSeconds,
});

const eyesToldOf = ({ main }: SourceFacts, { delivery, container }: StreamsAsked, inPictures: boolean) =>
  eyesTold(main.video, delivery, { container, inPictures });
