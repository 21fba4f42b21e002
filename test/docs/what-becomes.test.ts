import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { tableOf, whatBecomes } from '../support/what-becomes.ts';

const PAGE = 'docs/streams.md';
const PARTS = /(<!-- what becomes of each thing -->\n)([\s\S]*?)(\n<!-- end -->)/;

describe('the table of what becomes of each thing', () => {
  it('is what the code decides', () => {
    const page = readFileSync(PAGE, 'utf8');
    const table = tableOf(whatBecomes());
    if (process.env.WRITE_DOCS === 'yes')
      writeFileSync(
        PAGE,
        page.replace(PARTS, (_, from, __, to) => from + table + to),
      );
    expect(PARTS.exec(readFileSync(PAGE, 'utf8'))?.[2]).toBe(table);
  });

  it.each(whatBecomes())(
    'says of $thing in each container that it is kept, converted or dropped, and why',
    ({ cells }) => {
      expect(cells).toHaveLength(4);
      for (const text of cells) expect(text).toMatch(/^(kept|converted|dropped): \S/);
    },
  );
});
