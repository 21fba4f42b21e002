import { type MetadataFate, NO_PLACE } from '../film/metadata.ts';
import type { MovieHeaders, TrackHeader } from '../film/movie-headers.ts';
import type { Probe } from '../film/probe.ts';
import type { WrittenTag } from '../film/written-tags.ts';
import { type Container, isInMatroska } from '../settings/delivery.ts';

type HeadersPlan = {
  /** What the headers of the rendition's tracks say, by their numbers. */
  readonly wanted: ReadonlyMap<number, TrackHeader>;
  /** What Matroska says in tags of tracks instead. */
  readonly tags: ReadonlyMap<number, readonly WrittenTag[]>;
  readonly fates: readonly MetadataFate[];
};

const NOTHING: HeadersPlan = { wanted: new Map(), tags: new Map(), fates: [] };

/** As loud as the samples are. */
const FULL_VOLUME = 256;
/** MP4's shorter dates end in 2040. */
const LAST_DATE = 2 ** 32;
const SECONDS_TO_1970 = 2_082_844_800;

/** Decides what of a movie's headers goes into a rendition: loudness, balance and groups of tracks, and when each was made. */
export function planHeaders(
  headers: MovieHeaders | undefined,
  {
    probe,
    tracks,
    container,
  }: { readonly probe: Probe; readonly tracks: ReadonlyMap<number, number>; readonly container: Container },
): HeadersPlan {
  const covers = probe.streams.filter(({ video }) => video?.isAttachedPicture).length;
  if (!headers || headers.tracks.length !== probe.streams.length - covers) return NOTHING;
  const there = [...tracks].flatMap(([from, to]) => {
    const header = headers.tracks[from];
    return header ? [{ from, to, header }] : [];
  });
  const lines = there.flatMap(({ from, header }) => linesOf(header, { from, headers, container }));
  if (!isInMatroska(container))
    return { ...NOTHING, wanted: new Map(there.map(({ to, header }) => [to, withRoom(header)])), fates: lines };
  const tags = there.map(({ from, to, header }) => {
    const handler = handlerOf(probe, from);
    const own = hasOwnDate(header, headers) ? [dateTag(header)] : [];
    return [to, [...own, ...(handler === undefined ? [] : [handlerTag(handler)])]] as const;
  });
  const handlers = there.flatMap(({ from }) => (handlerOf(probe, from) === undefined ? [] : [handlerFate(from)]));
  return { ...NOTHING, tags: new Map(tags), fates: [...lines, ...handlers] };
}

/** What a muxer calls every track of a kind, which Matroska says by the type of the track. */
const OF_EVERY_TRACK =
  /^(.*(Video|Sound|Audio|Subtitle|Text|Data|Media|Time ?Code|Metadata)\s?Handler\W*|Core Media.*|ISO Media.*|GPAC.*|L-SMASH.*|\W*)$/i;

/** The name that a movie gives the handler of a track, where cameras say what the track is: "GoPro AVC". */
function handlerOf({ streams }: Probe, track: number): string | undefined {
  const name = streams[track]?.tags.handler_name;
  return name === undefined || OF_EVERY_TRACK.test(name) ? undefined : name;
}

const handlerTag = (value: string): WrittenTag => ({ as: 'HANDLER_NAME', value, language: undefined });

const handlerFate = (track: number): MetadataFate => ({
  ...{ place: `track ${track}`, name: 'handler_name', fate: 'converted', why: 'written as a tag of Matroska' },
});

type HeaderAt = { readonly from: number; readonly headers: MovieHeaders; readonly container: Container };

function linesOf(header: TrackHeader, { from, headers, container }: HeaderAt): readonly MetadataFate[] {
  const { volume, balance, group } = header;
  const isMatroska = isInMatroska(container);
  const line = (name: string): MetadataFate =>
    isMatroska
      ? { place: `track ${from}`, name, fate: 'dropped', why: NO_PLACE }
      : { place: `track ${from}`, name, fate: 'kept', why: 'it stands in the header of its track' };
  const isGrouped = group !== 0 && headers.tracks.filter((other) => other.group === group).length > 1;
  const isLate = [header.created, header.mediaCreated].some((date) => date >= LAST_DATE);
  const date: MetadataFate = isMatroska
    ? { ...line('creation_time'), fate: 'converted', why: 'written as a tag of Matroska' }
    : line('creation_time');
  return [
    ...(balance !== undefined && volume !== FULL_VOLUME ? [line('volume')] : []),
    ...(balance !== undefined && balance !== 0 ? [line('balance')] : []),
    ...(isGrouped ? [isMatroska ? { ...line('alternate group'), why: AS_ALWAYS } : line('alternate group')] : []),
    ...(hasOwnDate(header, headers) ? [date] : []),
    ...(isLate ? [{ ...line('creation_time'), fate: 'dropped' as const, why: 'it lies behind 2040' }] : []),
  ];
}

const AS_ALWAYS = 'players of Matroska play one track of each kind, as if all of them were one group';

/** Whether a track was made at another time than its film, as one that was added later. */
const hasOwnDate = ({ created, mediaCreated }: TrackHeader, headers: MovieHeaders): boolean =>
  [created, mediaCreated].some((date) => date > SECONDS_TO_1970 && date < LAST_DATE && date !== headers.created);

const withRoom = (header: TrackHeader): TrackHeader => ({
  ...header,
  created: header.created < LAST_DATE ? header.created : 0,
  mediaCreated: header.mediaCreated < LAST_DATE ? header.mediaCreated : 0,
});

function dateTag({ created, mediaCreated }: TrackHeader): WrittenTag {
  const seconds = mediaCreated > SECONDS_TO_1970 && mediaCreated < LAST_DATE ? mediaCreated : created;
  const value = new Date((seconds - SECONDS_TO_1970) * 1000).toISOString().replace('.000Z', 'Z');
  return { as: 'CREATION_TIME', value, language: undefined };
}
