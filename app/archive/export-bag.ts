import { bagTags, type PayloadFile } from '../../core/archive/bag.ts';
import { keyFrom } from '../../core/archive/fixity.ts';
import { premisJson } from '../../core/archive/premis.ts';
import { ServiceError } from '../../core/errors.ts';
import { filesAndSources, type Manifest, manifestFrom } from '../../core/job/manifest.ts';
import { nameOf } from '../../core/path-parts.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';

/** A folder that becomes a bag, whole or not at all. */
type BagFolder = {
  /** Copies a file into the bag, and returns what was copied. */
  add(path: string, from: string, signal: AbortSignal): Promise<{ readonly bytes: number; readonly sha256: string }>;
  write(path: string, text: string): Promise<void>;
  /** Gives the folder its name. */
  finish(): Promise<void>;
  /** Removes what was written. */
  discard(): Promise<void>;
};

type ExportPorts = { readonly store: ObjectStore; readonly clock: Clock; readonly bag: BagFolder };

type ExportRequest = {
  /** The manifest's key in the archive. */
  readonly manifestKey: string;
  /** The file of the source; undefined if the bag is to hold the renditions alone. */
  readonly source: string | undefined;
  /** Name and version of this program. */
  readonly agent: string;
};

/**
 * Writes a bag (BagIt 1.0) of a source and everything published of it, with the manifest's facts as PREMIS terms. Every
 * file is compared with its hash while it is copied. Throws `no-input` and `bad-input`, and leaves nothing behind then.
 */
export async function exportBag(
  request: ExportRequest,
  { store, clock, bag }: ExportPorts,
  signal: AbortSignal,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const bytes = await store.read(request.manifestKey);
  if (!bytes)
    throw new ServiceError(
      'no-input',
      `there is no manifest at ${store.locate(request.manifestKey)}; name the manifest.json of a film`,
    );
  const manifest = manifestFrom(bytes);
  if (!manifest)
    throw new ServiceError('bad-input', `${store.locate(request.manifestKey)} cannot be read as a manifest`);
  try {
    const source = request.source === undefined ? undefined : await addSource(request.source, manifest);
    const files = new Map<string, PayloadFile>();
    const isThere = (sha256: string) => source !== undefined && sha256 === source.sha256;
    const sources = new Set(manifest.keptSources?.map(({ path }) => path));
    for (const file of filesAndSources(manifest))
      if (!sources.has(file.path) || !isThere(file.sha256)) files.set(file.path, await addPublished(file));
    const record = await addManifest();
    const payload = [...(source ? [source] : []), ...files.values(), record];
    const date = new Date(clock.now()).toISOString().slice(0, 10);
    const tags = [{ path: 'metadata/premis.json', content: premisJson(manifest, { source, files }, request.agent) }];
    for (const [path, text] of bagTags({ payload, tags, info: infoOf(manifest, source), date, agent: request.agent }))
      await bag.write(path, text);
    await bag.finish();
    return { files: payload.length, bytes: payload.reduce((sum, each) => sum + each.bytes, 0) };
  } catch (error) {
    await bag.discard();
    throw error;
  }

  async function addSource(path: string, { source }: Manifest): Promise<PayloadFile> {
    const place = `data/source/${nameOf(source.path)}`;
    const added = await bag.add(place, path, signal);
    if (added.sha256 !== source.sha256)
      throw new ServiceError(
        'bad-input',
        `${path} is not the source of this manifest, since its hash is another one; give the file that was dropped`,
      );
    return { path: place, ...added };
  }

  async function addPublished({ path, sha256 }: { path: string; sha256: string }): Promise<PayloadFile> {
    const key = keyFrom(request.manifestKey, path);
    if (key === undefined)
      throw new ServiceError('bad-input', `the manifest names a file outside of the archive: ${path}`);
    const place = `data/renditions/${path
      .split('/')
      .filter((part) => part !== '..')
      .join('/')}`;
    const local = await store.fetch(key, signal);
    try {
      const added = await bag.add(place, local.path, signal);
      if (added.sha256 !== sha256)
        throw new ServiceError('bad-input', `${key} is not as it was published; see reelmill archive verify`);
      return { path: place, ...added };
    } finally {
      await local.release();
    }
  }

  async function addManifest(): Promise<PayloadFile> {
    const local = await store.fetch(request.manifestKey, signal);
    try {
      return { path: 'data/manifest.json', ...(await bag.add('data/manifest.json', local.path, signal)) };
    } finally {
      await local.release();
    }
  }
}

const infoOf = ({ job, recipe, source }: Manifest, added: PayloadFile | undefined) =>
  [
    ['External-Identifier', job],
    ['External-Description', `${nameOf(source.path)}: the source and what the recipe ${recipe} made of it`],
    ['Internal-Sender-Description', added ? 'The source is in data/source.' : 'The source is not in this bag.'],
  ] as const;
