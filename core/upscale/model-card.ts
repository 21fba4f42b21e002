import * as z from 'zod/mini';
import { ServiceError } from '../errors.ts';
import type { OnnxModel } from './onnx-model.ts';
import type { TemporalWindow } from './runs.ts';
import type { Cutting } from './tiles.ts';

/** What a model's file says of itself, in its metadata. */
export type ModelCard = {
  readonly scale?: number | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly white?: number | undefined;
  readonly cut?: Cutting | undefined;
  readonly frames?: TemporalWindow | undefined;
};

const PREFIX = 'reelmill.';

const text = z.optional(z.string().check(z.minLength(1)));
const count = z.optional(
  z.pipe(
    z.string().check(z.regex(/^\d{1,6}$/)),
    z.transform((digits: string) => Number(digits)),
  ),
);

const cardSchema = z.object({
  scale: count,
  from: text,
  to: text,
  white: count,
  halo: z.optional(z.union([z.literal('whole'), count])),
  align: count,
  frames: count,
  overlap: count,
});

/** `reelmill.scale`, `.from`, `.to`, `.white`, `.halo`, `.align`, `.frames`, `.overlap`. Throws `bad-input` for what none of them can be. */
export function modelCard({ metadataProps = [] }: OnnxModel): ModelCard {
  const said = Object.fromEntries(
    metadataProps.flatMap(({ key = '', value }) => (key.startsWith(PREFIX) ? [[key.slice(PREFIX.length), value]] : [])),
  );
  const card = cardSchema.safeParse(said);
  if (!card.success) {
    const [key = ''] = card.error.issues[0]?.path ?? [];
    throw new ServiceError(
      'bad-input',
      `the model's ${PREFIX}${String(key)} is "${said[String(key)]}", which it cannot be`,
    );
  }
  const { halo, align, frames, overlap, ...ends } = card.data;
  return { ...ends, cut: cuttingOf(halo, align), frames: windowOf(frames, overlap) };
}

export const cuttingOf = (halo: number | 'whole' | undefined, align: number | undefined): Cutting | undefined =>
  halo === undefined ? undefined : { halo, align: align ?? 1 };

export const windowOf = (window: number | undefined, overlap: number | undefined): TemporalWindow | undefined =>
  window === undefined ? undefined : { window, overlap: overlap ?? 0 };
