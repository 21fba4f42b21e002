import { mkdirSync, statSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { codeOf } from '../../core/system-failure.ts';

/**
 * Makes a folder and those above it that are missing. Throws the system's error. Node 20's own recursive `mkdir` never
 * returns where a file system refuses a folder as missing although the one above it is there, as /proc does.
 */
export async function makeFolder(path: string): Promise<void> {
  const missing: string[] = [];
  for (let at = resolve(path); ; at = dirname(at)) {
    const error = await mkdir(at).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    if (isBlocked(error, at === dirname(at))) throw error;
    if (codeOf(error) === 'EEXIST' && !(await stat(at)).isDirectory()) throw error;
    if (codeOf(error) !== 'ENOENT') break;
    missing.push(at);
  }
  for (const each of missing.reverse()) {
    await mkdir(each).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error; // somebody else made it meanwhile
    });
  }
}

/** Makes a folder and those above it for callers that cannot wait. Throws what `makeFolder` throws. */
export function makeFolderSync(path: string): void {
  const missing: string[] = [];
  for (let at = resolve(path); ; at = dirname(at)) {
    const error = attempt(at);
    if (isBlocked(error, at === dirname(at))) throw error;
    if (codeOf(error) === 'EEXIST' && !statSync(at).isDirectory()) throw error;
    if (codeOf(error) !== 'ENOENT') break;
    missing.push(at);
  }
  for (const each of missing.reverse()) {
    const error = attempt(each);
    if (error !== undefined && codeOf(error) !== 'EEXIST') throw error;
  }
}

/** Whether nothing further up can help. */
const isBlocked = (error: unknown, isRoot: boolean): boolean =>
  error !== undefined && codeOf(error) !== 'EEXIST' && (codeOf(error) !== 'ENOENT' || isRoot);

function attempt(path: string): unknown {
  try {
    mkdirSync(path);
    return undefined;
  } catch (error) {
    return error;
  }
}
