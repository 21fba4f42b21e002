import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

const page = readFileSync('docs/glossary.md', 'utf8');
const rows = [...page.matchAll(/^\| (?!word |---)([^|]+) \| ([^|]+) \|$/gm)].map(([, words = '', meaning = '']) => ({
  words: words.split(', '),
  meaning,
}));

it('has each word once, with one meaning', () => {
  const words = rows.flatMap((row) => row.words);
  expect(words.length).toBeGreaterThan(50);
  expect(words.filter((word, i) => words.indexOf(word) !== i)).toEqual([]);
  expect(rows.filter(({ meaning }) => meaning.length < 10)).toEqual([]);
});

it('is found from where people look for it', () => {
  for (const place of ['CONTRIBUTING.md', 'README.md', 'docs/architecture.md']) {
    expect(readFileSync(place, 'utf8')).toContain('glossary.md');
  }
});
