import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderStore } from '../adapters/local/folder-store.ts';
import { type PartFiles, partFiles } from '../adapters/local/part-files.ts';
import { checkSignature } from '../adapters/local/signed-parts.ts';
import { type SqliteJobListing, sqliteJobListing } from '../adapters/local/sqlite-job-listing.ts';
import { writeNew } from '../adapters/local/write-new.ts';
import { makeFolder } from '../adapters/shared/make-folder.ts';
import type { PartAnswer } from '../core/api/api-request.ts';
import { ServiceError, usage } from '../core/errors.ts';
import { HIDDEN_FOLDER } from '../core/job/result-place.ts';
import type { FileAddresses } from '../core/ports/file-addresses.ts';
import type { NewDocuments } from '../core/ports/new-documents.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { writeFailure } from '../core/system-failure.ts';
import { JOB_TABLE } from './local-ports.ts';

type LocalApi = {
  readonly listing: SqliteJobListing;
  readonly parts: PartFiles;
  readonly sources: ObjectStore;
  readonly outputs: ObjectStore;
  readonly refusals: ObjectStore;
  /** The records of uploads, in the work folder. */
  readonly uploads: ObjectStore & NewDocuments;
  /** Playlists and the settings of the house. They are no work files, so that nobody prunes them. */
  readonly house: ObjectStore;
  readonly addresses: FileAddresses;
  receive(part: PartAnswer, contentLength: number | undefined, body: AsyncIterable<Uint8Array>): Promise<void>;
};

/** Opens what the API of one folder stands on. */
export function openLocalApi(root: string, work: string, now: () => number): LocalApi {
  const store = folderStore(root);
  const secret = randomBytes(32);
  const parts = partFiles(join(work, 'uploads', 'parts'), secret, root);
  return {
    listing: sqliteJobListing(join(work, JOB_TABLE)),
    parts,
    sources: store,
    outputs: store,
    refusals: store,
    uploads: { ...folderStore(work), writeNew: (key, bytes) => writeNew(work, key, bytes) },
    house: folderStore(join(root, HIDDEN_FOLDER, 'house')),
    addresses: { sign: async (key, { disposition }) => mediaPath(key, disposition) },
    async receive({ upload: reference, part: number, query }, contentLength, body) {
      const { checksum, signature } = query;
      const [start, bytes, expiresMs] = [Number(query.start), Number(query.bytes), Number(query.expires)];
      const part = { reference, number, start, bytes, checksum };
      checkSignature(secret, { ...part, expiresMs }, signature, now());
      if (contentLength !== bytes)
        throw new ServiceError(
          'bad-input',
          `part ${number} has to have ${bytes} bytes, and ${contentLength ?? 'no length'} was announced; send it again`,
        );
      await parts.receive({ ...part, body });
    },
  };
}

const mediaPath = (key: string, disposition: 'inline' | 'attachment'): string =>
  `/media/${key.split('/').map(encodeURIComponent).join('/')}${disposition === 'attachment' ? '?disposition=attachment' : ''}`;

/** The folder of a person who names none. */
export const homeRoot = (): string => join(homedir(), 'Reelmill');

/** Where the built pages are: beside the built command. */
export const builtPages = (): string => fileURLToPath(new URL('./web/', import.meta.url));

/** Makes `input/` where it is missing, and the folder too. Throws `usage` for a file. */
export async function makeRoot(root: string): Promise<void> {
  if ((await stat(root).catch(() => undefined))?.isFile())
    throw usage(`${JSON.stringify(root)} is a file; give a folder`);
  try {
    await makeFolder(join(root, 'input'));
  } catch (error) {
    throw writeFailure(error, join(root, 'input'));
  }
}
