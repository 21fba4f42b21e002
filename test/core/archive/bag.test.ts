import { expect, it } from '@jest/globals';
import { bagTags } from '../../../core/archive/bag.ts';
import { contentHash } from '../../../core/small-file.ts';

const tags = bagTags({
  payload: [
    { path: 'data/b 100%\n.mp4', bytes: 5, sha256: 'bb' },
    { path: 'data/a.mp4', bytes: 7, sha256: 'aa' },
  ],
  tags: [{ path: 'metadata/premis.json', content: '{}\n' }],
  info: [['External-Description', 'two\nlines']],
  date: '2026-11-28',
  agent: 'Reelmill 1.0.0',
});

it('declares version 1.0, and says dates, sizes and agent', () => {
  expect(tags.get('bagit.txt')).toBe('BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n');
  expect(tags.get('bag-info.txt')).toBe(
    'External-Description: two\n  lines\nBagging-Date: 2026-11-28\nBag-Software-Agent: Reelmill 1.0.0\nPayload-Oxum: 12.2\n',
  );
});

it('lists the payload with line ends and percent signs of names encoded', () => {
  expect(tags.get('manifest-sha256.txt')).toBe('aa  data/a.mp4\nbb  data/b 100%25%0A.mp4\n');
});

it('lists every tag file but the list itself, with its hash', () => {
  const lines = tags.get('tagmanifest-sha256.txt')?.trimEnd().split('\n') ?? [];
  const others = [...tags].filter(([path]) => path !== 'tagmanifest-sha256.txt');
  expect(lines).toHaveLength(4);
  expect(new Set(lines)).toEqual(new Set(others.map(([path, text]) => `${contentHash(text)}  ${path}`)));
});
