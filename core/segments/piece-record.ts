import * as z from 'zod/mini';

const schema = z.object({ sha256: z.string(), damage: z.array(z.string()) });

/**
 * What is kept beside a piece for whoever uses it again: its hash, by which rot shows, and what decoders said of the source
 * while it was made, which must be told again.
 */
export type PieceRecord = Readonly<z.infer<typeof schema>>;

export const formatPieceRecord = (record: PieceRecord): string => JSON.stringify(record);

/** Undefined where it is no record: then the piece counts as rotten too. */
export function parsePieceRecord(bytes: Uint8Array): PieceRecord | undefined {
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}
