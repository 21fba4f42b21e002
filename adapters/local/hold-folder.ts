import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { ServiceError } from '../../core/errors.ts';
import { writeFailure } from '../../core/system-failure.ts';
import { makeFolderSync } from '../shared/make-folder.ts';
import { isOnSharedDrive } from './shared-drive.ts';

/** Each process that has a job table on a shared drive keeps a file in this folder beside it, named `<machine>.<process>`. */
const HOLDERS = 'machines';

const RENEWED_MS = 10_000;
/** A file that was not written for so long is of a process that was killed, or of a machine that is away. */
const GONE_MS = 60_000;

/** The folders that this process holds, and how often. */
const held = new Map<string, { times: number; readonly letGo: () => void }>();

/**
 * Holds a folder on a shared drive for the processes of this machine, until the returned function is called as often as this one was.
 * SQLite's WAL is in the memory of one machine, and a second one would damage the database (https://sqlite.org/wal.html). Throws
 * `busy` if another machine holds it. A folder on a drive of this machine needs none of this.
 */
export function holdFolder(folder: string, isShared: (folder: string) => boolean = isOnSharedDrive): () => void {
  const there = held.get(folder);
  if (!there && !isShared(folder)) return () => {};
  const holding = there ?? { times: 0, letGo: begin(folder) };
  held.set(folder, holding);
  holding.times += 1;
  return () => {
    holding.times -= 1;
    if (holding.times > 0) return;
    held.delete(folder);
    holding.letGo();
  };
}

function begin(folder: string): () => void {
  const holders = join(folder, HOLDERS);
  const machine = encodeURIComponent(hostname());
  const own = join(holders, `${machine}.${process.pid}`);
  const letGo = () => rmSync(own, { force: true });
  try {
    makeFolderSync(holders);
    writeFileSync(own, '');
    const other = otherHolder(holders, machine, statSync(own).mtimeMs);
    if (other === undefined) return renewing(own, letGo);
    letGo();
    throw new ServiceError(
      'busy',
      `${other} works with ${folder}, and two machines cannot share a job table: give --work a folder on a disk of this machine, or wait until ${other} has ended`,
    );
  } catch (error) {
    throw writeFailure(error, own);
  }
}

/** Another machine that holds the folder at this moment, by the drive's own clock. Files of those that are gone are removed. */
function otherHolder(holders: string, machine: string, nowMs: number): string | undefined {
  for (const name of readdirSync(holders)) {
    const other = name.slice(0, name.lastIndexOf('.'));
    const written = statSync(join(holders, name), { throwIfNoEntry: false })?.mtimeMs;
    if (written === undefined) continue;
    if (nowMs - written >= GONE_MS) rmSync(join(holders, name), { force: true });
    else if (other !== machine) return other;
  }
  return undefined;
}

/** The content is written anew, since that has the drive's clock set the time, and not the one of this machine. */
function renewing(own: string, letGo: () => void): () => void {
  const timer = setInterval(() => {
    try {
      writeFileSync(own, '');
    } catch {
      // the drive is away for now; whatever works on it fails with the reason
    }
  }, RENEWED_MS).unref();
  return () => {
    clearInterval(timer);
    letGo();
  };
}
