import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';

const SUM = /\b[0-9a-f]{64}\b/g;
const sumsIn = (text: string) => [...new Set(text.match(SUM))].sort();

describe('the checksums of the images', () => {
  it('say where they come from, each of them, and none that is not used', async () => {
    const files = await Promise.all(
      ['encode', 'upscale'].map((image) => readFile(`docker/${image}/Dockerfile`, 'utf8')),
    );
    const used = sumsIn(files.join('\n'));
    expect(used).not.toEqual([]);
    expect(sumsIn(await readFile('docker/checksums.md', 'utf8'))).toEqual(used);
  });

  it('stand beside the name of what they are of', async () => {
    const files = await Promise.all(
      ['encode', 'upscale'].map((image) => readFile(`docker/${image}/Dockerfile`, 'utf8')),
    );
    const rows = (await readFile('docker/checksums.md', 'utf8')).split('\n').filter((line) => sumsIn(line).length > 0);
    for (const row of rows) {
      const [, name = ''] = /^\| `([^`]+)`/.exec(row) ?? [];
      const [sum = ''] = row.match(SUM) ?? [];
      const used = files
        .join('\n')
        .replaceAll('\\\n', ' ')
        .split('\n')
        .filter((line) => line.includes(sum));
      expect([name, used.length > 0, used.every((line) => line.includes(name))]).toEqual([name, true, true]);
    }
  });
});
