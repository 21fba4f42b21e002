import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type * as z from 'zod/mini';

/** Returns what was stored in a JSON file, or undefined if it is not there, damaged, or of another format. */
export async function storedIn<T>(file: string, schema: z.ZodMiniType<T>): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * Stores answers of programs, whole or not at all, whoever else stores at the same time. A failure is ignored: the programs
 * are then asked again.
 */
export async function storeIn(file: string, answers: object): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    const temporary = `${file}.${randomUUID()}.tmp`;
    await writeFile(temporary, JSON.stringify(answers));
    await rename(temporary, file);
  } catch {}
}
