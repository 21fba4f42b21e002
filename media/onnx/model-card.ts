import * as z from 'zod/mini';
import { ServiceError, usage } from '../../core/errors.ts';
import type { Cutting, TemporalWindow } from '../../core/upscale/models.ts';
import type { OnnxModel } from './onnx-model.ts';

/** What a model's file says of itself, in its metadata. */
export type ModelCard = {
  readonly scale?: number | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly white?: number | undefined;
  readonly halo?: number | 'whole' | undefined;
  readonly align?: number | undefined;
  readonly frames?: number | undefined;
  readonly overlap?: number | undefined;
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
  return card.data;
}

export const cuttingOf = ({ halo, align = 1 }: ModelCard): Cutting | undefined =>
  halo === undefined ? undefined : { halo, align };

/** Throws `usage` for an overlap that leaves no frame. */
export function temporalWindowOf({ frames: window, overlap = 0 }: ModelCard): TemporalWindow | undefined {
  if (window === undefined) return undefined;
  if (window > 2 * overlap) return { window, overlap };
  throw usage(
    `of ${window} frames that overlap by ${overlap} none is left; the overlap is to be less than half of them`,
  );
}
