import { open, readFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import { jsonOf } from '../../core/json.ts';
import { codeOf } from '../../core/system-failure.ts';
import type { PartThere } from '../../core/upload/plan-parts.ts';

const lineSchema = z.object({ number: z.int(), bytes: z.int(), checksum: z.string() });

/** A line that takes a part back, before it is written again. */
export const takenBack = (number: number): PartThere => ({ number, bytes: -1, checksum: '' });

/**
 * Reads a list of parts, in which the last line of a part counts; undefined if there is no list. A line that a crash cut
 * short is left out, so that its part is sent again.
 */
export async function readPartList(path: string): Promise<Map<number, PartThere> | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const parts = new Map<number, PartThere>();
  for (const line of text.split('\n')) {
    const part = lineOf(line);
    if (part && part.bytes < 0) parts.delete(part.number);
    else if (part) parts.set(part.number, part);
  }
  return parts;
}

/** Adds a line, which survives a power failure from the moment this returns. */
export async function addToPartList(path: string, part: PartThere): Promise<void> {
  const list = await open(path, 'a');
  try {
    await list.write(`\n${JSON.stringify(part)}`); // a line break first ends a line that was cut short
    await list.datasync();
  } finally {
    await list.close();
  }
}

const lineOf = (line: string): PartThere | undefined => lineSchema.safeParse(jsonOf(line)).data;
