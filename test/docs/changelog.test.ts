import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';

const sections = async () => (await readFile('CHANGELOG.md', 'utf8')).split(/^## /m).slice(1);

describe('CHANGELOG.md', () => {
  it('begins with the version of the package', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8'));
    const [newest = ''] = await sections();
    expect(newest.split(' ')[0]).toBe(version);
  });

  it('says of every version what an update remakes', async () => {
    for (const section of await sections()) expect(section).toMatch(/^\*\*An update remakes:\*\* \S/m);
  });
});
