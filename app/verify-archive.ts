import { type Fixity, fixityOf, longestUnverified, type RecordedFile, recordedFiles } from '../core/archive/fixity.ts';
import { readVerified, VERIFIED_KEY, writeVerified } from '../core/archive/verified.ts';
import { ServiceError } from '../core/errors.ts';
import { manifestFrom } from '../core/job/manifest.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { ObjectInfo, ObjectStore } from '../core/ports/object-store.ts';
import type { WorkOptions } from '../core/ports/work-options.ts';

type VerifyPorts = {
  /** The archive: the folder of results. */
  readonly store: ObjectStore;
  readonly clock: Clock;
  hash(path: string, options: WorkOptions): Promise<string>;
  /** Decodes a film or a sound to its end, and returns the decoder's errors. */
  decode(path: string, options: WorkOptions): Promise<{ readonly errors: readonly string[] }>;
};

type VerifyOptions = {
  readonly signal: AbortSignal;
  /** Whether films whose bytes are good are also decoded. */
  readonly deep: boolean;
  /** The share of the bytes to verify now, 0 to 1: the files whose last verification is longest ago. */
  readonly share: number;
  /** Receives each verdict as soon as it is there, and the bytes that were read so far. */
  onFile(file: VerifiedFile): void;
  onProgress(doneBytes: number, totalBytes: number): void;
};

export type VerifiedFile = {
  readonly key: string;
  readonly bytes: number;
  readonly fixity: Fixity;
  /** One sentence about what is wrong; absent if the file is good. */
  readonly why?: string;
};

export type ArchiveVerdict = {
  /** How many published files the manifests name, and how many were verified now. */
  readonly files: number;
  readonly bytes: number;
  readonly verified: number;
  readonly counts: Readonly<Record<Fixity, number>>;
  /** Files that no manifest names. */
  readonly extra: readonly string[];
  /** Manifests that cannot be read, and paths in manifests that lead out of the archive; a sentence each. */
  readonly faults: readonly string[];
};

/**
 * Compares every published file with its manifest: reads its bytes, and with `deep` decodes it. Nothing but the record of
 * verifications is written. Throws `no-input` where the archive holds no manifest.
 */
export async function verifyArchive(ports: VerifyPorts, options: VerifyOptions): Promise<ArchiveVerdict> {
  const archive = await readArchive(ports.store);
  const verifiedMs = new Map(readVerified(await ports.store.read(VERIFIED_KEY)));
  const chosen = longestUnverified(archive.files, verifiedMs, options.share);
  const total = chosen.reduce((sum, { bytes }) => sum + bytes, 0);
  const counts: Record<Fixity, number> = { good: 0, missing: 0, changed: 0, corrupt: 0, unreadable: 0, undecodable: 0 };
  let done = 0;
  try {
    for (const file of chosen) {
      const before = done;
      const onProgress = (bytes: number) => options.onProgress(before + bytes, total);
      const verdict = await verifyFile(file, ports, { ...options, onProgress });
      done = before + file.bytes;
      options.onProgress(done, total);
      counts[verdict.fixity]++;
      verifiedMs.set(file.key, ports.clock.now());
      options.onFile(verdict);
    }
  } finally {
    await remember(verifiedMs, archive, ports);
  }
  return {
    files: archive.files.length,
    bytes: archive.files.reduce((sum, { bytes }) => sum + bytes, 0),
    verified: chosen.length,
    counts,
    extra: archive.extra,
    faults: archive.faults,
  };
}

type Archive = {
  readonly files: readonly RecordedFile[];
  readonly extra: readonly string[];
  readonly faults: readonly string[];
};

/** Reads every manifest of the archive. Two manifests may name one file, which then counts once. */
async function readArchive(store: ObjectStore): Promise<Archive> {
  const there = new Set<string>();
  const files = new Map<string, RecordedFile>();
  const faults: string[] = [];
  for await (const { key } of everything(store)) {
    there.add(key);
    if (!/(^|\/)manifest\.json$/.test(key)) continue;
    const bytes = (await store.read(key)) ?? new Uint8Array();
    const manifest = manifestFrom(bytes);
    if (!manifest) {
      if (!isOfAnotherProgram(bytes)) faults.push(`${key} is damaged: it cannot be read as a manifest`);
      continue;
    }
    const { files: named, outside } = recordedFiles(key, manifest);
    for (const file of named) files.set(file.key, file);
    for (const path of outside) faults.push(`${key} names a file outside of the archive, which is not read: ${path}`);
  }
  if (files.size === 0 && faults.length === 0)
    throw new ServiceError('no-input', 'no manifest lies here; name the folder that run was given by --out');
  const isNamed = (key: string) => files.has(key) || /(^|\/)(manifest\.json|report\.(html|jpg))$/.test(key);
  const extra = [...there].filter((key) => !isNamed(key) && !key.startsWith(HIDDEN));
  return { files: [...files.values()], extra, faults };
}

/** Web pages and other programs have files called manifest.json too. */
function isOfAnotherProgram(bytes: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value !== 'object' || value === null || !('recipe' in value || 'renditions' in value);
  } catch {
    return false;
  }
}

const HIDDEN = '.reelmill/';
const WORK = '.reelmill/work/';

/** A listing leaves out hidden folders. Ours, which may hold the manifests, is listed as well, without pieces and originals. */
async function* everything(store: ObjectStore): AsyncGenerator<ObjectInfo> {
  yield* store.list('');
  for await (const found of store.list(HIDDEN)) if (!found.key.startsWith(WORK)) yield found;
}

type Work = WorkOptions & { readonly deep: boolean };

async function verifyFile(file: RecordedFile, ports: VerifyPorts, options: Work): Promise<VerifiedFile> {
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
  { store, hash, decode }: VerifyPorts,
  { deep, ...work }: Work,
): Promise<VerifiedFile> {
  const { key, bytes } = file;
  const there = await store.head(key);
  if (!there) return { key, bytes, fixity: 'missing', why: 'the file is not there any more' };
  const local = await store.fetch(key, work.signal);
  try {
    const sha256 = await hash(local.path, work);
    const fixity = fixityOf(file, { ...there, sha256 });
    if (fixity === 'changed') return { key, bytes, fixity, why: whyChanged(file, there) };
    if (fixity === 'corrupt')
      return { key, bytes, fixity, why: 'its bytes are not the published ones, and nobody wrote it since' };
    if (!deep || !isDecodable(key)) return { key, bytes, fixity };
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

/** Files that hold pictures or sound in time. Playlists, subtitles, pages and still pictures are only hashed. */
const isDecodable = (key: string) => /\.(mp4|m4v|m4a|mov|mkv|mka|webm)$/i.test(key);

/** A read-only archive can be verified too, but then the next run does not know of this one. */
async function remember(verifiedMs: ReadonlyMap<string, number>, { files }: Archive, { store }: VerifyPorts) {
  const keys = new Set(files.map(({ key }) => key));
  await store.write(VERIFIED_KEY, writeVerified(verifiedMs, keys), 'application/json').catch(() => {});
}
