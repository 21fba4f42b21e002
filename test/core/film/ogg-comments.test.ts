import { describe, expect, it } from '@jest/globals';
import { oggComments } from '../../../core/film/ogg-comments.ts';

describe('the comments of an Ogg film', () => {
  const picture = { tags: { TITLE: 'Prater', LOCATION: 'Wien', encoder: 'Lavc libtheora', vendor_id: '[0][0][0][0]' } };
  const sound = { tags: { title: 'Ton', GENRE: 'noise', language: 'deu', major_brand: 'isom' } };

  it('are tags of the film, with the number of a later stream that says another thing', () => {
    const said = { title: 'Prater', 'title/1': 'Ton', location: 'Wien', genre: 'noise' };
    expect(oggComments('ogg', [picture, sound, {}, picture])).toEqual(said);
  });

  it('are none of a cover, of which ffprobe tells the type', () => {
    const cover = { tags: { comment: 'Cover (front)', title: 'front' }, disposition: { attached_pic: 1 } };
    expect(oggComments('ogg', [cover])).toEqual({});
  });

  it('are none in other containers, whose streams have tags of their own', () => {
    expect(oggComments('matroska,webm', [picture])).toEqual({});
  });
});
