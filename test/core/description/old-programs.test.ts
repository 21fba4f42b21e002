import { describe, expect, it } from '@jest/globals';
import { carriedTags } from '../../../core/description/matroska-tags.ts';
import { carriedMetadata } from '../../../core/description/metadata.ts';
import { movieInMatroska } from '../../../core/description/movie-in-matroska.ts';
import { metadataOfTags } from '../../../core/description/tag-boxes.ts';
import { keysOf } from '../../fixtures/marked-movie.ts';
import { simple, tag } from '../../fixtures/rebuilt-matroska.ts';

const BRANDS = ['major_brand', 'minor_version', 'compatible_brands'];
const DROPPED = BRANDS.map((name) => ({ name, fate: 'dropped', why: 'it names the form of an old file' }));

describe('the brands of an old MP4, of which ffmpeg makes tags in other containers', () => {
  it('are left out and told from Matroska to Matroska', () => {
    const found = [tag(...BRANDS.map((name) => simple(name.toUpperCase(), 'isom')), simple('ARTIST', 'x'))];
    const none = new Set<string>();
    const kept = { tracks: none, recoded: none, attachments: none, hasChapters: false, ofSource: new Map() };
    const { tags, fates } = carriedTags(found, kept);
    expect(tags).toEqual([tag(simple('ARTIST', 'x'))]);
    expect(fates.filter(({ fate }) => fate === 'dropped').map(({ name }) => name.toLowerCase())).toEqual(BRANDS);
  });

  it('are left out and told from other containers to MP4', () => {
    const { boxes, fates } = metadataOfTags(BRANDS.map((name) => ({ name, value: 'isom', language: undefined })));
    expect(boxes).toEqual([]);
    expect(fates).toMatchObject(DROPPED);
  });

  it("are left out and told among QuickTime's keys, to MP4 and to Matroska", () => {
    const bytes = keysOf(Object.fromEntries(BRANDS.map((name) => [name, 'qt  '])));
    const found = [{ place: 'movie', type: 'meta', bytes }] as const;
    const { boxes, fates } = carriedMetadata(found, { tracks: new Map(), covers: [] });
    expect(boxes).toEqual([]);
    expect(fates).toMatchObject(DROPPED);
    expect(movieInMatroska(found, new Map())).toMatchObject({ film: [], fates: DROPPED });
  });
});
