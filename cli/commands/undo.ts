import { resolve } from 'node:path';
import process from 'node:process';
import { LIBRARY_PAGE, writeLibraryPage } from '../../app/publish/write-library-page.ts';
import { asServiceError, ServiceError, usage } from '../../core/errors.ts';
import { jobIdPattern } from '../../core/job/job.ts';
import { isFolder, pageOf } from '../../runtime/library.ts';
import { refuseShortId } from '../stage/job-table.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printable } from '../terminal/printable.ts';
import { say } from '../terminal/say.ts';
import { putAsideIn } from './originals.ts';

export type UndoOptions = { readonly in?: string; readonly yes?: boolean; readonly json?: boolean };

/** Puts the originals of a folder or of one job back, the last one first. Returns the exit code of the first failure, or 0. */
export async function undo(what: string | undefined, options: UndoOptions): Promise<number> {
  const isJob = what !== undefined && !(await isFolder(what));
  if (isJob && !jobIdPattern.test(what)) throw usage(`${printable(what)} is neither a folder nor the id of a job`);
  const folder = resolve((isJob ? options.in : what) ?? '.');
  const aside = await putAsideIn(folder, interruptSignal()).catch((error: unknown) => {
    const { code, message } = asServiceError(error);
    throw isJob && code === 'no-input' ? new ServiceError(code, `no job "${what}": ${message}`) : error;
  });
  const list = aside.list().filter(({ job }) => !isJob || job.startsWith(what));
  if (isJob && list.length === 0)
    throw usage(`no job "${what}" in ${printable(folder)} has anything put aside; reelmill originals lists what has`);
  if (isJob) refuseShortId(what);
  let exitCode = 0;
  let count = 0;
  for (const one of list) {
    try {
      const gone = await aside.undo(one);
      count++;
      if (options.json) process.stdout.write(`${JSON.stringify({ type: 'original.restored', ...one, gone })}\n`);
      if (gone > 0)
        say(
          `${printable(one.source)} is back as it was first; ${gone === 1 ? 'one film that was' : `${gone} films that were`} in its place since ${gone === 1 ? 'is' : 'are'} not put back, because nothing is put aside of ${gone === 1 ? 'it' : 'them'} any more`,
        );
    } catch (error) {
      const failure = asServiceError(error);
      const { code, message: reason } = failure;
      if (options.json) process.stdout.write(`${JSON.stringify({ type: 'job.failed', job: one.job, code, reason })}\n`);
      say(printable(reason));
      exitCode ||= failure.exitCode;
    }
  }
  if (count > 0) await renewPage(folder);
  if (list.length === 0) say('nothing is left to undo');
  else say(`${count} of ${list.length} ${list.length === 1 ? 'original is' : 'originals are'} back in place`);
  return exitCode;
}

/** The page of all films names what is there still. It is an aid: without it all is done that was asked for. */
async function renewPage(folder: string): Promise<void> {
  try {
    const { recipes, ports } = await pageOf(folder);
    if (await ports.outputs.head(LIBRARY_PAGE)) await writeLibraryPage(recipes, ports);
  } catch (error) {
    say(`warning: the page of all films could not be written: ${asServiceError(error).message}`);
  }
}
