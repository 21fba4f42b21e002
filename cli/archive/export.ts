import { basename, dirname, resolve, sep } from 'node:path';
import process from 'node:process';
import { exportBag } from '../../app/archive/export-bag.ts';
import { usage } from '../../core/errors.ts';
import { formatBytes } from '../../core/format.ts';
import program from '../../package.json' with { type: 'json' };
import { openArchive, openBag } from '../../runtime/local-archive.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printable } from '../terminal/printable.ts';

type ExportCommandOptions = {
  readonly bagit: string;
  readonly source?: string;
  readonly withoutSource?: boolean;
  readonly json?: boolean;
};

/** Writes a bag of one film. */
export async function exportFilm(manifest: string, options: ExportCommandOptions): Promise<number> {
  const { bagit, source, withoutSource = false, json = false } = options;
  if ((source === undefined) !== withoutSource)
    throw usage('give either --source FILE, so that the bag holds the source too, or --without-source');
  const signal = interruptSignal();
  const { root, key } = rootOf(resolve(manifest));
  const { store, clock } = await openArchive(root, signal);
  const folder = resolve(bagit);
  const request = {
    manifestKey: key,
    source: source === undefined ? undefined : resolve(source),
    agent: `Reelmill ${program.version}`,
  };
  const { files, bytes } = await exportBag(request, { store, clock, bag: await openBag(folder) }, signal);
  process.stdout.write(
    json
      ? `${JSON.stringify({ type: 'archive.exported', folder, files, bytes })}\n`
      : `${files} files (${formatBytes(bytes)}) in ${printable(folder)}\n`,
  );
  return 0;
}

/** Returns the folder of results that a manifest belongs to, and its key there: what lies in .reelmill/ names films outside of it. */
function rootOf(path: string): { readonly root: string; readonly key: string } {
  const parts = path.split(sep);
  const hidden = parts.lastIndexOf('.reelmill');
  if (hidden <= 0) return { root: dirname(path), key: basename(path) };
  return { root: parts.slice(0, hidden).join(sep) || sep, key: parts.slice(hidden).join('/') };
}
