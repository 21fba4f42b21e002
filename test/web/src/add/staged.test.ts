import { describe, expect, it } from '@jest/globals';
import { settingsFor, sortedFiles } from '../../../../web/src/add/staged.ts';

const chosen = (path: string, bytes = 10) => ({
  path,
  file: new File([new Uint8Array(bytes)], path),
  handle: undefined,
});

describe('what was dropped', () => {
  it.each([
    { of: 'a film', path: 'clip.mov', taken: true },
    { of: 'a film of a folder', path: 'tour/clip.mov', taken: true },
    { of: 'a file without an extension of a folder', path: 'tour/CLIP0001', taken: true },
    { of: 'a picture of a folder', path: 'tour/cover.jpg', taken: false },
    { of: 'a picture that was named by itself', path: 'cover.jpg', taken: true },
    { of: 'a subtitle of a folder', path: 'tour/clip.eng.srt', taken: true },
    { of: "a camera's preview", path: 'tour/CLIP0001.THM', taken: false },
    { of: 'a note that was named by itself', path: 'notes.txt', taken: false },
    { of: 'an archive that was named by itself', path: 'films.ZIP', taken: false },
    { of: 'a subtitle', path: 'clip.srt', taken: true },
    { of: 'a moving picture', path: 'cat.gif', taken: true },
    { of: 'an empty film', path: 'clip.mov', bytes: 0, taken: false },
  ])('$of: taken $taken', ({ path, bytes, taken }) => {
    const { films, left } = sortedFiles([chosen(path, bytes)]);
    expect([films.length, left.length]).toEqual(taken ? [1, 0] : [0, 1]);
  });

  it('sends subtitles before the films that they are named after', () => {
    const { films } = sortedFiles([chosen('a.mov'), chosen('a.eng.srt')]);
    expect(films.map(({ path }) => path)).toEqual(['a.eng.srt', 'a.mov']);
  });

  it('gives the settings to films of the same recipe alone', () => {
    const all = { recipe: 'preserve', settings: { crf: '20' } };
    expect(settingsFor({ recipe: undefined }, all)).toEqual({ crf: '20' });
    expect(settingsFor({ recipe: 'preserve' }, all)).toEqual({ crf: '20' });
    expect(settingsFor({ recipe: 'vj' }, all)).toEqual({});
  });
});
