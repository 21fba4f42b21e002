import * as z from 'zod/mini';
import { ServiceError, usage } from '../../core/errors.ts';
import type { Cutting, TemporalWindow } from '../../core/upscale/models.ts';
import type { OnnxModel } from './onnx-model.ts';

/** What a model's file says about itself in its metadata. */
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

/**
 * The model card from a file's metadata: `reelmill.scale`, `.from`, `.to`, `.white`, `.halo`, `.align`, `.frames` and
 * `.overlap`. Throws `bad-input` for a value that is not possible.
 */
export function modelCard({ metadataProps = [] }: OnnxModel): ModelCard {
  const entries = Object.fromEntries(
    metadataProps.flatMap(({ key = '', value }) => (key.startsWith(PREFIX) ? [[key.slice(PREFIX.length), value]] : [])),
  );
  const card = cardSchema.safeParse(entries);
  if (!card.success) {
    const [key = ''] = card.error.issues[0]?.path ?? [];
    throw new ServiceError(
      'bad-input',
      `the model's ${PREFIX}${String(key)} is "${entries[String(key)]}", which is not possible`,
    );
  }
  return card.data;
}

/** Returns how pictures are cut into tiles for a network; undefined where its card states no halo. */
export const cuttingOf = ({ halo, align = 1 }: ModelCard): Cutting | undefined =>
  halo === undefined ? undefined : { halo, align };

/**
 * The temporal window that a card declares; undefined for a network of single frames. Throws `usage` for an overlap
 * that leaves no frame.
 */
export function temporalWindowOf({ frames: window, overlap = 0 }: ModelCard): TemporalWindow | undefined {
  if (window === undefined) return undefined;
  if (window > 2 * overlap) return { window, overlap };
  throw usage(
    `windows of ${window} frames with an overlap of ${overlap} leave no frame; the overlap must be less than half of the window`,
  );
}
