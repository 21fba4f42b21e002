import { expect, it } from '@jest/globals';
import { boxByPath, boxesOf, newBox } from '../../../core/bytes/boxes.ts';
import { textMovie } from '../../../core/bytes/text-movie.ts';

const text = (from: number, to: number, letters: string) => ({ from, to, bytes: Buffer.from(letters) });

it('a movie of texts has each of them for its time, and a text without a letter between them and behind the last', () => {
  const movie = textMovie(newBox('stsd'), [text(0.5, 1, 'one'), text(2, 2.000001, 'two')]) ?? Buffer.alloc(0);
  const moov = boxesOf(movie, 0, movie.length).find(({ type }) => type === 'moov');
  const stts = moov && boxByPath(movie, moov, 'trak', 'mdia', 'minf', 'stbl', 'stts');
  const lengths = Array.from({ length: 5 }, (_, i) => movie.readUInt32BE((stts?.body ?? 0) + 12 + 8 * i));
  expect(lengths).toEqual([5000, 5000, 10_000, 1, 1]);
  expect(movie.includes('\0\0one\0\0two\0\0')).toBe(true);
});

it('a movie of texts is not made where a text lasts for days', () => {
  expect(textMovie(newBox('stsd'), [text(0, 500_000, 'one')])).toBeUndefined();
});

it('a movie of texts has room for captions that go on all day', () => {
  const texts = Array.from({ length: 200_000 }, (_, i) => text(i * 0.4, i * 0.4 + 0.2, 'a'));
  const movie = textMovie(newBox('stsd'), texts) ?? Buffer.alloc(0);
  const moov = boxesOf(movie, 0, movie.length).find(({ type }) => type === 'moov');
  const stsz = moov && boxByPath(movie, moov, 'trak', 'mdia', 'minf', 'stbl', 'stsz');
  expect(movie.readUInt32BE((stsz?.body ?? 0) + 8)).toBe(400_000);
});
