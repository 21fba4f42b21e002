import * as z from 'zod/mini';
import { jsonOf } from '../json.ts';

const schema = z.object({
  sha256: z.string(),
  damage: z.array(z.string()),
  /** Whether `damage` also has the frames that a decoder only marks; absent from pieces of versions that did not look for them. */
  hasMarked: z.optional(z.literal(true)),
});

/**
 * The record beside a piece in the cache, for later use of the piece: its hash, which reveals a corrupt piece, and the
 * messages of decoders about the source, which every use must report.
 */
export type PieceRecord = Readonly<z.infer<typeof schema>>;

/** Returns the record of a piece as the JSON that lies beside it. */
export const formatPieceRecord = (record: PieceRecord): string => JSON.stringify(record);

/** The record in a file; undefined if it is not valid, in which case the piece counts as corrupt, too. */
export const parsePieceRecord = (bytes: Uint8Array): PieceRecord | undefined => schema.safeParse(jsonOf(bytes)).data;
