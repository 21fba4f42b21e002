import { expect, it } from '@jest/globals';
import { newBox } from '../../../core/film/boxes.ts';
import { carriedMetadata } from '../../../core/film/metadata.ts';
import { metadataDifferences } from '../../../core/film/movie-metadata.ts';
import { unprovenLines } from '../../../core/verify/line-proof.ts';
import { aProbe } from '../../fixtures/probes.ts';

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

const uuid = (id: string) => newBox('uuid', Buffer.from(id, 'hex'), Buffer.from('vendor'));
const OF_A_VENDOR = '00112233445566778899aabbccddeeff';

it.each(['movie', 0] as const)('keeps a box of a vendor in the user data of the %s, and can prove it', (place) => {
  const bytes = newBox('udta', uuid(OF_A_VENDOR));
  const { boxes, fates } = carriedMetadata([{ place, type: 'udta', bytes }], INTO);
  expect(fates).toMatchObject([{ name: `uuid ${OF_A_VENDOR}`, fate: 'kept' }]);
  const file = { probe: aProbe([]), boxes, matroska: undefined, clap: undefined, hasNotes: false };
  expect(unprovenLines(fates, file)).toEqual([]);
});

it("leaves Sony's description of the old streams out of the user data, as beside the movie", () => {
  const bytes = newBox('udta', uuid('50524f4621d24fcebb88695cfac9c740'));
  const { boxes, fates } = carriedMetadata([{ place: 'movie', type: 'udta', bytes }], INTO);
  expect(boxes).toEqual([]);
  expect(fates).toMatchObject([{ fate: 'dropped', why: 'it describes streams that were encoded again' }]);
});
