import { EDIT_LIST } from '../bytes/edit-list-box.ts';
import type { TrackReference } from '../bytes/track-references.ts';
import { type MetadataFate, NO_PLACE } from '../description/metadata.ts';
import type { TrackHeader } from '../description/movie-headers.ts';
import { type Container, isInMatroska } from '../settings/delivery.ts';

type TrackToTell = {
  readonly header: TrackHeader;
  /** The place of the track in the source. */
  readonly from: number;
  /** The places of tracks in the rendition, by their places in the source. */
  readonly tracks: ReadonlyMap<number, number>;
  readonly container: Container;
};

/** The references of a track whose tracks are all in the rendition, by their places there. */
export const keptReferences = (
  { references = [] }: TrackHeader,
  tracks: TrackToTell['tracks'],
): readonly TrackReference[] =>
  references.flatMap(({ type, tracks: named }) => {
    const places = named.flatMap((place) => tracks.get(place) ?? []);
    return places.length === named.length && places.length > 0 ? [{ type, tracks: places }] : [];
  });

/** The lines of what a track says of other tracks, of the speed of its parts, and of the parts of its packets. */
export function trackLines({ header, from, tracks, container }: TrackToTell): readonly MetadataFate[] {
  const { references = [], speeds = [], hasGap, hasSubsamples } = header;
  const place = `track ${from}`;
  const kept = new Set(keptReferences(header, tracks).map(({ type }) => type));
  const told = references.map(({ type }): MetadataFate => {
    const line = { place, name: `${REFERENCE} ${type}` };
    if (!kept.has(type)) return { ...line, fate: 'dropped', why: 'it leads to a track that is not written with it' };
    return isInMatroska(container)
      ? { ...line, fate: 'dropped', why: NO_PLACE }
      : { ...line, fate: 'kept', why: 'it stands with its track' };
  });
  const [speed] = speeds;
  return [
    ...told,
    ...(speed === undefined ? [] : [{ place, name: EDIT_LIST, fate: 'dropped', why: speedWhy(speed) } as const]),
    ...(hasGap ? [{ place, name: EDIT_LIST, fate: 'dropped', why: GAP } as const] : []),
    ...(hasSubsamples ? [{ place, name: 'subs', fate: 'dropped', why: OF_PACKETS } as const] : []),
  ];
}

const REFERENCE = 'reference';
const OF_PACKETS = 'it describes parts of the packets of the source';

const GAP =
  'it shows nothing for a while between two parts, where ffmpeg shows the beginning of the track once more, and so does what is made here; keep the source';

const speedWhy = (speed: number): string =>
  `it plays a part ${speed === 0 ? 'as one moment that stands' : `at ${speed} times its speed`}, which ffmpeg does not do; here the part lasts as long at normal speed, so that it shows more or less of the film than it did`;
