import * as z from 'zod/mini';
import { ServiceError, usage } from '../errors.ts';

const price = z.object({
  usd: z.number().check(z.gte(0), z.lte(1e6)),
  /** Where this figure was read; "published list price, not checked here" if only the price list itself has it. */
  source: z.string().check(z.minLength(1)),
  /** The month in which the figure was read or written down. */
  asOf: z.string().check(z.regex(/^\d{4}-\d{2}$/, 'is no month, such as 2026-11')),
});

const priceRow = z.object({
  /** The unit that the price is for. */
  per: z.string(),
  /** AWS's page that publishes the price. */
  page: z.string(),
  /** The units a month that are free. */
  freeEach: z.number().check(z.gte(0)),
  note: z.optional(z.string()),
  regions: z.record(z.string(), price),
});

const priceTableSchema = z.object({ asOf: z.string(), region: z.string(), items: z.record(z.string(), priceRow) });

/** A price list in the form of resources/prices.json. */
export type PriceTable = Readonly<z.infer<typeof priceTableSchema>>;

/**
 * Returns a price list from a file, which has to have all the named rows. Throws `bad-input` with one sentence that names
 * the file, the row, and what is wrong with it.
 */
export function parsePriceTable(json: unknown, file: string, rows: readonly string[]): PriceTable {
  const parsed = priceTableSchema.safeParse(json);
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    const at = first && first.path.length > 0 ? first.path.join('.') : 'the whole file';
    throw priceFailure(`the price file ${file} is not right at ${at}: ${first?.message ?? 'it cannot be read'}`);
  }
  const missing = rows.find((row) => !Object.hasOwn(parsed.data.items, row));
  if (missing !== undefined) {
    throw priceFailure(
      `the price file ${file} lacks the row ${missing}; it needs every row that resources/prices.json has`,
    );
  }
  return parsed.data;
}

/** The prices of one region, by the names of rows. */
export type Prices<Name extends string> = {
  readonly region: string;
  /** The whole list, for all regions. */
  readonly table: PriceTable;
  /** The month of the whole list. */
  readonly asOf: string;
  /** Throws `bad-input` if the list has no price of the region. */
  usd(name: Name): number;
  /** Returns undefined if the list has no price of the region. */
  find(name: Name): number | undefined;
  /** The units a month that are free. */
  freeEach(name: Name): number;
  /** The month of this price; undefined if the list has no price of the region. */
  monthOf(name: Name): string | undefined;
};

/** Returns the prices of a region. Throws `usage` if the list has no price of the region at all. */
export function pricesIn<Name extends string>(table: PriceTable, region: string, file: string): Prices<Name> {
  const regions = regionsOf(table);
  if (!regions.includes(region)) throw usage(`no prices of region "${region}"; there are: ${regions.join(', ')}`);
  const find = (name: Name) => table.items[name]?.regions[region]?.usd;
  return {
    region,
    table,
    asOf: table.asOf,
    find,
    usd(name) {
      const usd = find(name);
      if (usd === undefined) throw priceFailure(`${file} has no price ${name} of region ${region}`);
      return usd;
    },
    freeEach: (name) => table.items[name]?.freeEach ?? 0,
    monthOf: (name) => table.items[name]?.regions[region]?.asOf,
  };
}

/** The regions that a list has prices of. */
export const regionsOf = ({ items }: PriceTable): readonly string[] => [
  ...new Set(Object.values(items).flatMap(({ regions }) => Object.keys(regions))),
];

const priceFailure = (message: string) => new ServiceError('bad-input', message);
