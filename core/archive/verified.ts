import * as z from 'zod/mini';
import { jsonOf } from '../json.ts';

/** Where an archive keeps when each of its files was last verified. */
export const VERIFIED_KEY = '.reelmill/verified.json';

const schema = z.object({ version: z.literal(1), verified: z.record(z.string(), z.iso.datetime()) });

/** Returns the time of the last verification of each file, by key, in milliseconds since 1970. A file that is no such record is none. */
export function readVerified(bytes: Uint8Array | undefined): ReadonlyMap<string, number> {
  const { verified = {} } = (bytes && schema.safeParse(jsonOf(bytes)).data) ?? {};
  return new Map(Object.entries(verified).map(([key, when]) => [key, Date.parse(when)]));
}

/** Returns the record of these verifications, without files that the archive does not have any more. */
export function writeVerified(verifiedMs: ReadonlyMap<string, number>, keys: ReadonlySet<string>): string {
  const kept = [...verifiedMs].filter(([key]) => keys.has(key)).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const verified = Object.fromEntries(kept.map(([key, ms]) => [key, new Date(ms).toISOString()]));
  return `${JSON.stringify({ version: 1, verified }, undefined, 1)}\n`;
}
