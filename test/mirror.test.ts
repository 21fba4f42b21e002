import { expect, it } from '@jest/globals';
import { ROOMS } from './support/import-rules.ts';
import { filesOfTheRepository } from './support/repository.ts';

it('has the test of a file at the same path below test/, and what crosses folders in test/features/ or test/wide/', async () => {
  const files = new Set(await filesOfTheRepository());
  const mirrored = [...files].filter(
    (path) => path.endsWith('.test.ts') && Object.keys(ROOMS).some((room) => path.startsWith(`test/${room}/`)),
  );
  expect(mirrored.length).toBeGreaterThan(100);
  const sourceOf = (path: string) => path.replace(/^test\//, '').replace(/\.test\.ts$/, '');
  expect(mirrored.filter((path) => !['.ts', '.js'].some((end) => files.has(sourceOf(path) + end)))).toEqual([]);
});
