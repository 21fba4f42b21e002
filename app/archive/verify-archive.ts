import { type Fixity, longestUnverified, type RecordedFile, recordedFiles } from '../../core/archive/fixity.ts';
import { readVerified, VERIFIED_KEY, writeVerified } from '../../core/archive/verified.ts';
import { ServiceError } from '../../core/errors.ts';
import { manifestFrom } from '../../core/job/manifest.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { ObjectInfo, ObjectStore } from '../../core/ports/object-store.ts';
import type { WorkOptions } from '../../core/ports/work-options.ts';

type VerifyPorts = {
  /** The archive: the folder of results, or a part of a bucket. */
  readonly store: Pick<ObjectStore, 'list' | 'read' | 'write'>;
  readonly clock: Clock;
  /** Looks at a file, how ever that is done where it lies. */
  verify(file: RecordedFile, options: LookOptions): Promise<VerifiedFile>;
  /** How many files are looked at at the same time. */
  readonly atOnce: number;
};

/** `deep`: films whose bytes are good are also decoded. */
export type LookOptions = WorkOptions & { readonly deep: boolean };

type VerifyOptions = {
  readonly signal: AbortSignal;
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
  const counts = noneYet();
  let done = 0;
  const verifyNext = async (file: RecordedFile) => {
    const onProgress = (bytes: number) => options.onProgress(done + bytes, total);
    const verdict = await ports.verify(file, { ...options, onProgress });
    done += file.bytes;
    options.onProgress(done, total);
    counts[verdict.fixity]++;
    verifiedMs.set(file.key, ports.clock.now());
    options.onFile(verdict);
  };
  try {
    for (let i = 0; i < chosen.length; i += ports.atOnce) {
      options.signal.throwIfAborted();
      await Promise.all(chosen.slice(i, i + ports.atOnce).map(verifyNext));
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

/** Returns a count of files for each result of a check, all 0. */
export const noneYet = (): Record<Fixity, number> => ({
  ...{ good: 0, agrees: 0, unsummed: 0, missing: 0, changed: 0, corrupt: 0, unreadable: 0, undecodable: 0 },
});

type Archive = {
  readonly files: readonly RecordedFile[];
  readonly extra: readonly string[];
  readonly faults: readonly string[];
};

/** Reads every manifest of the archive. Two manifests may name one file, which then counts once. */
export async function readArchive(store: Pick<ObjectStore, 'list' | 'read'>): Promise<Archive> {
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

/** Everything of an archive. A listing leaves out hidden folders. Ours, which may hold the manifests, is listed as well, without pieces and originals. */
export async function* everything(store: Pick<ObjectStore, 'list'>): AsyncGenerator<ObjectInfo> {
  for await (const found of store.list('')) if (!found.key.startsWith(HIDDEN)) yield found; // a bucket hides nothing
  for await (const found of store.list(HIDDEN)) if (!found.key.startsWith(WORK)) yield found;
}

/** A read-only archive can be verified too, but then the next run does not know of this one. */
async function remember(
  verifiedMs: ReadonlyMap<string, number>,
  { files }: Archive,
  { store }: Pick<VerifyPorts, 'store'>,
) {
  const keys = new Set(files.map(({ key }) => key));
  await store.write(VERIFIED_KEY, writeVerified(verifiedMs, keys), 'application/json').catch(() => {});
}
