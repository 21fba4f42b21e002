import { resolve } from 'node:path';
import process from 'node:process';
import { asServiceError, ServiceError } from '../../core/errors.ts';
import { counted, formatBytes } from '../../core/format.ts';
import { spanOf } from '../../core/library/library-filter.ts';
import { hasPutAside, openPutAside, type PutAside, type PutAsideFolder } from '../../runtime/in-place.ts';
import { widthOf } from '../../runtime/people.ts';
import { confirmed } from '../terminal/confirm.ts';
import { fittedText } from '../terminal/display-width.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printable } from '../terminal/printable.ts';
import { say } from '../terminal/say.ts';

export type OriginalsOptions = {
  readonly olderThan?: string;
  readonly delete?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
};

/** Lists the originals that were put aside in a folder, or deletes them. */
export async function originals(folder: string | undefined, options: OriginalsOptions): Promise<number> {
  const root = resolve(folder ?? '.');
  const age = options.olderThan === undefined ? 0 : spanOf('--older-than', options.olderThan);
  const signal = interruptSignal();
  const aside = await putAsideIn(root, signal);
  const list = aside.list().filter(({ atMs }) => atMs <= Date.now() - age);
  const bytes = list.reduce((sum, each) => sum + each.bytes, 0);
  const told = `${counted(list.length, 'original')} (${formatBytes(bytes)})`;
  if (!options.delete) {
    const width = widthOf(process.stdout);
    const line = (one: PutAside) =>
      options.json ? JSON.stringify({ type: 'original', ...one }) : fittedText(lineOf(one), width, 45);
    for (const one of list) process.stdout.write(`${line(one)}\n`);
    say(`${told} in ${printable(root)}`);
    return 0;
  }
  const question = `${told} in ${printable(root)} will be deleted for good.`;
  if (list.length > 0 && !options.yes && !(await confirmed(question, `delete ${list.length}`, signal))) return 0;
  return deleteAll(list, aside);
}

/** Opens what was put aside in a folder. Throws `no-input` if nothing ever was. */
export async function putAsideIn(root: string, signal: AbortSignal): Promise<PutAsideFolder> {
  if (await hasPutAside(root)) return openPutAside(root, signal);
  throw new ServiceError('no-input', `nothing was put aside in ${root}; name the folder that run --replace was given`);
}

async function deleteAll(list: readonly PutAside[], aside: PutAsideFolder): Promise<number> {
  let exitCode = 0;
  let freed = 0;
  for (const one of list) {
    try {
      await aside.remove(one);
      freed += one.bytes;
    } catch (error) {
      const failure = asServiceError(error);
      say(printable(failure.message));
      exitCode ||= failure.exitCode;
    }
  }
  say(`${formatBytes(freed)} freed`);
  return exitCode;
}

const lineOf = ({ job, source, film, bytes, atMs }: PutAside): string =>
  `${job.slice(0, 12)}  ${new Date(atMs).toLocaleString('sv-SE')}  ${formatBytes(bytes).padStart(8)}  ${printable(source)}${source === film ? '' : ` (now ${printable(film)})`}`;
