import { type RecordedFile, recordedFiles } from '../../core/archive/fixity.ts';
import { importedJob } from '../../core/archive/imported-job.ts';
import { INPUT_PREFIX } from '../../core/job/drop.ts';
import { type JobId, jobIdOf, type PublishedFile } from '../../core/job/job.ts';
import { type Manifest, manifestFrom } from '../../core/job/manifest.ts';
import type { Inbox } from '../../core/ports/inbox.ts';
import type { JobStore } from '../../core/ports/job-store.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';

type ImportPorts = {
  readonly store: Pick<ObjectStore, 'read' | 'head'>;
  readonly jobs: Pick<JobStore, 'create' | 'get'>;
  /** Looks at a published file: as it was published and proved to be, only there, or not there as it was. */
  look(file: RecordedFile): Promise<PublishedFile | 'there' | 'gone'>;
  /** The sources of a bucket; undefined on one machine. */
  readonly drops: (Pick<Inbox, 'inspect'> & { readonly bucket: string }) | undefined;
  /** The folder of results on one machine. */
  readonly outputs: string | undefined;
};

/** What became of a manifest: a new row, a row that was there, or none, and why. */
export type ImportedFilm = {
  readonly manifest: string;
  readonly source: string;
  readonly job?: JobId;
  readonly fate: 'imported' | 'known' | 'left';
  readonly why?: string;
};

export type ImportTally = {
  /** Everything that was listed, and what of it are manifests of ours. */
  readonly listed: number;
  readonly imported: number;
  readonly known: number;
  readonly left: number;
  /** Files below input/. */
  readonly sources: number;
};

type ImportOptions = {
  readonly signal: AbortSignal;
  /** Whether rows are written, or only told. */
  readonly isDryRun: boolean;
  onFilm(film: ImportedFilm): void;
};

const MANIFESTS_AT_ONCE = 16;

/**
 * Writes a row into the job table for every manifest among these keys, so that its film is known without being made again. Keys
 * come one by one, and only a few manifests are in memory. Rows that are there stay as they are.
 */
export async function importArchive(
  keys: AsyncIterable<string>,
  ports: ImportPorts,
  { signal, isDryRun, onFilm }: ImportOptions,
): Promise<ImportTally> {
  const tally = { listed: 0, imported: 0, known: 0, left: 0, sources: 0 };
  let waiting: string[] = [];
  const look = async () => {
    for (const film of await Promise.all(waiting.map((key) => importFilm(key, ports, isDryRun)))) {
      if (!film) continue;
      tally[film.fate]++;
      onFilm(film);
    }
    waiting = [];
  };
  for await (const key of keys) {
    signal.throwIfAborted();
    tally.listed++;
    if (key.startsWith(INPUT_PREFIX)) tally.sources++;
    else if (/(^|\/)manifest\.json$/.test(key)) waiting.push(key);
    if (waiting.length === MANIFESTS_AT_ONCE) await look();
  }
  await look();
  return tally;
}

async function importFilm(key: string, ports: ImportPorts, isDryRun: boolean): Promise<ImportedFilm | undefined> {
  const manifest = manifestFrom((await ports.store.read(key)) ?? new Uint8Array());
  if (!manifest) return undefined; // another program's, or none any more
  const film = { manifest: key, source: manifest.source.path };
  const { files, outside } = recordedFiles(key, manifest);
  if (outside.length > 0) return { ...film, fate: 'left', why: 'it names files outside of the archive' };
  const found = await Promise.all(files.map(async (file) => ({ file, is: await ports.look(file) })));
  const gone = found.find(({ is }) => is === 'gone');
  if (gone) return { ...film, fate: 'left', why: `${gone.file.key} is not there as it was published` };
  const published = found.flatMap(({ is }) => (typeof is === 'string' ? [] : [is]));
  const drop = await dropOf(manifest, ports);
  const { outputs } = ports;
  const job = importedJob({ manifestKey: key, manifest, id: drop?.id, version: drop?.version, published, outputs });
  if (!job) return { ...film, fate: 'left', why: `it names no job: "${manifest.job}"` };
  const isNew = isDryRun ? !(await ports.jobs.get(job.id)) : await ports.jobs.create(job);
  return { ...film, job: job.id, fate: isNew ? 'imported' : 'known' };
}

/**
 * Returns the job that the source in the bucket would become if it were dropped now. Undefined where it is not there any more,
 * or where another file came under its name after the results were made.
 */
async function dropOf({ source, recipe, madeAt }: Manifest, { drops, store }: ImportPorts) {
  if (!drops || !source.path.startsWith(INPUT_PREFIX)) return undefined;
  const there = await store.head(source.path);
  if (!there || there.bytes !== source.bytes || there.modifiedMs > Date.parse(madeAt)) return undefined;
  const version = (await drops.inspect(source.path))?.version;
  if (version === undefined) return undefined;
  return { version, id: jobIdOf({ store: drops.bucket, recipe, source: source.path, version }) };
}
