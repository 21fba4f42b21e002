import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { CHECKS } from '../../../core/job/check-list.ts';
import { manifestSchema } from '../../../core/job/manifest.ts';
import { fromVersion1, RENAMED_CHECKS } from '../../../core/job/manifest-version-1.ts';
import { manifestFixture } from '../../fixtures/manifest.ts';

const checksOf = (name: string) => [
  { name, passed: true, detail: 'PSNR 61' },
  { name: 'picture as planned', passed: true, detail: '' },
];

function versionOne(name: string): unknown {
  const { renditions, ...rest } = manifestFixture();
  return { ...rest, version: 1, renditions: renditions.map((each) => ({ ...each, checks: checksOf(name) })) };
}

describe('a manifest of version 1', () => {
  it.each(Object.entries(RENAMED_CHECKS))('is read, and its "%s" is called "%s"', (before, now) => {
    const { version, renditions } = manifestSchema.parse(versionOne(before));
    expect(version).toBe(2);
    expect(renditions[0]?.checks.map(({ name }) => name)).toEqual([now, 'picture as planned']);
    expect(Object.keys(CHECKS)).toContain(now);
    expect(Object.keys(CHECKS)).not.toContain(before);
  });

  it('is refused where it is wrong, as one of version 2 is', () => {
    expect(manifestSchema.safeParse({ version: 1 }).success).toBe(false);
    expect(manifestSchema.safeParse({ version: 1, renditions: [null, { checks: [null, {}] }] }).success).toBe(false);
    expect(manifestSchema.safeParse({ ...manifestFixture(), version: 3 }).success).toBe(false);
    for (const json of [null, 'text', [], { version: 2 }]) expect(fromVersion1(json)).toBe(json);
  });

  it('has its old names in docs/checks.md', async () => {
    const page = await readFile('docs/checks.md', 'utf8');
    for (const [before, now] of Object.entries(RENAMED_CHECKS)) {
      expect(page).toContain(`* \`${before}\` is now \`${now}\`.`);
    }
  });
});
