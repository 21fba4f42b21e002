import { describe, expect, it } from '@jest/globals';
import { boxBytes, boxesOf, newBox } from '../../../core/bytes/boxes.ts';
import { coverNames, hasArtwork } from '../../../core/description/cover-names.ts';
import { carriedMetadata, itemNames } from '../../../core/description/metadata.ts';
import { movieInMatroska } from '../../../core/description/movie-in-matroska.ts';
import { metadataDifferences } from '../../../core/description/movie-metadata.ts';
import { unprovenLines } from '../../../core/verify/line-proof.ts';
import { u32 } from '../../fixtures/craft.ts';
import { aProbe } from '../../fixtures/probes.ts';

const INTO = { tracks: new Map([[0, 0]]), covers: [true, true] };
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

const ARTWORK = 'com.apple.quicktime.artwork';
const value = (type: number, bytes: Buffer) => newBox('data', u32(type), u32(0), bytes);
const artwork = (type: number) =>
  newBox(
    'meta',
    newBox('hdlr', Buffer.alloc(24)),
    newBox('keys', u32(0), u32(2), newBox('mdta', Buffer.from(ARTWORK)), newBox('mdta', Buffer.from('make'))),
    newBox(
      'ilst',
      newBox('\0\0\0\x01', value(type, Buffer.from('picture'))),
      newBox('\0\0\0\x02', value(1, Buffer.from('Camera'))),
    ),
  );
/** The parts of a `meta` box, with one more item at the end of its list. */
const partsOf = (meta: Buffer, item: Buffer) =>
  boxesOf(meta, 8, meta.length).map((part) =>
    part.type === 'ilst' ? newBox('ilst', meta.subarray(part.body, part.end), item) : boxBytes(meta, part),
  );
const withArtwork = (type: number) => [{ place: 'movie', type: 'meta', bytes: artwork(type) }] as const;
const covr = { place: 'movie', type: 'udta', bytes: newBox('udta', list(newBox('covr', value(13, Buffer.from('x'))))) };

describe("a cover among QuickTime's keys", () => {
  it.each([13, 14, 27])("goes into iTunes' list alone, whose stream ffmpeg writes (type %i)", (type) => {
    const found = withArtwork(type);
    const { boxes, fates } = carriedMetadata(found, { ...INTO, hasArtwork: hasArtwork(found) });
    expect(fates).toMatchObject([
      { name: 'make', fate: 'kept' },
      { name: ARTWORK, fate: 'converted' },
    ]);
    expect(boxes.map(({ bytes }) => bytes?.includes('picture'))).toEqual([false]);
    expect(coverNames(found)).toEqual([undefined]);
  });

  it('is an attachment of Matroska and no tag', () => {
    const { film, fates } = movieInMatroska(withArtwork(13), new Map(), [true]);
    expect(film.map(({ as }) => as)).toEqual(['MAKE']);
    expect(fates).toMatchObject([{ name: 'make' }, { name: ARTWORK, fate: 'converted' }]);
  });

  it.each([13, 1])('stands beside an item whose number is that of no key, which is left out (type %i)', (type) => {
    const stray = newBox('\0\0\0\x63', value(1, Buffer.from('beyond')));
    const bytes = newBox('meta', ...partsOf(artwork(type), stray));
    const found = [{ place: 'movie', type: 'meta', bytes }] as const;
    const { boxes, fates } = carriedMetadata(found, { ...INTO, hasArtwork: hasArtwork(found) });
    const line = { name: 'key 99', fate: 'dropped', why: 'the source has no key of this number' };
    expect(fates).toContainEqual({ place: 'movie', ...line });
    const [written = Buffer.alloc(0)] = boxes.map((each) => each.bytes);
    const keys = written.indexOf('keys') + 8;
    expect([written.includes('beyond'), written.readUInt32BE(keys)]).toEqual([false, itemNames(written).length]);
    expect(movieInMatroska(found, new Map(), [true]).fates).toContainEqual({ place: 'movie', ...line });
  });

  it("has every cover of iTunes' list written anew with it", () => {
    const found = [...withArtwork(13), { ...covr, place: 'movie' as const }];
    const { fates } = carriedMetadata(found, { ...INTO, hasArtwork: hasArtwork(found) });
    expect(fates).toContainEqual(expect.objectContaining({ name: 'covr', fate: 'converted' }));
    expect(hasArtwork([{ ...covr, place: 'movie' }])).toBe(false);
  });

  it('stays a key where no picture can be told from its type', () => {
    expect(hasArtwork(withArtwork(0))).toBe(false);
    expect(carriedMetadata(withArtwork(0), INTO).fates).toMatchObject([
      { name: ARTWORK, fate: 'kept' },
      { name: 'make', fate: 'kept' },
    ]);
  });

  it('is there only where the rendition has every cover', () => {
    const { fates } = carriedMetadata(withArtwork(13), { ...INTO, covers: [false], hasArtwork: true });
    expect(fates).toContainEqual(expect.objectContaining({ name: ARTWORK, fate: 'dropped' }));
  });
});
