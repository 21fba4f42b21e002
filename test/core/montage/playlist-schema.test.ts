import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { playlistOf, playlistOrDefault } from '../../../core/montage/playlist.ts';
import { parsePlaylist, playlistJsonSchema, playlistSchema } from '../../../core/montage/playlist-schema.ts';

const item = { src: 'films/a/manifest.json', in: 1, out: 4, muted: true, loop: 3, rendition: 'sd', name: 'A' };
const withItem = (each: unknown) => ({ montages: [{ tracks: [{ items: [each] }] }] });

describe('the schema of playlists', () => {
  it('takes all that a playlist may have', () => {
    const playlist = {
      name: 'Evening',
      loop: false,
      montages: [{ name: 'one', tracks: [{ name: 'left', items: [item] }] }],
    };
    expect(parsePlaylist(playlist)).toEqual({ playlist });
    expect(parsePlaylist({ montages: [] })).toEqual({ playlist: { montages: [] } });
    expect(playlistSchema.parse(playlist)).toEqual(playlist);
  });

  it.each([
    { wrong: undefined, at: 'its top' },
    { wrong: { montages: {} }, at: 'montages' },
    { wrong: { montages: [], tracks: [] }, at: 'its top' },
    { wrong: withItem({ ...item, src: '' }), at: 'montages.0.tracks.0.items.0.src' },
    { wrong: withItem({ ...item, out: 1 }), at: 'montages.0.tracks.0.items.0: out must be later than in' },
    { wrong: withItem({ ...item, in: -1 }), at: 'montages.0.tracks.0.items.0.in' },
    { wrong: withItem({ ...item, loop: 0 }), at: 'montages.0.tracks.0.items.0.loop' },
    { wrong: withItem({ ...item, speed: 2 }), at: 'montages.0.tracks.0.items.0' },
  ])('refuses $wrong and says where it is wrong', ({ wrong, at }) => {
    expect(parsePlaylist(wrong)).toEqual({ wrong: expect.stringContaining(`wrong at ${at}`) });
  });

  it('is published as docs/playlist.schema.json', async () => {
    expect(JSON.parse(await readFile('docs/playlist.schema.json', 'utf8'))).toEqual(playlistJsonSchema());
  });
});

describe('the default playlist', () => {
  const films = [{ src: 'a' }, { src: 'b' }];
  it.each([
    { of: 'none is defined', playlist: undefined },
    { of: 'it has no montages', playlist: { montages: [] } },
    { of: 'it has no items', playlist: { montages: [{ tracks: [{ items: [] }] }] } },
  ])('plays all films where $of', ({ playlist }) => {
    expect(playlistOrDefault(playlist, films)).toEqual(playlistOf(films, 'All films'));
  });
  it('leaves a playlist with items alone', () => {
    expect(playlistOrDefault(playlistOf([{ src: 'c' }]), films)).toEqual(playlistOf([{ src: 'c' }]));
  });
});
