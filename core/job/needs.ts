import * as z from 'zod/mini';
import { PRESETS } from '../settings/presets.ts';

/**
 * What a job needs of a machine. It is derived from recipe and settings when the job is made and kept in the job, so that
 * whoever sends the job needs no recipe.
 */
export const needsSchema = z.object({
  /**
   * What the job's speed depends on: encoders on the processor, an encoder of a graphics card (`card`), or a network on a
   * graphics card (`network`) or on the processor.
   */
  engine: z.enum(['processor', 'card', 'network', 'network-on-processor']),
  /** Its work on a processor, as a multiple of one x265 encode of the source's picture. */
  work: z.number(),
  preset: z.enum(PRESETS),
  /** Whether one container has to do all of the job, however long it takes. */
  undivided: z.boolean(),
  /**
   * How large its results may become, in bits for each pixel of the source's frames: all together, and the largest one; and
   * whether none of them becomes larger than the source. Absent from jobs of earlier versions.
   */
  results: z.optional(z.object({ all: z.number(), largest: z.number(), neverLarger: z.boolean() })),
});
export type Needs = Readonly<z.infer<typeof needsSchema>>;

/** What a job runs on. Networks and NVENC need a graphics card; a network on a processor has an image of its own. */
export type Compute = 'cpu' | 'gpu' | 'upscale-on-cpu';

/** Returns on which kind of machine a rendition is made. */
export function computeOf({ engine }: Pick<Needs, 'engine'>): Compute {
  if (engine === 'network-on-processor') return 'upscale-on-cpu';
  return engine === 'processor' ? 'cpu' : 'gpu';
}
