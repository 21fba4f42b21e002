import { type Item, isSamePart, type Playlist, type Position, placeWords, positionName } from './playlist.ts';

/** How the sequencer came to an item. */
export type Move = 'start' | 'repeat' | 'next-item' | 'next-track' | 'next-montage' | 'round' | 'previous' | 'jump';

/** One event of the sequencer; `reason` is a sentence. */
export type SequencerEvent =
  | {
      readonly type: 'step';
      readonly from: Position | undefined;
      readonly to: Position;
      readonly move: Move;
      /** Whether it is the part that was played just before, which is wound back instead of loaded. */
      readonly isReplay: boolean;
      readonly reason: string;
    }
  /** A montage or a track without items, or an item that failed. */
  | { readonly type: 'skip'; readonly at: string; readonly reason: string }
  | { readonly type: 'end'; readonly reason: string };

/** Where the playlist stands. `playing` is undefined before the start, after the end, and where nothing can be played. */
export type SequencerState = {
  readonly playlist: Playlist;
  readonly playing: { readonly position: Position; readonly item: Item; readonly timesPlayed: number } | undefined;
  readonly rounds: number;
  /** Items that failed and were not tried again since, by their position, with the reason. */
  readonly failed: Readonly<Record<string, string>>;
};

export type Sequenced = { readonly state: SequencerState; readonly events: readonly SequencerEvent[] };

/** Returns a playlist that has not begun. */
export const newSequencer = (playlist: Playlist): SequencerState => ({
  playlist,
  playing: undefined,
  rounds: 0,
  failed: {},
});

/** Goes to the first item. */
export const start = (state: SequencerState): Sequenced =>
  onward(state, -1, { move: 'start', why: 'the playlist starts' });

/** The item that is playing came to its end: it is repeated, or the next one follows. */
export function ended(state: SequencerState): Sequenced {
  const { playing } = state;
  if (!playing) return { state, events: [] };
  const { loop = 1 } = playing.item;
  if (loop !== true && playing.timesPlayed >= loop) {
    const next = onward(state, indexOf(state), { why: 'the item ended' });
    return { state: { ...next.state, failed: {} }, events: next.events };
  }
  const left = loop === true ? 'until somebody goes on' : `${loop} times`;
  const again = { ...playing, timesPlayed: playing.timesPlayed + 1 };
  const step = { type: 'step', from: playing.position, to: playing.position, move: 'repeat', isReplay: true } as const;
  return { state: { ...state, playing: again }, events: [{ ...step, reason: `the item is played ${left}` }] };
}

/** Somebody asks for the next item; one that repeats without end is left, too. */
export const skipped = (state: SequencerState): Sequenced =>
  onward(state, indexOf(state), { why: 'somebody asked for the next item' });

/** Somebody asks for the item before; before the first comes the last. */
export function previous(state: SequencerState): Sequenced {
  const places = placesOf(state.playlist).filter(isPlace);
  const at = places.findIndex(({ position }) => isAt(state, position));
  const before = places.at(Math.max(at, 0) - 1);
  return before ? moved(state, before, 'previous', 'somebody asked for the item before') : { state, events: [] };
}

/** Somebody chooses an item; nothing happens where there is none. */
export function jumped(state: SequencerState, to: Position): Sequenced {
  const place = placesOf(state.playlist)
    .filter(isPlace)
    .find(({ position }) => isEqual(position, to));
  return place ? moved({ ...state, failed: {} }, place, 'jump', 'somebody chose this item') : { state, events: [] };
}

/**
 * An item cannot be played: the one that is playing, or one that should be next (`at`). It is passed over until another
 * item has been played to its end and is tried again in the next round; a round without a playable item ends the playlist.
 */
export function failed(state: SequencerState, reason: string, at?: Position): Sequenced {
  const position = at ?? state.playing?.position;
  if (!position) return { state, events: [] };
  const name = positionName(position);
  const noted = { ...state, failed: { ...state.failed, [name]: reason } };
  if (!isAt(state, position)) return { state: noted, events: [{ type: 'skip', at: name, reason }] };
  const next = onward(noted, indexOf(noted), { why: 'an item cannot be played' });
  return { state: next.state, events: [{ type: 'skip', at: name, reason }, ...next.events] };
}

type ItemPlace = { readonly position: Position; readonly item: Item };
type Gap = { readonly at: string; readonly reason: string };

/** All items in the order in which they are played, and between them the montages and tracks that have none. */
function placesOf({ montages }: Playlist): readonly (ItemPlace | Gap)[] {
  return montages.flatMap(({ tracks }, m): readonly (ItemPlace | Gap)[] => {
    if (tracks.length === 0) return [{ at: `M${m}`, reason: `montage ${m + 1} has no tracks` }];
    return tracks.flatMap(({ items }, t): readonly (ItemPlace | Gap)[] => {
      if (items.length === 0)
        return [{ at: `M${m}T${t}`, reason: `${placeWords({ montage: m, track: t })} has no items` }];
      return items.map((item, i) => ({ position: { montage: m, track: t, item: i }, item }));
    });
  });
}

const isPlace = (each: ItemPlace | Gap): each is ItemPlace => 'item' in each;
const isEqual = (a: Position, b: Position) => a.montage === b.montage && a.track === b.track && a.item === b.item;
const isAt = ({ playing }: SequencerState, position: Position) =>
  playing !== undefined && isEqual(playing.position, position);

const indexOf = (state: SequencerState): number =>
  placesOf(state.playlist).findIndex((each) => isPlace(each) && isAt(state, each.position));

/** Goes from a place to the next one that can be played, at most once around. */
function onward(
  state: SequencerState,
  from: number,
  { move, why }: { readonly move?: Move; readonly why: string },
): Sequenced {
  const places = placesOf(state.playlist);
  const events: SequencerEvent[] = [];
  let rounds = 0;
  for (let i = 1; i <= places.length; i++) {
    const place = places[(from + i) % places.length];
    if (from + i === places.length) {
      if (state.playlist.loop === false) return over(state, events, 'the last item of the playlist ended');
      rounds = 1;
    }
    if (!place) continue;
    if (!isPlace(place)) {
      events.push({ type: 'skip', ...place });
      continue;
    }
    const name = positionName(place.position);
    const failure = state.failed[name];
    if (failure !== undefined) {
      if (!isAt(state, place.position)) events.push({ type: 'skip', at: name, reason: failure });
      continue;
    }
    const how = move ?? moveTo(state.playing?.position, place.position, rounds > 0);
    const next = moved({ ...state, rounds: state.rounds + rounds }, place, how, `${why}, and ${WORDS[how]} follows`);
    return { state: next.state, events: [...events, ...next.events] };
  }
  const reasons = [...new Set(Object.values(state.failed))];
  const none =
    reasons.length > 0 ? `no item of the playlist can be played (${reasons.join(' ')})` : 'the playlist has no items';
  return over(state, events, none);
}

const WORDS: Readonly<Record<Move, string>> = {
  start: 'the first item',
  repeat: 'the same item',
  'next-item': 'the next item of the track',
  'next-track': 'the next track',
  'next-montage': 'the next montage',
  round: 'the first item again',
  previous: 'the item before',
  jump: 'the item that was chosen',
};

function moveTo(from: Position | undefined, to: Position, isRound: boolean): Move {
  if (isRound) return 'round';
  if (from?.montage !== to.montage) return 'next-montage';
  return from.track === to.track ? 'next-item' : 'next-track';
}

function moved(state: SequencerState, { position, item }: ItemPlace, move: Move, reason: string): Sequenced {
  const from = state.playing?.position;
  const isReplay = state.playing !== undefined && isSamePart(state.playing.item, item);
  const told = isReplay ? `${reason}; it is the part that was just played` : reason;
  return {
    state: { ...state, playing: { position, item, timesPlayed: 1 } },
    events: [{ type: 'step', from, to: position, move, isReplay, reason: told }],
  };
}

const over = (state: SequencerState, events: readonly SequencerEvent[], reason: string): Sequenced => ({
  state: { ...state, playing: undefined },
  events: [...events, { type: 'end', reason }],
});
