import type { RecordedFile } from '../../core/archive/fixity.ts';
import { type StoredObject, storedVerdict } from '../../core/archive/stored-sum.ts';
import { ServiceError } from '../../core/errors.ts';
import type { LookOptions, VerifiedFile } from './verify-archive.ts';
import { type ReadPorts, verifyFile } from './verify-file.ts';

type ObjectPorts = ReadPorts & {
  /** Returns what S3 says of an object without reading it; undefined where there is none. */
  stored(key: string): Promise<StoredObject | undefined>;
};

/**
 * Compares an object with its record by the sum that S3 stores; `deep` also reads it, and decodes films. An archived object is
 * not read, because it would have to be restored first.
 */
export async function verifyObject(
  file: RecordedFile,
  ports: ObjectPorts,
  options: LookOptions,
): Promise<VerifiedFile> {
  const { key, bytes } = file;
  try {
    const stored = await ports.stored(key);
    const verdict = storedVerdict(file, stored);
    if (!options.deep || !stored || stored.bytes !== bytes) return { key, bytes, ...verdict };
    if (stored.archivedIn === undefined) {
      const read = await verifyFile(file, ports, options);
      if (read.fixity !== 'changed' || verdict.fixity !== 'agrees') return read;
      return { ...read, fixity: 'corrupt', why: 'its bits are not those whose sum S3 stores' };
    }
    const unread = `it lies in ${stored.archivedIn}, and was not read`;
    return { key, bytes, ...verdict, why: verdict.why === undefined ? unread : `${verdict.why}; ${unread}` };
  } catch (error) {
    if (!(error instanceof ServiceError) || options.signal.aborted || error.code === 'interrupted') throw error;
    return { key, bytes, fixity: 'unreadable', why: error.message };
  }
}
