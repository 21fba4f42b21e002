import { type FileRecord, fileRecord } from '../file-record.ts';
import { filesAndSources, type Manifest } from '../job/manifest.ts';
import { keyFault } from '../object-key.ts';
import { compareTexts } from '../text-order.ts';

/** A published file, as the manifest that names it recorded it. */
export type RecordedFile = FileRecord & {
  /** Its key in the archive, which is the path from the archive's folder. */
  readonly key: string;
  /** The time when it was published, in milliseconds since 1970. */
  readonly madeMs: number;
  /** The header of a track (`init`), which holds no frames to decode. */
  readonly isHeader?: boolean;
};

/** A file of the archive as it lies there now. */
type FileNow = { readonly bytes: number; readonly modifiedMs: number; readonly sha256: string };

/**
 * What became of a published file. `changed`: somebody wrote it after it was published. `corrupt`: its bytes are other ones
 * although its time does not show that anybody wrote it since. `unreadable`: the disk or the system does not give its bytes. `undecodable`: its bytes are
 * the published ones, but they do not decode. Of an object in a bucket that was not read: `agrees` if the sum that S3 stores is
 * that of the manifest, which proves nothing of the bits, and `unsummed` if there is no sum to compare.
 */
export type Fixity = 'good' | 'agrees' | 'unsummed' | 'missing' | 'changed' | 'corrupt' | 'unreadable' | 'undecodable';

/** File systems with coarse times (FAT: 2 s) may show a time after the publishing of a file that nobody wrote since. */
const COARSEST_TIME_MS = 2000;

/** Says what the time of a corrupt file shows, for one sentence with what is wrong. */
export function whyCorrupt(
  { madeMs }: Pick<RecordedFile, 'madeMs'>,
  { modifiedMs }: Pick<FileNow, 'modifiedMs'>,
): string {
  const wrong = 'its bytes are not the published ones';
  if (modifiedMs <= madeMs) return `${wrong}, and by its time nobody wrote it since`;
  const seconds = Number(((modifiedMs - madeMs) / 1000).toFixed(3));
  return `${wrong}; its time is ${seconds} s after its publication, which does not show whether somebody wrote it since`;
}

/** Compares a file with its record. Without `found` it is missing. */
export function fixityOf(recorded: RecordedFile, found: FileNow | undefined): Fixity {
  if (!found) return 'missing';
  if (found.bytes === recorded.bytes && found.sha256 === recorded.sha256) return 'good';
  const isWrittenSince = found.modifiedMs > recorded.madeMs + COARSEST_TIME_MS;
  return found.bytes !== recorded.bytes || isWrittenSince ? 'changed' : 'corrupt';
}

/**
 * Returns the files that the manifest at `manifestKey` lists, with their keys. A path that leads out of the archive is
 * returned among `outside`: no file out there is read.
 */
export function recordedFiles(
  manifestKey: string,
  manifest: Manifest,
): { readonly files: readonly RecordedFile[]; readonly outside: readonly string[] } {
  const madeMs = Date.parse(manifest.madeAt);
  const headers = new Set((manifest.playlists ?? []).flatMap(({ kind, path }) => (kind === 'init' ? [path] : [])));
  const files: RecordedFile[] = [];
  const outside: string[] = [];
  for (const file of filesAndSources(manifest)) {
    const key = keyFrom(manifestKey, file.path);
    if (key === undefined) outside.push(file.path);
    else files.push({ key, ...fileRecord(file), madeMs, ...(headers.has(file.path) && { isHeader: true }) });
  }
  return { files, outside };
}

/** Returns the key of a path that is relative to the file at `from`; undefined where it leads out of the store. */
export function keyFrom(from: string, path: string): string | undefined {
  if (keyFault(path.replace(/^(?:\.\.?\/)+/, '')) !== undefined) return undefined;
  const parts = from.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  const key = parts.join('/');
  return keyFault(key) === undefined ? key : undefined;
}

/**
 * Returns the files of which the last verification is longest ago, as many as make up `share` (0 to 1) of all bytes, and at
 * least one. Runs of 5 % each walk the whole archive in 20 runs. Files that were never verified come first.
 */
export function longestUnverified<File extends { readonly key: string; readonly bytes: number }>(
  files: readonly File[],
  verifiedMs: ReadonlyMap<string, number>,
  share: number,
): readonly File[] {
  const wanted = share * files.reduce((sum, { bytes }) => sum + bytes, 0);
  const when = ({ key }: File) => verifiedMs.get(key) ?? 0;
  const ordered = files.toSorted((one, other) => when(one) - when(other) || compareTexts(one.key, other.key));
  const chosen: File[] = [];
  for (let i = 0, bytes = 0; i < ordered.length && (i === 0 || bytes < wanted); i++) {
    const file = ordered[i];
    if (!file) break;
    chosen.push(file);
    bytes += file.bytes;
  }
  return chosen;
}
