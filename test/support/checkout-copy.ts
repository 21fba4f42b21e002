import { cp, mkdir, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** What is only read. */
const LINKED = ['core', 'app', 'media', 'adapters', 'runtime', 'tasks', 'docker', 'models', 'node_modules'];
/** What a script may write into, and what it takes its place from. */
const COPIED = ['scripts', 'stages', 'resources', 'package.json', 'package-lock.json', 'tsconfig.json', '.npmrc'];

/** The checkout as its scripts see it, in a folder of its own: what they write is written there. */
export async function checkoutCopy(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const name of LINKED) await symlink(resolve(name), join(folder, name));
  for (const name of COPIED) await cp(resolve(name), join(folder, name), { recursive: true });
  return folder;
}
