import * as z from 'zod/mini';
import { PRESETS } from '../settings/presets.ts';

/**
 * What a job asks of machines. Its recipe and settings say it when the job is made, and the job keeps it: whoever sends it,
 * then or again, needs to know no recipe.
 */
export const needsSchema = z.object({
  /** What sets its pace: encoders on the processor, an encoder of a graphics card, or a network, on one or on the processor. */
  engine: z.enum(['processor', 'card', 'network', 'network-on-processor']),
  /** Its work beside one x265 encode of the source's picture, where the processor does it. */
  work: z.number(),
  preset: z.enum(PRESETS),
  /** One container has to do all of it, however long it takes. */
  undivided: z.boolean(),
});
export type Needs = Readonly<z.infer<typeof needsSchema>>;

/** On what a job runs. Networks and NVENC need a graphics card; a network on a processor is in an image of its own. */
export type Compute = 'cpu' | 'gpu' | 'upscale-on-cpu';

export function computeOf({ engine }: Pick<Needs, 'engine'>): Compute {
  if (engine === 'network-on-processor') return 'upscale-on-cpu';
  return engine === 'processor' ? 'cpu' : 'gpu';
}
