import { describe, expect, it } from '@jest/globals';
import { carriedMetadata } from '../../../core/description/metadata.ts';
import { movieInMatroska } from '../../../core/description/movie-in-matroska.ts';
import { box, text, u8, u16, u32 } from '../../fixtures/craft.ts';
import { packed } from '../../fixtures/marked-movie.ts';

const handler = (type: string) => box('hdlr', u32(0), u32(0), text(type), Buffer.alloc(12), u8(0));
const XML = '<?xml version="1.0"?><NonRealTimeMeta><Device modelName="ILCE-7M3"/></NonRealTimeMeta>';
const xml = (bytes: Buffer) => box('xml ', u32(0), bytes);
const meta = (...parts: readonly Buffer[]) => box('meta', u32(0), ...parts);
const wide = (words: string) => Buffer.concat([u16(0xfeff), Buffer.from(words, 'utf16le').swap16(), u16(0)]);
const wideLittle = (words: string) => Buffer.concat([u16(0xfffe), Buffer.from(words, 'utf16le'), u16(0)]);

describe('what a `meta` box says without a list', () => {
  it.each(['movie', 'file'] as const)('is a tag of Matroska, where it is XML (in the %s)', (place) => {
    for (const bytes of [text(`${XML}\0`), wide(XML), wideLittle(XML)]) {
      const found = [{ place, type: 'meta', bytes: meta(handler('nrtm'), xml(bytes)) }];
      expect(movieInMatroska(found, new Map())).toMatchObject({
        film: [{ as: 'XML', value: XML }],
        fates: [{ place, name: 'xml', fate: 'converted' }],
      });
    }
  });

  it('is named where Matroska has no place for it', () => {
    const id3 = box('ID32', u32(0), u16(packed('eng')), text('ID3'));
    const found = [{ place: 'movie', type: 'meta', bytes: meta(handler('ID32'), id3) }] as const;
    expect(movieInMatroska(found, new Map()).fates).toMatchObject([{ name: 'ID32', fate: 'dropped' }]);
  });

  it('stays in MP4 where nothing of the list beside it holds', () => {
    const list = box('ilst', box('\u00a9too', box('data', u32(1), u32(0), text('Lavf59'))));
    const bytes = meta(handler('mdir'), list, xml(text(XML)));
    const { boxes, fates } = carriedMetadata([{ place: 'movie', type: 'meta', bytes }], {
      tracks: new Map(),
      covers: [],
    });
    expect(boxes.map((kept) => kept.bytes?.includes(XML))).toEqual([true]);
    expect(fates).toMatchObject([
      { name: 'xml', fate: 'kept' },
      { name: '\u00a9too', fate: 'dropped' },
    ]);
  });
});

it.each([
  ['UTF-8', text('Titel\0')],
  ['UTF-16, the larger byte first', wide('Titel')],
  ['UTF-16, the smaller byte first', wideLittle('Titel')],
])("reads 3GPP's title in %s", (_, words) => {
  const udta = box('udta', box('titl', u32(0), u16(packed('deu')), words));
  const { film } = movieInMatroska([{ place: 'movie', type: 'udta', bytes: udta }], new Map());
  expect(film).toMatchObject([{ as: 'TITLE', value: 'Titel', language: 'deu' }]);
});

it.each([
  ['UTF-8', Buffer.from('M\u00fcnchen\0'), text('earth\0at the river\0')],
  ['UTF-16', wide('M\u00fcnchen'), Buffer.concat([wide('earth'), wide('at the river')])],
])("keeps the name of 3GPP's place and the notes on it (%s)", (_, name, behind) => {
  const degrees = [11.5, 48.125, 0].map((value) => u32(value * 65_536));
  const loci = box('loci', u32(0), u16(packed('deu')), name, u8(0), ...degrees, behind);
  const { film, fates } = movieInMatroska([{ place: 'movie', type: 'udta', bytes: box('udta', loci) }], new Map());
  expect(film).toMatchObject([
    { as: 'LOCATION', value: '+48.1250+011.5000/' },
    { as: 'LOCATION_NAME', value: 'M\u00fcnchen' },
    { as: 'LOCATION_NOTES', value: 'at the river' },
  ]);
  expect(fates.map(({ name: of }) => of)).toEqual(['loci', 'location_name', 'location_notes']);
});

it.each([
  ['a latitude beyond the pole', 2, 999],
  ['a longitude beyond half the way around', 181, 2],
])("does not take 3GPP's place for one on Earth that has %s", (_, east, north) => {
  const degrees = [east, north, 0].map((value) => u32(value * 65_536));
  const loci = box('loci', u32(0), u16(packed('deu')), text('Mars\0'), u8(0), ...degrees, text('mars\0\0'));
  const { film, fates } = movieInMatroska([{ place: 'movie', type: 'udta', bytes: box('udta', loci) }], new Map());
  expect(film).toMatchObject([{ as: 'LOCATION_NAME', value: 'Mars' }]);
  expect(fates).toMatchObject([
    { name: 'loci', fate: 'dropped', why: 'it tells no place on Earth' },
    { name: 'location_name', fate: 'converted' },
  ]);
});

it("keeps the number that 3GPP's album has for a track", () => {
  const albm = box('albm', u32(0), u16(packed('eng')), text('An Album\0'), u8(7));
  const { film } = movieInMatroska([{ place: 'movie', type: 'udta', bytes: box('udta', albm) }], new Map());
  expect(film).toMatchObject([
    { as: 'ALBUM', value: 'An Album' },
    { as: 'TRACK', value: '7' },
  ]);
});
