import { describe, expect, it } from '@jest/globals';
import { asServiceError } from '../../../core/errors.ts';
import { LIST_PRICES, listedPrices, ownPrices } from '../../../core/storage/list-prices.ts';
import { parsePriceTable } from '../../../core/storage/price-table.ts';

type Raw = { items: Record<string, { regions: Record<string, { usd: unknown; source: unknown; asOf: unknown }> }> };
const copy = () => structuredClone(LIST_PRICES) as unknown as Raw;

function failureOf(action: () => unknown) {
  try {
    action();
  } catch (error) {
    const { code, message } = asServiceError(error);
    return { code, message };
  }
  throw new Error('nothing was thrown');
}

describe('the price list', () => {
  it('is right in its own eyes, and each price has a source and a month', () => {
    expect(() => parsePriceTable(copy(), 'prices.json', Object.keys(LIST_PRICES.items))).not.toThrow();
    const prices = Object.values(LIST_PRICES.items).flatMap(({ regions }) => Object.values(regions));
    expect(prices.length).toBeGreaterThan(180);
    const wrong = prices.filter(({ source }) => !/^https:\/\/|^published list price, not checked here$/.test(source));
    expect(wrong).toEqual([]);
  });

  it('names for each row the page of AWS that publishes it', () => {
    const pages = Object.values(LIST_PRICES.items).map(({ page }) => page);
    expect(pages.filter((page) => !page.startsWith('https://aws.amazon.com/'))).toEqual([]);
  });

  it('has the same prices of S3 storage in both regions', () => {
    const [virginia, ireland] = [listedPrices('us-east-1'), listedPrices('eu-west-1')];
    for (const row of ['s3GbMonth', 's3StandardIaGbMonth', 's3DeepArchiveGbMonth'] as const) {
      expect(ireland.usd(row)).toBe(virginia.usd(row));
    }
    expect(ireland.usd('g5.xlarge')).toBeGreaterThan(virginia.usd('g5.xlarge'));
  });

  it('says of a region without any price which regions it has', () => {
    expect(failureOf(() => listedPrices('mars-east-1'))).toEqual({
      code: 'usage',
      message: 'no prices of region "mars-east-1"; there are: us-east-1, eu-west-1',
    });
  });

  it('names the price that a region lacks', () => {
    const prices = listedPrices('eu-west-1');
    expect(prices.find('snowballJob')).toBeUndefined();
    expect(failureOf(() => prices.usd('snowballJob'))).toEqual({
      code: 'bad-input',
      message: 'resources/prices.json has no price snowballJob of region eu-west-1',
    });
  });
});

describe('a price file of a user', () => {
  it('takes the place of ours', () => {
    const own = copy();
    own.items.s3GbMonth = { ...own.items.s3GbMonth, regions: { mars: { usd: 7, source: 'mine', asOf: '2030-01' } } };
    expect(ownPrices(own, 'my.json', 'mars').usd('s3GbMonth')).toBe(7);
    expect(ownPrices(own, 'my.json').region).toBe('us-east-1');
  });

  it.each(Object.keys(LIST_PRICES.items))('that lacks the row %s is refused by its name', (row) => {
    const own = copy();
    delete own.items[row];
    const { code, message } = failureOf(() => ownPrices(own, 'my.json'));
    expect(code).toBe('bad-input');
    expect(message).toBe(
      `the price file my.json lacks the row ${row}; it needs every row that resources/prices.json has`,
    );
  });

  const changed = (change: (own: Raw) => void) => {
    const own = copy();
    change(own);
    return own as unknown;
  };
  const s3 = (own: Raw) => own.items.s3GbMonth?.regions['us-east-1'] ?? { usd: 0, source: '', asOf: '' };
  it.each([
    {
      what: 'a negative price',
      json: changed((own) => Object.assign(s3(own), { usd: -1 })),
      at: /regions\.us-east-1\.usd/,
    },
    { what: 'an absurd price', json: changed((own) => Object.assign(s3(own), { usd: 1e9 })), at: /usd/ },
    { what: 'a price in words', json: changed((own) => Object.assign(s3(own), { usd: '0.023' })), at: /usd/ },
    { what: 'no source', json: changed((own) => Object.assign(s3(own), { source: '' })), at: /source/ },
    { what: 'no month', json: changed((own) => Object.assign(s3(own), { asOf: 'today' })), at: /asOf.*2026-11/ },
    { what: 'a list', json: [], at: /the whole file/ },
    { what: 'nothing', json: null, at: /the whole file/ },
  ])('with $what is refused, and the place is named', ({ json, at }) => {
    const { code, message } = failureOf(() => ownPrices(json, 'my.json'));
    expect({ code, message }).toEqual({ code: 'bad-input', message: expect.stringMatching(at) });
    expect(message).toMatch(/^the price file my\.json is not right at /);
  });
});
