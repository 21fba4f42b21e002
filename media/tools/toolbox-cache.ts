import * as z from 'zod/mini';
import { storedIn, storeIn } from './stored-answers.ts';
import { toolFacts } from './tool-facts.ts';

const schema = z.object({
  version: z.literal(2),
  /** The version of this program that stored it. Another one may read the same answers otherwise. */
  madeBy: z.string(),
  /** The facts of each tool, by its stamp. */
  tools: z.record(z.string(), toolFacts),
  /** The path of the ffmpeg of Python's imageio_ffmpeg, by the stamp of that Python. */
  imageio: z.record(z.string(), z.string()),
});
export type ToolboxCache = z.infer<typeof schema>;

/** Returns what this version of the program stored about the tools; an empty cache if there is nothing that can be read. */
export async function readToolboxCache(file: string, madeBy: string): Promise<ToolboxCache> {
  const stored = await storedIn(file, schema);
  return stored?.madeBy === madeBy ? stored : { version: 2, madeBy, tools: {}, imageio: {} };
}

export const writeToolboxCache = (file: string, cache: ToolboxCache): Promise<void> => storeIn(file, cache);
