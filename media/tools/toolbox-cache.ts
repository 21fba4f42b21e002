import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import { toolFacts } from './tool-facts.ts';

const schema = z.object({
  version: z.literal(1),
  /** By the tool's stamp. */
  tools: z.record(z.string(), toolFacts),
  /** The ffmpeg of Python's imageio_ffmpeg, by the stamp of that Python. */
  imageio: z.record(z.string(), z.string()),
});
export type ToolboxCache = z.infer<typeof schema>;

/** What was found out before; nothing, if the file cannot be read or is not ours. */
export async function readToolboxCache(file: string): Promise<ToolboxCache> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return { version: 1, tools: {}, imageio: {} };
  }
}

/** Nothing is lost but a second at the next start if it cannot be written. */
export async function writeToolboxCache(file: string, cache: ToolboxCache): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    const temporary = `${file}.${process.pid}.tmp`;
    await writeFile(temporary, JSON.stringify(cache));
    await rename(temporary, file);
  } catch {}
}
