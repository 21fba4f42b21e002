import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { costChartSvg } from '../../core/report/cost-chart.ts';
import { listedPrices } from '../../core/storage/list-prices.ts';
import { keepingPlans } from '../../core/storage/what-if.ts';
import { storageCommand } from '../support/storage-command.ts';
import { dietRows, formatTable, keepingRows, restoringRows, transferRows } from '../support/storage-tables.ts';

const TABLES = {
  keeping: formatTable(['40 TB in', 'the seed', 'computed', 'because'], keepingRows()),
  restoring: formatTable(['from', 'the seed', 'the price list', 'because'], restoringRows()),
  moving: formatTable(['', 'the seed', 'computed', 'because'], transferRows()),
  'the diet': formatTable(['5 and 128 minutes', 'the seed', 'computed', 'because'], dietRows()),
};

describe('docs/storage.md', () => {
  let page: string;
  beforeAll(async () => {
    page = await readFile('docs/storage.md', 'utf8');
  });

  it.each(Object.entries(TABLES))('has the table of %s as it is computed', (_, table) => {
    expect(page).toContain(table);
  });

  it('has the picture that the command draws', async () => {
    const { region, asOf } = listedPrices();
    const [bytes, objects] = [40e12, 80_000];
    const chart = { plans: keepingPlans({ bytes, objects }, 36, listedPrices()), bytes, region, asOf };
    expect(page).toContain('(images/keeping-40tb.svg)');
    expect(await readFile('docs/images/keeping-40tb.svg', 'utf8')).toBe(costChartSvg(chart));
  });

  it('shows of every command what the command prints', async () => {
    const blocks = [...page.matchAll(/```\n\$ reelmill storage (.*)\n([\s\S]*?)```/g)];
    expect(blocks.map(([, command = '']) => command.split(' ')[0])).toEqual([
      ...['estimate', 'estimate', 'restore', 'restore', 'transfer', 'diet', 'job', 'job'],
    ]);
    for (const [, command = '', text] of blocks) {
      const { code, stdout } = await storageCommand(command.split(' '));
      expect({ command, code, stdout }).toEqual({ command, code: 0, stdout: text });
    }
  });
});
