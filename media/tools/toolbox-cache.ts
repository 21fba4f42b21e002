import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import { toolFacts } from './tool-facts.ts';

const schema = z.object({
  version: z.literal(1),
  /** The facts of each tool, by its stamp. */
  tools: z.record(z.string(), toolFacts),
  /** The path of the ffmpeg of Python's imageio_ffmpeg, by the stamp of that Python. */
  imageio: z.record(z.string(), z.string()),
});
export type ToolboxCache = z.infer<typeof schema>;

/** Returns what was stored about the tools, or an empty cache if the file cannot be read or has another format. */
export async function readToolboxCache(file: string): Promise<ToolboxCache> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return { version: 1, tools: {}, imageio: {} };
  }
}

/** Stores what is known about the tools. A failure is ignored: it costs a second at the next start. */
export async function writeToolboxCache(file: string, cache: ToolboxCache): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    const temporary = `${file}.${process.pid}.tmp`;
    await writeFile(temporary, JSON.stringify(cache));
    await rename(temporary, file);
  } catch {}
}
