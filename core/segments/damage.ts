import * as z from 'zod/mini';

const lines = z.array(z.string());

/** What decoders said of the source while a piece was made, kept beside it: whoever uses the piece again must tell it too. */
export const formatDamage = (said: readonly string[]): string => JSON.stringify(said);

export const parseDamage = (bytes: Uint8Array): readonly string[] =>
  lines.parse(JSON.parse(new TextDecoder().decode(bytes)));
