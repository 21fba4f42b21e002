import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { optionCostLines } from '../support/option-cost-lines.ts';
import { storageCommand } from '../support/storage-command.ts';

const { OPTION_SETTINGS } = createRequire(import.meta.url)('../../stages/options.cjs') as {
  readonly OPTION_SETTINGS: Readonly<Record<string, unknown>>;
};

describe('docs/aws-options.md', () => {
  let page: string;
  beforeAll(async () => {
    page = await readFile('docs/aws-options.md', 'utf8');
  });

  it.each(Object.keys(OPTION_SETTINGS))('names the setting %s', (name) => {
    expect(page).toContain(`\`${name}`);
  });

  it.each([...optionCostLines()])('has the cost of "%s" as it is computed, for 1 TB and 40 TB', (_, line) => {
    expect(page).toContain(`* ${line}\n`);
  });

  it('says of every option what it does, when one wants it, what it costs and how it is turned off', () => {
    const sections = page.split(/\n## /).slice(2, -1);
    expect(sections.map((text) => text.split('\n')[0])).toHaveLength(8);
    for (const text of sections) {
      const heads = [...text.matchAll(/\n\*\*([^*]+)\*\* /g)].map(([, head]) => head);
      expect([text.split('\n')[0], heads]).toEqual([
        text.split('\n')[0],
        expect.arrayContaining(['What it does.', 'When.', 'What it costs.', 'Turning it off.']),
      ]);
    }
  });

  it('shows what the command prints', async () => {
    const blocks = [...page.matchAll(/```\n\$ reelmill storage (.*)\n([\s\S]*?)```/g)];
    expect(blocks).toHaveLength(1);
    for (const [, command = '', text] of blocks) {
      const { code, stdout } = await storageCommand(command.split(' '));
      expect({ command, code, stdout }).toEqual({ command, code: 0, stdout: text });
    }
  });
});
