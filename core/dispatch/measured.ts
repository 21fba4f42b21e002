import * as z from 'zod/mini';
import type { FilmFields } from '../fields/film-fields.ts';
import { filmFieldsSchema } from '../fields/film-fields-schema.ts';

/** What the plan step found of a film by decoding it, for the steps that come, so that each of them needs not decode it for that. */
const measuredSchema = z.object({ fields: filmFieldsSchema });
export type PlanMeasured = { readonly fields: FilmFields };

/** Returns the key under which the plan step leaves what it found. */
export const measuredKey = (job: string): string => `work/${job}/measured.json`;

/** Reads what the plan step found. Throws where the bytes are not what it wrote. */
export const measuredFrom = (bytes: Uint8Array): PlanMeasured => {
  const { fields } = measuredSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  const parts = fields.parts.map(({ telecine, ...part }) => ({ ...part, ...(telecine && { telecine }) }));
  return { fields: { frames: fields.frames, parts } };
};
