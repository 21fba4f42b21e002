/** A film, or a part of one, in a playlist. */
export type Item = {
  /** A film's `manifest.json` or `master.m3u8`, or one MP4 file. It is resolved against the playlist's own address. */
  readonly src: string;
  readonly name?: string | undefined;
  /** The name of the rendition to play; without it, the player chooses. */
  readonly rendition?: string | undefined;
  /** The part to play, in seconds of the film: [in, out). Without `out`, to the end. */
  readonly in?: number | undefined;
  readonly out?: number | undefined;
  readonly muted?: boolean | undefined;
  /** How often the item is played before the next one; `true`: until somebody goes on. */
  readonly loop?: number | true | undefined;
};

export type Track = { readonly name?: string | undefined; readonly items: readonly Item[] };

export type Montage = { readonly name?: string | undefined; readonly tracks: readonly Track[] };

/** Montages are played one after the other, and so are the tracks of a montage and the items of a track. */
export type Playlist = {
  readonly name?: string | undefined;
  readonly montages: readonly Montage[];
  /** Whether it begins again after its last item; it does unless this is false. */
  readonly loop?: boolean | undefined;
};

/** The place of an item: M0T0I0 is the first item of the first track of the first montage. */
export type Position = { readonly montage: number; readonly track: number; readonly item: number };

/** Returns the name of a position in a montage, all of whose numbers count from 0. */
export const positionName = ({ montage, track, item }: Position): string => `M${montage}T${track}I${item}`;

/** A place as people say it. */
export const placeWords = ({ montage, track, item }: { montage: number; track: number; item?: number }): string =>
  `${item === undefined ? '' : `item ${item + 1} of `}track ${track + 1} of montage ${montage + 1}`;

/** A playlist of one montage and one track with these films, in their order. */
export const playlistOf = (items: readonly Item[], name?: string): Playlist => ({
  ...(name !== undefined && { name }),
  montages: [{ tracks: [{ items }] }],
});

/** The playlist itself, or where none is defined, or none of its tracks has an item, one of all films that there are. */
export const playlistOrDefault = (playlist: Playlist | undefined, films: readonly Item[]): Playlist =>
  playlist && hasItems(playlist) ? playlist : playlistOf(films, 'All films');

const hasItems = ({ montages }: Playlist) =>
  montages.some(({ tracks }) => tracks.some(({ items }) => items.length > 0));

/** Whether two items show the same part of the same rendition, so that the second is the first one again. */
export const isSamePart = (a: Item, b: Item): boolean =>
  a.src === b.src && a.rendition === b.rendition && (a.in ?? 0) === (b.in ?? 0) && a.out === b.out;
