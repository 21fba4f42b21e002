import * as z from 'zod/mini';
import { HASH_BYTES, hashesOf } from '../film/frame-index.ts';
import { numbersOf, packColumns, unpackColumns } from '../packed-columns.ts';
import type { MappedFilm } from './source-parts.ts';

/**
 * What the plan step hands to the tasks that encode: the version of the source that it read, the facts about it, and where
 * everything in its file lies.
 */
type PlannedFilm<Facts extends object> = {
  readonly version: string;
  readonly facts: Facts;
  readonly film: MappedFilm;
};

/** Returns the key under which the plan step leaves the planned film. */
export const plannedFilmKey = (job: string): string => `work/${job}/film.bin`;

/** To be raised with every change of what is written. A task of another version of the program then reads the source itself. */
const FORMAT = 3;

/** Returns a planned film as the bytes of its object: JSON, and behind it the columns of numbers as they lie in memory. */
export function packFilm<Facts extends object>({ version, facts, film }: PlannedFilm<Facts>): Uint8Array {
  const { bytes, index, map, places } = film;
  const { pts, flags, hashes: _, ...ofIndex } = index;
  const hashes = hashesOf(index, 0, index.count);
  const { clusters, ...ofMap } = map;
  const { positions, sizes, ...ofPlaces } = places;
  const value = { format: FORMAT, version, facts, bytes, index: ofIndex, map: ofMap, places: ofPlaces };
  return packColumns(value, { pts, flags, hashes, clusters, positions, sizes });
}

/** Returns what `packFilm` packed; undefined for what another version of the program wrote, or what is damaged. */
export function unpackFilm<Facts extends object>(bytes: Uint8Array): PlannedFilm<Facts> | undefined {
  try {
    const { value, columns } = unpackColumns(bytes);
    const { version, facts, bytes: fileBytes, index, map, places } = schemaOf<Facts>().parse(value);
    const [pts, positions, sizes] = ['pts', 'positions', 'sizes'].map((name) => numbersOf(columns.get(name)));
    const [flags, hashes] = [columns.get('flags'), columns.get('hashes')];
    if (!pts || !positions || !sizes || !flags || !hashes) return undefined;
    const isWhole = [pts, positions, sizes, flags].every(({ length }) => length === index.count);
    if (!isWhole || hashes.length !== index.count * HASH_BYTES) return undefined;
    const film = {
      bytes: fileBytes,
      index: { ...index, pts, flags, hashes },
      map: { ...map, clusters: numbersOf(columns.get('clusters')) },
      places: { ...places, positions, sizes },
    };
    return { version, facts, film };
  } catch {
    return undefined;
  }
}

const place = z.union([z.number(), z.nan()]);
const range = z.object({ start: place, end: place });

/** The facts are not looked into: they are our own, of the same format, and lie where only tasks may write. */
const schemaOf = <Facts extends object>() =>
  z.object({
    format: z.literal(FORMAT),
    version: z.string(),
    facts: z.custom<Facts>((facts) => typeof facts === 'object' && facts !== null),
    bytes: z.number(),
    index: z.object({
      from: z.enum(['packets', 'frames']),
      timeBase: z.object({ num: z.number(), den: z.number() }),
      count: z.number(),
    }),
    map: z.object({
      reading: z.enum(['packets', 'clusters', 'steppedClusters', 'stretches']),
      index: z.array(range),
      junk: z.optional(z.array(range)),
      openingPackets: z.number(),
      description: z.string(),
    }),
    places: z.object({ first: z.array(range), ofEach: z.array(range) }),
  });
