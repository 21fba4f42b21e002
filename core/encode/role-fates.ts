import { hasCharacteristic } from '../description/media-characteristics.ts';
import type { MetadataFate } from '../description/metadata.ts';
import type { Stream } from '../film/probe.ts';
import { type Container, isInMatroska } from '../settings/delivery.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';

/** The marks of a track, by ffmpeg's names, that a container has no place for. */
const WITHOUT: Readonly<Record<Exclude<Container, 'mov'>, readonly string[]>> = {
  mp4: ['clean_effects', 'lyrics', 'karaoke'], // QuickTime's word for what is original is written into it, too
  mkv: ['clean_effects', 'lyrics', 'karaoke'],
  webm: ['clean_effects', 'lyrics', 'karaoke'], // what else it lacks, its description leaves out
};
/** Matroska has one mark for what MP4 calls captions and for those who hear badly, and of sounds one for descriptions and those who see badly. */
const SAME: Readonly<Record<string, string>> = { captions: 'hearing_impaired', descriptions: 'visual_impaired' };

/** Returns a line for each mark of a track that is in the rendition without it. */
export function roleFates(plans: readonly StreamPlan[], container: Container): readonly MetadataFate[] {
  const inside = plans.filter((plan) => plan.codecArgs && !plan.inside && !plan.stream.video?.isAttachedPicture);
  return inside.flatMap(({ stream }) =>
    stream.dispositions
      .filter((mark) => isWithout(container, mark, stream))
      .map((mark) => ({
        place: `track ${stream.index}`,
        name: mark.replaceAll('_', ' '),
        fate: 'dropped' as const,
        why: `${NAMES[container]} has no mark for it`,
      })),
  );
}

function isWithout(container: Container, mark: string, stream: Stream): boolean {
  if (container === 'mov')
    return IN_MOV.includes(mark) && !hasCharacteristic(mark, stream) && !isForcedText(mark, stream);
  return WITHOUT[container].includes(mark) || (isInMatroska(container) && isUnmarked(mark, stream));
}

/** The marks of which MOV says some, by words or by the description of texts. */
const IN_MOV =
  'original clean_effects lyrics karaoke comment dub hearing_impaired visual_impaired captions descriptions forced'.split(
    ' ',
  );

const isForcedText = (mark: string, { type }: Stream): boolean => mark === 'forced' && type === 'subtitle';

/** Whether Matroska says nothing of a mark: descriptions as text have a mark of their own (RFC 9559, FlagTextDescriptions). */
function isUnmarked(mark: string, { type, dispositions }: Stream): boolean {
  const same = SAME[mark];
  if (same === undefined || (type === 'subtitle' && mark === 'descriptions')) return false;
  return !dispositions.includes(same);
}

const NAMES: Readonly<Record<Container, string>> = { mp4: 'MP4', mov: 'MOV', mkv: 'Matroska', webm: 'WebM' };
