import * as z from 'zod/mini';

/** Interlaced frames as manifests and plans hold them: which, which field of them is the earlier one, and whether they are telecine. */
export const interlacedPartSchema = z.object({
  start: z.int(),
  end: z.int(),
  first: z.enum(['tff', 'bff']),
  telecine: z.optional(z.literal(true)),
});

export const filmFieldsSchema = z.object({ frames: z.int(), parts: z.array(interlacedPartSchema) });
