import type { SentFile } from '../../core/archive/sent-files.ts';
import { ServiceError } from '../../core/errors.ts';
import type { BucketObject } from '../../core/ports/bucket-transfer.ts';
import type { BothSides, FolderFile, SyncOptions, SyncPorts, SyncTask } from './sync-ports.ts';

type Comparison = {
  readonly equal: readonly SentFile[];
  /** Files that have to be sent again, with the reason. */
  readonly differing: readonly { readonly path: string; readonly why: string }[];
  /** Files that changed while they were read. */
  readonly changed: readonly string[];
  readonly byEtag: number;
  readonly byReading: number;
};

/**
 * Compares every file that is on both sides by its bytes. The ETag of an object is the MD5 of its bytes (by parts), so that
 * nothing has to be read back; an object whose ETag is another one, as it is under a key of KMS, is read back. A file whose
 * size and time are as they were when it was hashed is not read again.
 */
export async function compareWithBucket(
  { tuning, direction, place }: SyncTask,
  { files, objects, known }: BothSides & { readonly known: ReadonlyMap<string, SentFile> },
  { folder, transfer }: SyncPorts,
  { signal, onProgress }: SyncOptions,
): Promise<Comparison> {
  const differing: { path: string; why: string }[] = [];
  const hashed: { readonly file: SentFile; readonly object: BucketObject }[] = [];
  const from = direction === 'up' ? files : objects;
  const gone: string[] = [];
  let totalBytes = 0;
  for (const { bytes } of from.values()) totalBytes += bytes;
  let before = 0;
  for (const [path, { bytes }] of from) {
    const [file, object] = [files.get(path), objects.get(path)];
    const why = whyDifferent(file, object);
    if (file && object && why === undefined) {
      const now = await hash(file, (done) => report(before + done)).catch(ifGone);
      if (now) hashed.push({ object, file: now });
      else gone.push(path);
    } else differing.push({ path, why: why ?? '' });
    before += bytes;
    report(before);
  }
  const changed = await changedSince(hashed.map(({ file }) => file));
  const settled = hashed.filter(({ file }) => !changed.has(file.path));
  const doubtful = settled.filter(({ file, object }) => file.etag !== object.etag);
  const read = await transfer.readBack(
    place,
    doubtful.map(({ file }) => file.path),
    signal,
  );
  const isEqual = ({ file, object }: (typeof settled)[number]) =>
    file.etag === object.etag || read.get(file.path) === file.sha256;
  for (const each of doubtful)
    if (!isEqual(each)) differing.push({ path: each.file.path, why: 'its bytes are not the same at both ends' });
  const equal = settled.filter(isEqual).map(({ file }) => file);
  const byReading = doubtful.filter(isEqual).length;
  return { equal, differing, changed: [...changed, ...gone], byEtag: equal.length - byReading, byReading };

  function report(bytes: number): void {
    onProgress('comparing', { bytes, totalBytes, etaSeconds: undefined });
  }

  async function hash(file: FolderFile, onBytes: (bytes: number) => void): Promise<SentFile> {
    const { partMiB } = tuning;
    const was = known.get(file.path);
    if (was?.bytes === file.bytes && was.modifiedMs === file.modifiedMs && was.partMiB === partMiB) return was;
    const hashes = await folder.hashes(file.path, partMiB, { signal, onProgress: onBytes });
    return { ...file, ...hashes, partMiB };
  }

  async function changedSince(seen: readonly SentFile[]): Promise<ReadonlySet<string>> {
    const now = new Map<string, FolderFile>();
    for await (const file of folder.files()) now.set(file.path, file);
    const isSame = ({ path, bytes, modifiedMs }: SentFile) =>
      now.get(path)?.bytes === bytes && now.get(path)?.modifiedMs === modifiedMs;
    return new Set(seen.filter((file) => !isSame(file)).map(({ path }) => path));
  }
}

/** A file that vanishes after it was listed has changed; whatever else cannot be read ends the comparison. */
function ifGone(error: unknown): undefined {
  if (!(error instanceof ServiceError) || error.code !== 'no-input') throw error;
}

function whyDifferent(file: FolderFile | undefined, object: BucketObject | undefined): string | undefined {
  if (!object) return 'it is not in the bucket';
  if (!file) return 'it is not in the folder';
  return file.bytes === object.bytes ? undefined : `it has ${file.bytes} bytes here, and ${object.bytes} in the bucket`;
}
