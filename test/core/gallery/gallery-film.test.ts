import { describe, expect, it } from '@jest/globals';
import { galleryFilms } from '../../../core/gallery/gallery-film.ts';
import { filesOf } from '../../../core/job/manifest.ts';
import { manifest, rendition } from '../report/manifests.ts';

const file = (path: string) => ({ path, bytes: 1, sha256: 'a'.repeat(64) });

const ladder = manifest({
  recipe: 'ladder',
  renditions: ['hd', 'sd'].map((name) => rendition({ name, ...file(`${name}.mp4`) })),
  playlists: [
    { ...file('sd.init.mp4'), kind: 'init' },
    ...['master.m3u8', 'sd.m3u8'].map((path) => ({ ...file(path), kind: 'hls' as const })),
    { ...file('manifest.mpd'), kind: 'dash' },
  ],
});

/** The names of the files of a gallery of that ladder without one of its files. */
const namesWithout = (gone?: string) => {
  const there = new Set(filesOf(ladder).flatMap(({ path }) => (path === gone ? [] : [path])));
  const [film] = galleryFilms([{ manifest: ladder, there }]);
  return { names: film?.files.map(({ from }) => from).sort(), playlist: film?.playlist?.from };
};

describe('the films of a gallery', () => {
  it('come with their playlists where all files are there that these name', () => {
    const names = ['hd.mp4', 'manifest.mpd', 'master.m3u8', 'sd.init.mp4', 'sd.m3u8', 'sd.mp4'];
    expect(namesWithout()).toEqual({ names, playlist: 'master.m3u8' });
  });

  it.each([
    { gone: 'sd.mp4', names: ['hd.mp4', 'sd.init.mp4'] },
    { gone: 'sd.init.mp4', names: ['hd.mp4', 'sd.mp4'] },
    { gone: 'sd.m3u8', names: ['hd.mp4', 'sd.init.mp4', 'sd.mp4'] },
  ])('come without playlists where $gone is left out', ({ gone, names }) => {
    expect(namesWithout(gone)).toEqual({ names, playlist: undefined });
  });
});
