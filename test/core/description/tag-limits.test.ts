import { describe, expect, it } from '@jest/globals';
import { newBox } from '../../../core/bytes/boxes.ts';
import { idOf } from '../../../core/bytes/ebml.ts';
import { MKV } from '../../../core/bytes/matroska-ids.ts';
import { movieInMatroska } from '../../../core/description/movie-in-matroska.ts';
import { asFilmTags, matroskaOfTags, metadataOfTags } from '../../../core/description/tag-boxes.ts';
import { tagLimit } from '../../../core/description/tag-limits.ts';
import { dataBox } from '../../../core/description/tag-values.ts';
import { writtenTags } from '../../../core/description/written-tags.ts';

const MIB = 2 ** 20;
const TAG_AS_READ = MIB;

describe('tags that no real film has', () => {
  it('are counted, and measured one by one and together', () => {
    const limit = tagLimit();
    expect(limit('x'.repeat(MIB))).toBe('it is larger than any real one');
    for (let i = 0; i < 1000; i++) expect(limit('x')).toBeUndefined();
    expect(limit('x')).toBe('a file has at most 1000 of them');
    const large = tagLimit();
    const answers = Array.from({ length: 5 }, () => large(Buffer.alloc(0.9 * MIB)) !== undefined);
    expect(answers).toEqual([false, false, false, true, true]);
  });

  it('are left out of both containers with a line, so that what is written can be read again', () => {
    const tags = asFilmTags(Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`t${i}`, 'x'.repeat(0.9 * MIB)])));
    const [box] = metadataOfTags(tags).boxes;
    expect(box?.bytes?.length).toBeLessThan(8 * MIB);
    const { tags: written, fates } = matroskaOfTags(tags);
    expect(fates.map(({ fate }) => fate === 'dropped')).toEqual([0, 0, 0, 1, 1, 1, 1, 1, 1].map(Boolean));
    const elements = writtenTags(written);
    expect(elements.map(idOf)).toEqual([MKV.Tag, MKV.Tag, MKV.Tag]);
    for (const element of elements) expect(element.length).toBeLessThan(TAG_AS_READ);
  });

  it('are left out of Matroska where a movie has twenty thousand of them', () => {
    const item = newBox('\u00a9cmt', dataBox({ value: 'x'.repeat(100), language: undefined }));
    const list = newBox('meta', Buffer.alloc(4), newBox('ilst', ...Array.from({ length: 20_000 }, () => item)));
    const bytes = newBox('udta', list);
    const { film, fates } = movieInMatroska([{ place: 'movie', type: 'udta', bytes }], new Map());
    expect(film).toHaveLength(1);
    expect(fates.filter(({ fate }) => fate === 'dropped')).toHaveLength(19_000);
  });

  it('say what MP4 cannot hold: a number below 0 is in no item, and a time that is none has a line', () => {
    const { boxes, fates } = metadataOfTags(asFilmTags({ episode_sort: '-1', creation_time: 'nonsense' }));
    const [bytes = Buffer.alloc(0)] = boxes.map((box) => box.bytes);
    expect(bytes?.includes('tves')).toBe(false);
    expect(bytes?.includes('episode_sort')).toBe(true);
    expect(fates).toMatchObject([
      { name: 'episode_sort', fate: 'converted' },
      { name: 'creation_time', fate: 'dropped', why: 'it is no date' },
    ]);
    expect(metadataOfTags(asFilmTags({ creation_time: '2024-01-02T03:04:05.000000Z' })).fates).toEqual([]);
  });
});
