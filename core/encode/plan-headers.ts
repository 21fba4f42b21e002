import { type MetadataFate, NO_PLACE } from '../description/metadata.ts';
import type { MovieHeaders, TrackHeader, WantedHeaders } from '../description/movie-headers.ts';
import type { WrittenTag } from '../description/written-tags.ts';
import type { Probe } from '../film/probe.ts';
import { type Container, isInMatroska } from '../settings/delivery.ts';
import { keptReferences, trackLines } from './track-lines.ts';

type HeadersPlan = {
  /** What the headers of the rendition say, by the numbers of its tracks. */
  readonly wanted: WantedHeaders;
  /** What Matroska says in tags of tracks and of the film instead. */
  readonly tags: ReadonlyMap<number, readonly WrittenTag[]>;
  readonly ofFilm: readonly WrittenTag[];
  readonly fates: readonly MetadataFate[];
};

const NOTHING: HeadersPlan = { wanted: new Map(), tags: new Map(), ofFilm: [], fates: [] };

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
  const pictures = probe.streams.filter(({ video }) => video && !video.isAttachedPicture).map(({ index }) => index);
  const lines = there.flatMap(({ from, header }) => [
    ...linesOf(header, { from, headers, container }),
    ...(pictures.length > 1 && pictures.includes(from) ? placeLines(header, { from, container }) : []),
    ...textPlaceLines(header, { from, container }),
    ...trackLines({ from, header, tracks, container }),
  ]);
  const changed = isChange(headers.modified, [headers.created]);
  const ofFilm = changed ? [changeLine('movie', container)] : [];
  if (!isInMatroska(container)) {
    const ofTracks = there.map(
      ({ to, header }) => [to, { ...withRoom(header, container), references: keptReferences(header, tracks) }] as const,
    );
    const film = ['movie', { modified: inRoom(headers.modified) }] as const;
    return {
      ...NOTHING,
      wanted: new Map<number | 'movie', Partial<TrackHeader>>([...ofTracks, film]),
      fates: [...lines, ...ofFilm],
    };
  }
  const tags = there.map(({ from, to, header }) => {
    const handler = handlerOf(probe, from);
    const own = hasOwnDate(header, headers) ? [dateTag(header)] : [];
    const change = hasOwnChange(header, headers) ? [changeTag(header.modified || header.mediaModified)] : [];
    return [to, [...own, ...change, ...(handler === undefined ? [] : [handlerTag(handler)])]] as const;
  });
  const handlers = there.flatMap(({ from }) => (handlerOf(probe, from) === undefined ? [] : [handlerFate(from)]));
  return {
    ...{ wanted: new Map(), tags: new Map(tags), ofFilm: changed ? [changeTag(headers.modified)] : [] },
    fates: [...lines, ...handlers, ...ofFilm],
  };
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
    ...(hasOwnChange(header, headers) ? [changeLine(`track ${from}`, container)] : []),
    ...(isLate ? [{ ...line('creation_time'), fate: 'dropped' as const, why: 'it lies behind 2040' }] : []),
  ];
}

/** The lines of where one of several pictures stands in the film. In MP4 its place stands in its matrix, which is copied. */
function placeLines(
  { layer, at }: TrackHeader,
  { from, container }: Omit<HeaderAt, 'headers'>,
): readonly MetadataFate[] {
  const place = `track ${from}`;
  const lost = (name: string): MetadataFate => ({ place, name, fate: 'dropped', why: NO_PLACE });
  if (isInMatroska(container))
    return [...(layer ? [lost('layer')] : []), ...(at ? [lost('position in the film')] : [])];
  return layer ? [{ place, name: 'layer', fate: 'kept', why: 'it stands in the header of its track' }] : [];
}

/** The lines of where texts stand. MP4 has their place within their track in its description, which is copied. */
function textPlaceLines(
  { display, at, placesTexts }: TrackHeader,
  { from, container }: Omit<HeaderAt, 'headers'>,
): readonly MetadataFate[] {
  if (display === undefined) return [];
  const ofTrack = isInMatroska(container) ? 'Matroska has no place for it' : 'ffmpeg writes tracks of text without it';
  const lost = (name: string, why: string): MetadataFate => ({ place: `track ${from}`, name, fate: 'dropped', why });
  return [
    ...(at ? [lost('position of its track in the film', ofTrack)] : []),
    ...(placesTexts && isInMatroska(container) ? [lost('position of its texts', NO_PLACE)] : []),
  ];
}

const AS_ALWAYS = 'players of Matroska play one track of each kind, as if all of them were one group';

/** Whether a track was made at another time than its film, as one that was added later. */
const hasOwnDate = ({ created, mediaCreated }: TrackHeader, headers: MovieHeaders): boolean =>
  [created, mediaCreated].some((date) => date > SECONDS_TO_1970 && date < LAST_DATE && date !== headers.created);

/**
 * The dates of the last change are the source's, in the header of the film and in those of its tracks: they say when somebody last
 * edited what it shows. When the rendition was made is in the manifest. They are told where they are no date of creation.
 */
const isChange = (modified: number, dates: readonly number[]): boolean =>
  modified > SECONDS_TO_1970 && modified < LAST_DATE && !dates.includes(modified);

/** Whether a track was last changed at another time than its film. */
const hasOwnChange = (header: TrackHeader, { modified, created }: MovieHeaders): boolean =>
  [header.modified, header.mediaModified].some((date) =>
    isChange(date, [modified, created, header.created, header.mediaCreated]),
  );

const changeLine = (place: string, container: Container): MetadataFate => ({
  ...{ place, name: 'modification_time' },
  ...(isInMatroska(container)
    ? { fate: 'converted', why: 'written as a tag of Matroska' }
    : {
        fate: 'kept',
        why: place === 'movie' ? 'it stands in the header of the film' : 'it stands in the header of its track',
      }),
});

const changeTag = (seconds: number): WrittenTag => ({
  as: 'MODIFICATION_TIME',
  value: new Date((seconds - SECONDS_TO_1970) * 1000).toISOString(),
  language: undefined,
});

const inRoom = (seconds: number): number => (seconds < LAST_DATE ? seconds : 0);

const withRoom = (header: TrackHeader, container: Container): TrackHeader => ({
  ...header,
  display: container === 'mp4' ? header.display : undefined,
  created: inRoom(header.created),
  mediaCreated: inRoom(header.mediaCreated),
  modified: inRoom(header.modified),
  mediaModified: inRoom(header.mediaModified),
});

function dateTag({ created, mediaCreated }: TrackHeader): WrittenTag {
  const seconds = mediaCreated > SECONDS_TO_1970 && mediaCreated < LAST_DATE ? mediaCreated : created;
  const value = new Date((seconds - SECONDS_TO_1970) * 1000).toISOString().replace('.000Z', 'Z');
  return { as: 'CREATION_TIME', value, language: undefined };
}
