import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Item, type Playlist, playlistOf, positionName } from '../../../core/montage/playlist.ts';
import {
  ended,
  failed,
  jumped,
  newSequencer,
  previous,
  type Sequenced,
  type SequencerEvent,
  type SequencerState,
  skipped,
  start,
} from '../../../core/montage/sequencer.ts';

const film = (src: string, more: Partial<Item> = {}): Item => ({ src, ...more });
const at = ({ playing }: SequencerState) => playing && positionName(playing.position);
const told = (events: readonly SequencerEvent[]) =>
  events.map((event) => (event.type === 'step' ? `${event.move} ${positionName(event.to)}` : event.type));

/** The moves of a sequencer that is told `ended` so many times. */
function played(playlist: Playlist, times: number) {
  let now = start(newSequencer(playlist));
  const moves = [told(now.events)];
  for (let i = 0; i < times; i++) {
    now = ended(now.state);
    moves.push(told(now.events));
  }
  return moves.map((each) => each.join(', '));
}

const two: Playlist = {
  montages: [
    { tracks: [{ items: [film('a'), film('b')] }, { items: [film('c')] }] },
    { tracks: [{ items: [film('d')] }] },
  ],
};

describe('the sequencer', () => {
  it('goes from item to track to montage and round to M0T0I0', () => {
    expect(played(two, 5)).toEqual([
      'start M0T0I0',
      'next-item M0T0I1',
      'next-track M0T1I0',
      'next-montage M1T0I0',
      'round M0T0I0',
      'next-item M0T0I1',
    ]);
  });

  it('replays a playlist of one item, and an item that follows itself', () => {
    const replays = (playlist: Playlist) => {
      const { state } = start(newSequencer(playlist));
      return ended(state).events.flatMap((event) => (event.type === 'step' ? [event.isReplay, event.reason] : []));
    };
    expect(replays(playlistOf([film('a')]))).toEqual([
      true,
      'the item ended, and the first item again follows; it is the part that was just played',
    ]);
    expect(replays(playlistOf([film('a'), film('a')]))[0]).toBe(true);
    expect(replays(playlistOf([film('a'), film('a', { in: 2 })]))[0]).toBe(false);
  });

  it('says of each montage and track without items that it passes over it', () => {
    const holes: Playlist = {
      montages: [{ tracks: [] }, { tracks: [{ items: [] }, { items: [film('a')] }] }, { tracks: [{ items: [] }] }],
    };
    const { state, events } = start(newSequencer(holes));
    expect(events).toEqual([
      { type: 'skip', at: 'M0', reason: 'montage 1 has no tracks' },
      { type: 'skip', at: 'M1T0', reason: 'track 1 of montage 2 has no items' },
      expect.objectContaining({
        type: 'step',
        move: 'start',
        reason: 'the playlist starts, and the first item follows',
      }),
    ]);
    expect(told(ended(state).events)).toEqual(['skip', 'skip', 'skip', 'round M1T1I0']);
  });

  it.each([
    { of: 'no montage', playlist: { montages: [] } },
    { of: 'empty montages', playlist: { montages: [{ tracks: [] }, { tracks: [{ items: [] }] }] } },
  ])('ends at once where there is $of', ({ playlist }) => {
    const { state, events } = start(newSequencer(playlist));
    expect(at(state)).toBeUndefined();
    expect(events.at(-1)).toEqual({ type: 'end', reason: 'the playlist has no items' });
  });

  it('ends after the last item where the playlist does not loop', () => {
    const { state } = ended(
      ended(start(newSequencer({ ...playlistOf([film('a'), film('b')]), loop: false })).state).state,
    );
    expect(at(state)).toBeUndefined();
    expect(told(ended(state).events)).toEqual([]);
  });

  it('repeats an item as often as it says, and one without end until somebody goes on', () => {
    expect(played(playlistOf([film('a', { loop: 2 }), film('b')]), 3)).toEqual([
      'start M0T0I0',
      'repeat M0T0I0',
      'next-item M0T0I1',
      'round M0T0I0',
    ]);
    let now: Sequenced = start(newSequencer(playlistOf([film('a', { loop: true }), film('b')])));
    for (let i = 0; i < 50; i++) now = ended(now.state);
    expect(at(now.state)).toBe('M0T0I0');
    expect(at(skipped(now.state).state)).toBe('M0T0I1');
  });

  it('passes over an item that fails while another plays, and tries it again in the next round', () => {
    const three = playlistOf([film('a'), film('b'), film('c')]);
    const playing = start(newSequencer(three)).state;
    const noted = failed(playing, 'the server has no such file', { montage: 0, track: 0, item: 1 });
    expect(noted.events).toEqual([{ type: 'skip', at: 'M0T0I1', reason: 'the server has no such file' }]);
    expect(at(noted.state)).toBe('M0T0I0');
    const next = ended(noted.state);
    expect(told(next.events)).toEqual(['skip', 'next-item M0T0I2']);
    expect(told(ended(ended(next.state).state).events)).toEqual(['next-item M0T0I1']);
  });

  it('ends with all reasons when no item can be played, instead of spinning', () => {
    let now = start(newSequencer(playlistOf([film('a'), film('b')])));
    now = failed(now.state, 'It is no film.');
    expect(at(now.state)).toBe('M0T0I1');
    now = failed(now.state, 'The server is away.');
    expect(now.events.at(-1)).toEqual({
      type: 'end',
      reason: 'no item of the playlist can be played (It is no film. The server is away.)',
    });
    expect(at(start({ ...now.state, failed: {} }).state)).toBe('M0T0I0');
  });

  it('goes back, from the first item to the last, and to any item that somebody chooses', () => {
    const { state } = start(newSequencer(two));
    expect(at(previous(state).state)).toBe('M1T0I0');
    expect(at(jumped(state, { montage: 0, track: 1, item: 0 }).state)).toBe('M0T1I0');
    expect(jumped(state, { montage: 9, track: 0, item: 0 })).toEqual({ state, events: [] });
    expect(at(previous(newSequencer(two)).state)).toBe('M1T0I0');
  });

  const playlists: fc.Arbitrary<Playlist> = fc
    .array(fc.array(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 4 }), { maxLength: 4 }), { maxLength: 4 })
    .map((montages) => ({
      montages: montages.map((tracks) => ({
        tracks: tracks.map((items) => ({ items: items.map((src) => film(src)) })),
      })),
    }));
  const placesOf = ({ montages }: Playlist) =>
    montages.flatMap(({ tracks }, m) => tracks.flatMap(({ items }, t) => items.map((_, i) => `M${m}T${t}I${i}`)));

  it('plays each item exactly once a round, in order, whatever the playlist', () => {
    fc.assert(
      fc.property(playlists, (playlist) => {
        const places = placesOf(playlist);
        let now = start(newSequencer(playlist));
        const seen = [at(now.state)];
        for (let i = 1; i < 2 * places.length; i++) {
          now = ended(now.state);
          seen.push(at(now.state));
        }
        expect(seen).toEqual(places.length === 0 ? [undefined] : [...places, ...places]);
      }),
    );
  });

  it('plays each item that works once a round, and ends where none does, whichever fail', () => {
    fc.assert(
      fc.property(playlists, fc.array(fc.boolean(), { minLength: 64, maxLength: 64 }), (playlist, isBad) => {
        const places = placesOf(playlist);
        const good = places.filter((_, i) => !isBad[i]);
        const settled = (from: Sequenced) => {
          let now = from;
          for (let tries = 0; now.state.playing && !good.includes(at(now.state) ?? ''); tries++) {
            expect(tries).toBeLessThan(places.length);
            now = failed(now.state, 'bad');
          }
          return now;
        };
        let now = settled(start(newSequencer(playlist)));
        const seen: (string | undefined)[] = [];
        for (let i = 0; i < 2 * good.length; i++) {
          seen.push(at(now.state));
          now = settled(ended(now.state));
        }
        expect(seen).toEqual([...good, ...good]);
        if (good.length === 0) expect(at(now.state)).toBeUndefined();
      }),
    );
  });
});
