import { expect, it } from '@jest/globals';
import { newBox } from '../../../core/film/boxes.ts';
import { carriedMetadata } from '../../../core/film/metadata.ts';
import { metadataDifferences } from '../../../core/film/movie-metadata.ts';

const INTO = { tracks: new Map([[0, 0]]), hasCovers: true };
const handler = newBox('hdlr', Buffer.alloc(25));
const list = (...items: readonly Buffer[]) => newBox('meta', Buffer.alloc(4), handler, newBox('ilst', ...items));
const item = (type: string, text: string) =>
  newBox(type, newBox('data', Buffer.from([0, 0, 0, 1, 0, 0, 0, 0]), Buffer.from(text)));

it.each([
  { what: 'a list without tags', of: list(), left: 0 },
  { what: 'a list of nothing but the program that wrote the file', of: list(item('\u00a9too', 'Lavf59')), left: 1 },
])('plans nothing of $what, so that nothing has to be in the file', ({ of, left }) => {
  for (const box of [
    { place: 'movie', type: 'udta', bytes: newBox('udta', of) },
    { place: 'movie', type: 'meta', bytes: of },
  ] as const) {
    const { boxes, fates } = carriedMetadata([box], INTO);
    expect(metadataDifferences(boxes, [])).toEqual([]);
    expect(fates.filter(({ fate }) => fate === 'dropped')).toHaveLength(left);
  }
});

it('plans a list with a tag', () => {
  const { boxes, fates } = carriedMetadata(
    [{ place: 'movie', type: 'udta', bytes: newBox('udta', list(item('\u00a9nam', 'A'))) }],
    INTO,
  );
  expect(fates).toMatchObject([{ name: '\u00a9nam', fate: 'kept' }]);
  expect(metadataDifferences(boxes, [])).toEqual(['udta/meta/\u00a9nam of the movie']);
});
