import { ServiceError, usage } from '../../core/errors.ts';
import type { PublishedFile } from '../../core/job/job.ts';
import type { KeptSource, Manifest } from '../../core/job/manifest.ts';
import { keyAt } from '../../core/job/result-place.ts';
import { nameOf } from '../../core/path-parts.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { keptClass } from '../../core/settings/kept-class.ts';
import type { Settings } from '../../core/settings/settings.ts';
import type { JobRequest } from '../job-request.ts';
import type { SourceFacts } from './read-source.ts';

type KeepPorts = Pick<Ports, 'outputs'>;
type KeptNow = { readonly sha256: string; readonly settings: Pick<Partial<Settings>, 'keepSource'> };

/** Whether the source is to be kept, and is not yet, or in another storage class. What lies there is not read. */
export async function lacksSource(
  { keptSources = [] }: Pick<Manifest, 'keptSources'>,
  request: JobRequest,
  { outputs }: KeepPorts,
  { sha256, settings }: KeptNow,
): Promise<boolean> {
  const asked = keptClass(settings);
  if (asked === undefined) return false;
  const own = keptSources.find((each) => each.sha256 === sha256);
  if (!own || (await outputs.head(keyAt(request, own.path)))?.bytes !== own.bytes) return true;
  return settings.keepSource !== 'yes' && own.storageClass !== undefined && own.storageClass !== asked;
}

type SourceToKeep = KeptNow & {
  /** The source as a file on this machine. */
  readonly path: string;
  readonly before: Pick<Manifest, 'keptSources'> | undefined;
  readonly signal: AbortSignal;
};

/**
 * Keeps the source beside the results if its settings ask for it. Returns the kept sources for the manifest, which still names
 * those of earlier contents: none is ever removed.
 */
export async function keepSource(
  request: JobRequest,
  ports: Ports,
  { path: file, before, sha256, settings, signal }: SourceToKeep,
): Promise<readonly KeptSource[]> {
  const earlier = before?.keptSources ?? [];
  const storageClass = keptClass(settings);
  if (storageClass === undefined) return earlier;
  const there = earlier.find((each) => each.sha256 === sha256);
  if (there && !(await lacksSource({ keptSources: earlier }, request, ports, { sha256, settings }))) return earlier;
  const sums = await ports.reader.fileInfo(file, signal);
  if (sums.sha256 !== sha256)
    throw new ServiceError(
      'busy',
      `${request.source} changed while it was being read; the next run takes it as it is now`,
    );
  const name = nameOf(request.source);
  const places = [`source/${name}`, `source/${sha256.slice(0, 16)}/${name}`];
  for (const path of there ? [there.path, ...places] : places) {
    const keeping = { source: request.source, key: keyAt(request, path), sums, storageClass };
    const kept = await ports.keeper.keep(keeping, signal);
    if (kept) return [{ path, ...sums, ...kept }, ...earlier.filter((each) => each.path !== path)];
  }
  const at = ports.outputs.locate(keyAt(request, `source/${name}`));
  throw new ServiceError('cannot-write', `${at} has other bytes than the source and is not replaced; move it away`);
}

/** Throws `usage` where a film takes the place of its source, which is put aside anyway. */
export function refuseKeeping({ replaces }: Pick<JobRequest, 'replaces'>, settings: Partial<Settings>): void {
  if (replaces && keptClass(settings) !== undefined)
    throw usage('keepSource does not go with --replace, which puts every source that it replaces aside anyway');
}

/** Throws `usage` for a source that is not one file. */
export function refuseSequence(
  { source }: Pick<JobRequest, 'source'>,
  { isSequence }: Pick<SourceFacts, 'isSequence'>,
): void {
  if (isSequence) throw usage(`keepSource keeps a source that is one file; ${source} is a sequence of pictures`);
}

/** Returns the kept sources as they lie there now, without those that are gone. */
export async function keptFilesNow(
  kept: readonly KeptSource[],
  request: JobRequest,
  { outputs }: KeepPorts,
): Promise<readonly PublishedFile[]> {
  const now: PublishedFile[] = [];
  for (const { path, sha256 } of kept) {
    const found = await outputs.head(keyAt(request, path));
    if (found) now.push({ key: found.key, bytes: found.bytes, modifiedMs: found.modifiedMs, sha256 });
  }
  return now;
}
