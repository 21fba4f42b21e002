import { describe, expect, it } from '@jest/globals';
import { oggComments } from '../../../core/film/ogg-comments.ts';

describe('the comments of an Ogg film', () => {
  const picture = { tags: { TITLE: 'Prater', LOCATION: 'Wien', encoder: 'Lavc libtheora', vendor_id: '[0][0][0][0]' } };
  const sound = { tags: { title: 'Ton', GENRE: 'noise', language: 'deu', major_brand: 'isom' } };

  it('are tags of the film, the first stream before the others', () => {
    expect(oggComments('ogg', [picture, sound, {}])).toEqual({ title: 'Prater', location: 'Wien', genre: 'noise' });
  });

  it('are none in other containers, whose streams have tags of their own', () => {
    expect(oggComments('matroska,webm', [picture])).toEqual({});
  });
});
