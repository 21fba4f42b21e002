import type { SourceOutline } from '../film/source-outline.ts';
import type { Needs } from '../job/needs.ts';
import { framesOf, pixelsOf } from './film-figures.ts';

/** What a container does: all of a job, or one step of the workflow. */
export type TaskKind = 'whole' | 'plan' | 'segment' | 'join';

/** The bytes of a job: of its source with the copies that are made of it, of all its results together, and of the largest of them. */
export type JobBytes = {
  readonly source: number;
  readonly results: number;
  readonly largest: number;
};

/** How a film is divided among containers: their number, and what of the source each has to fetch at most. */
type Division = { readonly tasks: number; readonly fetched: number };

/**
 * Returns the most bytes that lie on a container's disk at a time.
 * A plan has the source. A container of segments has what it fetches of the source, and the pieces of its share, which may be twice
 * an even one. A join has the source, the results that are made already, and of the largest one the pieces, the file, and a copy,
 * because what belongs to single pictures is woven into one. A container that does everything has all pieces too, as it made
 * them. Where the source's own bytes become the result, they are copied inside of the bucket.
 */
export function peakBytes(kind: TaskKind, bytes: JobBytes, { tasks, fetched }: Division): number {
  const { source, results, largest } = bytes;
  switch (kind) {
    case 'plan':
      return source;
    case 'segment':
      return Math.min(source, fetched) + (2 * results) / Math.max(1, tasks);
    case 'join':
      return source + results + 2 * largest;
    case 'whole':
      return source + 2 * results + 2 * largest;
    default:
      return kind satisfies never;
  }
}

/** The task that has all of a film, where the work is not divided. */
export const UNDIVIDED: Division = { tasks: 1, fetched: Number.POSITIVE_INFINITY };

/** Recordings that were joined are copied under one set of identifiers, and that copy onto one clock (app/source). */
const MOST_COPIES = 2;

/** Whether ffprobe's format is one whose files may hold several recordings that are joined. */
export const mayBeJoinedIn = (format: string): boolean => format === 'mpegts' || format === 'mpeg';

/** Returns the bytes of a source and of the copies that may be made of it, by what is known before it is read. */
export const withCopies = ({ bytes, mayBeJoined }: Pick<SourceOutline, 'bytes' | 'mayBeJoined'>): number =>
  mayBeJoined ? (1 + MOST_COPIES) * bytes : bytes;

/** Returns a job's bytes by what is known of the film before it is read. */
export function bytesFrom({ results }: Pick<Needs, 'results'>, outline: SourceOutline): JobBytes {
  const { bytes } = outline;
  const source = withCopies(outline);
  // jobs of earlier versions do not say; most recipes make a film smaller
  if (!results) return { source, results: bytes, largest: bytes };
  const pixels = framesOf(outline) * pixelsOf(outline);
  const { all, largest, neverLarger } = results;
  const atMost = (bits: number) => (neverLarger ? Math.min(bytes, (pixels * bits) / 8) : (pixels * bits) / 8);
  return { source, results: atMost(all), largest: atMost(largest) };
}
