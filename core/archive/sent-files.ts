import * as z from 'zod/mini';
import { jsonOf } from '../json.ts';

/** A file that is equal at both ends. Its hashes hold as long as its size and time stay, so that it is not read again. */
export type SentFile = {
  readonly path: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly sha256: string;
  /** Its ETag in S3, if it is sent by parts of `partMiB`. */
  readonly etag: string;
  readonly partMiB: number;
};

const schema = z.object({
  version: z.literal(1),
  files: z.array(
    z.object({
      path: z.string(),
      bytes: z.number(),
      modifiedMs: z.number(),
      sha256: z.string(),
      etag: z.string(),
      partMiB: z.number(),
    }),
  ),
});

/** Reads what the last sync wrote down, by path. Anything else is as if there had been none. */
export function sentFilesFrom(bytes: Uint8Array | undefined): ReadonlyMap<string, SentFile> {
  const { files = [] } = (bytes && schema.safeParse(jsonOf(bytes)).data) ?? {};
  return new Map(files.map((file) => [file.path, file]));
}

/** Returns the list of the files that were sent, as the JSON that `sentFilesFrom` reads. */
export const sentFilesText = (files: readonly SentFile[]): string => `${JSON.stringify({ version: 1, files })}\n`;

/** The hashes as `sha256sum --check` reads them: names with a backslash or a line end are escaped, and the line says so. */
export const sumsText = (files: readonly Pick<SentFile, 'path' | 'sha256'>[]): string =>
  files
    .toSorted((one, other) => (one.path < other.path ? -1 : 1))
    .map(({ path, sha256 }) => {
      const escaped = path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
      return `${escaped === path ? '' : '\\'}${sha256}  ${escaped}\n`;
    })
    .join('');
