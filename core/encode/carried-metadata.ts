import { carriedMetadata, leftByMatroska, type MetadataBox, type MetadataPlan } from '../film/metadata.ts';
import type { Probe, Stream } from '../film/probe.ts';
import { metadataOfTags } from '../film/tag-boxes.ts';
import type { Container } from '../settings/delivery.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';

type MetadataSource = {
  readonly probe: Probe;
  readonly boxes: readonly MetadataBox[];
  readonly plans: readonly StreamPlan[];
  readonly mainStream: number;
  readonly container: Container;
};

/** What ffmpeg is told of a file's tags: the names that it must not copy, and when the film was made. */
export type TagsOfFile = { readonly without: readonly string[]; readonly createdAt: string | undefined };

/** Decides how a rendition that is no stream describes the film, from how its source does. */
export function planMetadata({ probe, boxes, plans, mainStream, container }: MetadataSource): MetadataPlan {
  if (container === 'mkv') return { boxes: [], fates: leftByMatroska(boxes) };
  if (!probe.format.startsWith('mov')) return metadataOfTags(probe.tags);
  const written = plans.filter(
    ({ stream, codecArgs, inside }) =>
      stream.index !== mainStream && codecArgs && !inside && !stream.video?.isAttachedPicture,
  );
  const tracks = [mainStream, ...written.map(({ stream }) => stream.index)].map((from, to) => [from, to] as const);
  const hasCovers = plans.every(({ stream, codecArgs }) => !stream.video?.isAttachedPicture || codecArgs);
  return carriedMetadata(boxes, { tracks: new Map(tracks), hasCovers });
}

/** What a program wrote into a file about that file, which holds for no other. */
const OF_THE_FILE = ['major_brand', 'minor_version', 'compatible_brands', 'encoder'];
/** What mkvmerge counted of a track (Matroska, Tagging: statistics). */
const STATISTICS = /^(_statistics_.*|bps|duration|number_of_frames|number_of_bytes|source_id)(-[a-z]{2,3})?$/;

/** Returns what ffmpeg is told of the source's tags. */
export function tagsOfFile({ tags }: Pick<Probe, 'tags'>): TagsOfFile {
  return { without: OF_THE_FILE.filter((name) => name in tags), createdAt: tags.creation_time };
}

/** Returns the names of a stream's tags that do not hold for the rendition's; `isNew` says that the stream was encoded again. */
export const staleTags = ({ tags }: Pick<Stream, 'tags'>, isNew: boolean): readonly string[] =>
  Object.keys(tags).filter((name) => STATISTICS.test(name) || (isNew && name === 'encoder'));
