import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePlaylist } from '../../../core/montage/playlist-schema.ts';
import { readPlaylist } from '../../../core/montage/read-playlist.ts';

const track = (...items: readonly unknown[]) => ({ montages: [{ tracks: [{ items }] }] });
const itemsOf = (value: unknown) =>
  readPlaylist(value)?.playlist.montages.flatMap(({ tracks }) =>
    tracks.flatMap(({ items }) => items.map(({ src }) => src)),
  );

describe('the reader of players', () => {
  it.each([
    { wrong: 'no address', item: { name: 'x' }, says: 'item 2 of track 1 of montage 1 names no film' },
    { wrong: 'an end before its beginning', item: { src: 'b', in: 3, out: 2 }, says: 'in is 3 and out is 2' },
    { wrong: 'a time that is no number', item: { src: 'b', in: '3' }, says: 'has no part to play' },
    { wrong: 'no shape at all', item: null, says: 'names no film' },
  ])('leaves out an item with $wrong, says so, and keeps the others', ({ item, says }) => {
    const value = track({ src: 'a' }, item, { src: 'c' });
    expect(itemsOf(value)).toEqual(['a', 'c']);
    expect(readPlaylist(value)?.skipped).toEqual([expect.stringContaining(says)]);
  });

  it('keeps montages and tracks without lists as empty ones, so that positions stay', () => {
    const read = readPlaylist({ montages: [7, { tracks: [{}] }, { tracks: [{ items: [{ src: 'a' }] }] }] });
    expect(read?.playlist.montages.map(({ tracks }) => tracks.length)).toEqual([0, 1, 1]);
    expect(read?.skipped).toEqual(['montage 1 has no list of tracks', 'track 1 of montage 2 has no list of items']);
  });

  it.each([undefined, null, [], 'x', {}, { montages: 'x' }])('knows that %j is no playlist', (value) => {
    expect(readPlaylist(value)).toBeUndefined();
  });

  it('never throws, and reads every playlist that the API stores without leaving anything out', () => {
    const seconds = fc.option(fc.nat(100), { nil: undefined });
    const item = fc.record({
      src: fc.string({ minLength: 1 }),
      in: seconds,
      loop: fc.option(fc.constantFrom(true, 1, 4)),
    });
    const value = fc.oneof(
      fc.anything(),
      fc.array(fc.oneof(item, fc.anything()), { maxLength: 4 }).map((all) => track(...all)),
    );
    fc.assert(
      fc.property(value, (given) => {
        const read = readPlaylist(given);
        if ('playlist' in parsePlaylist(given)) expect(read?.skipped).toEqual([]);
      }),
    );
  });
});
