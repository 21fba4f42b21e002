import { fixityOf, type RecordedFile, whyCorrupt } from '../../core/archive/fixity.ts';
import { ServiceError } from '../../core/errors.ts';
import type { ObjectInfo, ObjectStore } from '../../core/ports/object-store.ts';
import type { WorkOptions } from '../../core/ports/work-options.ts';
import type { LookOptions, VerifiedFile } from './verify-archive.ts';

export type ReadPorts = {
  readonly store: Pick<ObjectStore, 'head' | 'fetch'>;
  hash(path: string, options: WorkOptions): Promise<string>;
  /** Decodes a film or a sound to its end, and returns the decoder's errors. */
  decode(path: string, options: WorkOptions): Promise<{ readonly errors: readonly string[] }>;
};

/** Reads a file and compares it with its record, and decodes it if that is asked for. */
export async function verifyFile(file: RecordedFile, ports: ReadPorts, options: LookOptions): Promise<VerifiedFile> {
  const { key, bytes } = file;
  try {
    return await lookAt(file, ports, options);
  } catch (error) {
    if (!(error instanceof ServiceError) || options.signal.aborted) throw error;
    return { key, bytes, fixity: 'unreadable', why: error.message };
  }
}

async function lookAt(
  file: RecordedFile,
  { store, hash, decode }: ReadPorts,
  { deep, ...work }: LookOptions,
): Promise<VerifiedFile> {
  const { key, bytes } = file;
  const there = await store.head(key);
  if (!there) return { key, bytes, fixity: 'missing', why: 'the file is not there any more' };
  const local = await store.fetch(key, work.signal);
  try {
    const sha256 = await hash(local.path, work);
    const fixity = fixityOf(file, { ...there, sha256 });
    if (fixity === 'changed') return { key, bytes, fixity, why: whyChanged(file, there) };
    if (fixity === 'corrupt') return { key, bytes, fixity, why: whyCorrupt(file, there) };
    if (!deep || !isDecodable(file)) return { key, bytes, fixity };
    const { errors } = await decode(local.path, { ...work, onProgress: () => {} });
    const [error] = errors;
    return error === undefined ? { key, bytes, fixity } : { key, bytes, fixity: 'undecodable', why: error };
  } finally {
    await local.release();
  }
}

const whyChanged = ({ bytes }: RecordedFile, there: ObjectInfo) =>
  there.bytes === bytes
    ? `it was written at ${new Date(there.modifiedMs).toISOString()}, after it was published`
    : `it has ${there.bytes} bytes now, and had ${bytes} when it was published`;

/** Files that hold pictures or sound in time. Headers of tracks, playlists, subtitles, pages and still pictures are only hashed. */
const isDecodable = ({ key, isHeader = false }: RecordedFile) =>
  !isHeader && /\.(mp4|m4v|m4a|mov|mkv|mka|webm)$/i.test(key);
