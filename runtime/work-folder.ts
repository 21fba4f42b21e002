import { existsSync, readdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { makeFolderSync } from '../adapters/shared/make-folder.ts';
import { usage } from '../core/errors.ts';
import { HIDDEN_FOLDER } from '../core/job/result-place.ts';
import { writeFailure } from '../core/system-failure.ts';
import { JOB_TABLE } from './local-ports.ts';

/** Where earlier versions kept pieces, cache and job table. */
const OLD_FOLDER = '.work';

/**
 * Returns the folder of pieces, cache and job table that belongs to a folder of results, if the user names no other. A folder
 * of an earlier version is taken over by renaming it, and that is told.
 */
export function workFolderOf(results: string, named: string | undefined, tell: (sentence: string) => void): string {
  if (named !== undefined) return ownWorkFolder(resolve(named));
  const [old, work] = [join(results, OLD_FOLDER), join(results, HIDDEN_FOLDER, 'work')];
  if (!existsSync(join(old, JOB_TABLE)) || existsSync(work)) return work;
  try {
    makeFolderSync(dirname(work));
    renameSync(old, work);
  } catch (error) {
    throw writeFailure(error, work);
  }
  tell(`${old} of an earlier version is now ${work}`);
  return work;
}

/** Names of a work folder, also of one whose job table is not there (yet), and of file systems and desktops. */
const OWN_NAMES = /^(cache|cancel|jobs|made|copies|tmp|known|machines|models|uploads|lost\+found|\..*|jobs\.sqlite.*)$/;

/** Throws `usage` for a folder that holds other things: pieces are pruned there, and leftovers of jobs removed. */
function ownWorkFolder(path: string): string {
  if (existsSync(join(path, JOB_TABLE)) || !existsSync(path)) return path;
  if (!statSync(path).isDirectory()) throw usage(`${path} is a file; give --work a folder of its own`);
  const other = namesIn(path).find((name) => !OWN_NAMES.test(name));
  if (other === undefined) return path;
  throw usage(`${path} holds other things, as ${JSON.stringify(other)}; give --work a folder of its own`);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw writeFailure(error, folder);
  }
}

/** Finds a job table, given its folder or the folder of results; or says that there is none. */
export function existingWorkFolder(named: string): { readonly path: string } | { readonly why: string } {
  const path = resolve(named);
  const found = [path, join(path, HIDDEN_FOLDER, 'work'), join(path, OLD_FOLDER)].find((each) =>
    existsSync(join(each, JOB_TABLE)),
  );
  if (found !== undefined) return { path: found };
  return {
    why: `there is no job table in ${path}; name the folder of results (--out of run, ROOT of watch), or its --work`,
  };
}
