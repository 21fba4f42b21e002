import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csvRows, keyInList, quoted } from '../../../core/archive/csv.ts';

async function* inPieces(text: string, size: number): AsyncGenerator<string> {
  for (let i = 0; i < text.length; i += size) yield text.slice(i, i + size);
}
const rowsOf = async (text: string, size = 3) => {
  const rows: (readonly string[])[] = [];
  for await (const row of csvRows(inPieces(text, size))) rows.push(row);
  return rows;
};

describe('csvRows', () => {
  it.each([
    ['nothing', '', []],
    ['a row without an end', 'a,b', [['a', 'b']]],
    [
      'rows with LF and CRLF',
      'a,b\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'empty fields, and an empty line',
      'a,,\n\n,b\n',
      [
        ['a', '', ''],
        ['', 'b'],
      ],
    ],
    ['quotes, commas and line ends in quotes', '"a ""b"",\n",c\r\n', [['a "b",\n', 'c']]],
    ['a quote in the midst of a field', 'a"b,c\n', [['a"b', 'c']]],
    ['an empty field in quotes at the end', '"a",""\n', [['a', '']]],
  ])('reads %s', async (_, text, rows) => expect(await rowsOf(text)).toEqual(rows));

  it('reads what was written, in pieces of any size', async () => {
    const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'ü', '😀') });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 9 }),
        async (rows, size) => {
          const text = rows.map((row) => `${row.map(quoted).join(',')}\n`).join('');
          const pieces = Array.from({ length: Math.ceil([...text].length / size) }, (_, i) =>
            [...text].slice(i * size, (i + 1) * size).join(''),
          );
          const read: (readonly string[])[] = [];
          for await (const row of csvRows(
            (async function* () {
              yield* pieces;
            })(),
          ))
            read.push(row);
          expect(read).toEqual(rows);
        },
      ),
    );
  });

  it.each([
    [
      'a quote that is never closed',
      '"a,b\n',
      'a quote in the list is never closed, so that the list is cut off; fetch it again',
    ],
    [
      'a row without an end',
      'a'.repeat(2 ** 20 + 1),
      'a row of the list has no end, so that it is not CSV; give a list of an inventory as CSV',
    ],
  ])('refuses %s', async (_, text, message) => {
    await expect(rowsOf(text, 1000)).rejects.toMatchObject({ code: 'bad-input', message });
  });
});

describe('keyInList', () => {
  it.each([
    ['input/preserve/a+b%2B%C3%BC.mov', 'input/preserve/a b+ü.mov'],
    ['100%25', '100%'],
    ['100%', undefined],
    ['%ff', undefined],
  ])('reads %s as %s', (text, key) => expect(keyInList(text)).toBe(key));
});
