import * as z from 'zod/mini';
import { storedIn, storeIn } from './stored-answers.ts';
import { toolFacts } from './tool-facts.ts';

const schema = z.object({
  version: z.literal(3),
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
  return stored?.madeBy === madeBy ? stored : { version: 3, madeBy, tools: {}, imageio: {} };
}

/** Stores what was found out about the tools; a folder that cannot be written to is no error. */
export const writeToolboxCache = (file: string, cache: ToolboxCache): Promise<void> => storeIn(file, cache);

type Answers = Pick<ToolboxCache, 'tools' | 'imageio'>;

/**
 * Returns what is stored from now on: what was answered now, and what is known of programs that this search did not find, since
 * others search elsewhere, as a service does. Of one program only the answers of its last state are kept.
 */
export const withAnswers = (before: ToolboxCache, { tools, imageio }: Answers): ToolboxCache => ({
  ...before,
  tools: addedTo(before.tools, tools),
  imageio: addedTo(before.imageio, imageio),
});

/** Programs that are gone would stay forever. */
const MOST_PROGRAMS = 20;

function addedTo<T>(before: Readonly<Record<string, T>>, now: Readonly<Record<string, T>>): Record<string, T> {
  const programs = new Set(Object.keys(now).map(programIn));
  const others = Object.entries(before).filter(([stamp]) => !programs.has(programIn(stamp)));
  return Object.fromEntries([...others, ...Object.entries(now)].slice(-MOST_PROGRAMS));
}

/** The path of a stamp, which ends with time and size. */
const programIn = (stamp: string): string => stamp.split(' ').slice(0, -2).join(' ');
