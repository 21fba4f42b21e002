import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, mkdir, readFile, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const HEARTBEAT_MS = 5_000;
const SILENT_MS = 600_000;

/**
 * Does the work while no other process does work under the same lock file; waits for its turn. The lock of a process
 * that died is taken over.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function exclusively(file, work) {
  await mkdir(dirname(file), { recursive: true });
  while (!(await create(file))) {
    if (await abandoned(file)) await takeAway(file);
    else await wait(100);
  }
  const heartbeat = setInterval(() => utimes(file, new Date(), new Date()).catch(() => {}), HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await unlink(file).catch(ignoreMissing);
  }
}

/**
 * Makes the lock file, unless there is one. It has its content when it gets its name, so that nobody takes it for abandoned whose
 * maker is only slow.
 * @param {string} file
 */
async function create(file) {
  const draft = `${file}.${process.pid}-${randomUUID()}`;
  await writeFile(draft, `${hostname()} ${process.pid}`);
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(draft).catch(ignoreMissing);
  }
}

/**
 * Two waiters may both find a lock abandoned. Only the one that holds the second lock looks again and removes it, so
 * that the other cannot remove the lock made in between.
 * @param {string} file
 */
async function takeAway(file) {
  const second = `${file}.takeover`;
  if (!(await create(second))) {
    await wait(100);
    if (await abandoned(second)) await unlink(second).catch(ignoreMissing);
    return;
  }
  try {
    if (await abandoned(file)) await unlink(file).catch(ignoreMissing);
  } finally {
    await unlink(second).catch(ignoreMissing);
  }
}

/** @param {string} file */
async function abandoned(file) {
  const text = await readFile(file, 'utf8').catch(ignoreMissing);
  if (text === undefined) return false;
  const [host, pid] = text.split(' ');
  if (host === hostname() && pid) return !alive(Number(pid));
  const info = await stat(file).catch(ignoreMissing);
  return info !== undefined && Date.now() - info.mtimeMs > SILENT_MS;
}

/** @param {number} pid */
function alive(pid) {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/**
 * Whether a process has died and nobody has waited for it, which in a container without an init nobody does. Only Linux tells.
 * @param {number} pid
 */
function isZombie(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

/**
 * The code of an error of the system, also of one that comes from outside the context in which jest runs a test.
 * @param {unknown} error
 */
const codeOf = (error) => (typeof error === 'object' && error && 'code' in error ? error.code : undefined);

/**
 * @param {NodeJS.ErrnoException} error
 * @returns {undefined}
 */
function ignoreMissing(error) {
  if (error.code !== 'ENOENT') throw error;
}
