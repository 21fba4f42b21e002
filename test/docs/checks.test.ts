import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CHECKS, check, checkOfStream, MODEL_CHECKS, meaningOf } from '../../core/job/check-list.ts';

const page = readFileSync('docs/checks.md', 'utf8');
const EVERY = Object.entries({ ...CHECKS, ...MODEL_CHECKS });

const sources = ['app', 'core', 'media', 'runtime', 'adapters'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(folder, path)),
);

describe('every check', () => {
  it.each(EVERY)('docs/checks.md says what "%s" holds', (name, meaning) => {
    expect(page.split('\n')).toContain(`| \`${name}\` | ${meaning} |`);
  });

  it('stands in docs/checks.md once, and nothing else does', () => {
    expect(page.split('\n').filter((line) => line.startsWith('| `'))).toHaveLength(EVERY.length);
  });

  it.each(EVERY)('of the list is made somewhere: "%s"', (name) => {
    const others = sources.filter((path) => path !== join('core', 'job', 'check-list.ts'));
    const made = name.startsWith('tiles ') ? '`tiles $' : `'${name}'`;
    expect(others.some((path) => readFileSync(path, 'utf8').includes(made))).toBe(true);
  });

  it('is made by the list, which knows its name', () => {
    const byHand = sources.filter((path) => /\bname(: [^,\n]+)?,\s*passed\b/.test(readFileSync(path, 'utf8')));
    expect(byHand.filter((path) => path !== join('core', 'job', 'check-list.ts'))).toEqual([
      join('core', 'job', 'manifest.ts'), // the schema
      join('core', 'report', 'rendition-section.ts'), // which reads them
    ]);
  });

  it('tells reports what it holds, of whichever stream it is', () => {
    expect(meaningOf(check('picture as planned', true, '').name)).toBe(CHECKS['picture as planned']);
    const copied = checkOfStream('stream N is copied bit for bit', 12, true, '94 packets');
    expect(copied).toEqual({ name: 'stream 12 is copied bit for bit', passed: true, detail: '94 packets' });
    expect(meaningOf(copied.name)).toBe(CHECKS['stream N is copied bit for bit']);
    expect(meaningOf('a check of another version')).toBeUndefined();
  });
});
