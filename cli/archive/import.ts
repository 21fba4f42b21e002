import { resolve } from 'node:path';
import process from 'node:process';
import { type ImportedFilm, type ImportTally, importArchive } from '../../app/archive/import-archive.ts';
import { everything } from '../../app/archive/verify-archive.ts';
import type { RecordedFile } from '../../core/archive/fixity.ts';
import { storedVerdict } from '../../core/archive/stored-sum.ts';
import { usage } from '../../core/errors.ts';
import { openStageImport } from '../../runtime/aws/stage-import.ts';
import { openArchive } from '../../runtime/local-archive.ts';
import { openJobs } from '../../runtime/local-ports.ts';
import { workFolderOf } from '../../runtime/work-folder.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printable } from '../terminal/printable.ts';
import { type PlaceOptions, stackOf } from './archive-place.ts';

type ImportCommandOptions = PlaceOptions & {
  readonly inventory?: string;
  readonly work?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
};

type ImportSource = Parameters<typeof importArchive>[1] & {
  readonly keys: AsyncIterable<string>;
  close(): Promise<void>;
};

/** Writes rows of the job table for what was published already. Returns 0, whatever was left out. */
export async function importResults(place: string | undefined, options: ImportCommandOptions): Promise<number> {
  if (options.inventory !== undefined && options.stage === undefined)
    throw usage('--inventory needs --stage S, the stage whose bucket it lists');
  const signal = interruptSignal();
  const isDryRun = options.dryRun ?? false;
  const write = (text: string) => process.stdout.write(`${text}\n`);
  const onFilm = (film: ImportedFilm) => {
    if (options.json) write(JSON.stringify({ type: 'archive.film', ...film }));
    else if (film.fate === 'left') write(`left out: ${printable(film.manifest)}: ${printable(film.why ?? '')}`);
  };
  const source = await sourceOf(place, options, signal);
  try {
    const tally = await importArchive(source.keys, source, { signal, isDryRun, onFilm });
    write(options.json ? JSON.stringify({ type: 'archive.imported', ...tally, isDryRun }) : tallyText(tally, isDryRun));
    return 0;
  } finally {
    await source.close();
  }
}

async function sourceOf(
  place: string | undefined,
  options: ImportCommandOptions,
  signal: AbortSignal,
): Promise<ImportSource> {
  const inventory = options.inventory === undefined ? undefined : inventoryAt(options.inventory);
  if (place?.startsWith('s3://')) throw usage('a bucket is indexed into the job table of its stage: --stage S');
  const stack = await stackOf(place, options);
  if (!stack) return folderSource(resolve(place ?? ''), options, signal);
  const stage = await openStageImport(stack, signal);
  const look = async (file: RecordedFile) => {
    const stored = await stage.stored(file.key);
    const { fixity } = storedVerdict(file, stored);
    if (fixity === 'missing' || fixity === 'changed') return 'gone';
    const { key, bytes, sha256 } = file;
    return fixity === 'agrees' && stored ? { key, bytes, sha256, modifiedMs: stored.modifiedMs } : 'there';
  };
  const both = async function* () {
    for (const prefix of ['input/', 'output/']) yield* stage.listed(prefix);
  };
  return { ...stage, look, outputs: undefined, keys: inventory ? stage.inventory(inventory) : both() };
}

async function folderSource(
  folder: string,
  { work }: ImportCommandOptions,
  signal: AbortSignal,
): Promise<ImportSource> {
  const { store } = await openArchive(folder, signal);
  const jobs = openJobs(workFolderOf(folder, work, (sentence) => process.stderr.write(`reelmill: ${sentence}\n`)));
  const keys = async function* () {
    for await (const { key } of everything(store)) yield key;
  };
  const look = async ({ key, bytes }: RecordedFile) => ((await store.head(key))?.bytes === bytes ? 'there' : 'gone');
  return { store, jobs, look, drops: undefined, outputs: folder, keys: keys(), close: async () => jobs.close() };
}

function inventoryAt(text: string): { readonly bucket: string; readonly key: string } {
  const [, bucket, key] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.+\/manifest\.json|manifest\.json)$/.exec(text) ?? [];
  if (bucket !== undefined && key !== undefined) return { bucket, key };
  throw usage(`--inventory ${printable(text)} is no manifest of an inventory, as s3://bucket/.../manifest.json`);
}

function tallyText({ listed, imported, known, left, sources }: ImportTally, isDryRun: boolean): string {
  const films = `${imported} films ${isDryRun ? 'would be' : 'are'} new in the job table, ${known} were there, ${left} are left out`;
  return [`${listed} files listed${sources > 0 ? ` (${sources} in input/)` : ''}: ${films}`].join('\n');
}
