import * as z from 'zod/mini';
import { usage } from '../errors.ts';
import { MODEL_IDS } from './enlargement.ts';
import { storedModelKey, type UsableModel } from './usable-model.ts';

const text = (what: string) => z.string(`is to be ${what}, as a text`).check(z.minLength(1, `is to be ${what}`));
const whole = (what: string) => z.int(`is to be ${what}`).check(z.positive(`is to be ${what}`));

const UNIT_RANGE = { black: 0, white: 1 };
/** A small network's, so that what it takes is rather estimated too low than refused. */
const DEFAULT_SPEED = 0.05;

const FIELDS = 'version, licence, scale, sha256, range, network, cut, frames, summary, speed';

/** No graph needs more, and a picture that has to be extended to such a multiple is mostly extension. */
const MOST_ALIGN = 256;
/** All of them are held at once, before and after they are enlarged. */
const MOST_FRAMES = 64;

const cut = z.strictObject(
  {
    halo: z.union([z.literal('whole'), z.int().check(z.minimum(0))], 'is to be pixels, or "whole"'),
    align: z._default(whole('pixels').check(z.maximum(MOST_ALIGN, `is ${MOST_ALIGN} at most`)), 1),
  },
  'is to be as { "halo": 160, "align": 8 }',
);

const frames = z
  .strictObject(
    {
      window: whole('how many frames it takes').check(
        z.minimum(2, 'is to be 2 or more'),
        z.maximum(MOST_FRAMES, `is ${MOST_FRAMES} at most`),
      ),
      overlap: z._default(z.int('is to be frames').check(z.minimum(0, 'is to be 0 or more')), 0),
    },
    'is to be as { "window": 14, "overlap": 2 }',
  )
  .check(z.refine(({ window, overlap }) => window > 2 * overlap, 'overlaps by so much that no frame is left'));

/** One entry of `models` in `recipes.json`. `reelmill model` writes most of it. */
export const ownModel = z.strictObject(
  {
    version: text('a version').check(z.regex(/^\w[\w.-]*$/, 'takes letters, digits, ".", "_" and "-"')),
    summary: z._default(z.string('is to be a text'), 'a model of your own'),
    licence: text('the SPDX name of its licence'),
    scale: whole('2, 3 or 4').check(z.minimum(2, 'is to be 2, 3 or 4'), z.maximum(4, 'is to be 2, 3 or 4')),
    sha256: z
      .string('is to be the SHA-256 of its file')
      .check(z.regex(/^[0-9a-f]{64}$/, 'is to be 64 hexadecimal digits')),
    range: z._default(
      z.strictObject({ black: z.number(), white: z.number() }, 'is to be as { "black": 0, "white": 1 }'),
      UNIT_RANGE,
    ),
    network: z.strictObject(
      { from: text("the name of the network's first tensor"), to: text('the name of its last') },
      'is to be as { "from": "<tensor>", "to": "<tensor>" }',
    ),
    cut: z.optional(cut),
    frames: z.optional(frames),
    speed: z._default(
      z.number('is to be megapixels a second').check(z.positive('is to be more than 0')),
      DEFAULT_SPEED,
    ),
    id: z.optional(z.string('is to be a text')),
    halo: z.optional(z.number()),
    bytes: z.optional(whole('a number of bytes')),
  },
  {
    error: (issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidType | z.core.$ZodIssueUnrecognizedKeys>) =>
      issue.code === 'unrecognized_keys'
        ? `has no "${issue.keys.join('", "')}"; there are: ${FIELDS}`
        : `is to be an object with: ${FIELDS}`,
  },
);

const MODEL_ID = /^[a-z0-9][a-z0-9.-]{0,39}$/;

/** A user's models, which lie in the store as `models/<id>/<version>.onnx`. Throws `usage` for an id that cannot be. */
export function ownModels(entries: Readonly<Record<string, z.infer<typeof ownModel>>>): UsableModel[] {
  return Object.entries(entries).map(([id, { id: named = id, halo: _, bytes: __, ...entry }]) => {
    if (!MODEL_ID.test(id)) throw usage(`models.${id}: an id takes a-z, 0-9, "." and -, at most 40 of them`);
    if (MODEL_IDS.includes(id)) {
      throw usage(`models.${id}: "${id}" ships with Reelmill; choose another id`);
    }
    if (named !== id) throw usage(`models.${id}.id: is "${named}"; leave it out, or call both the same`);
    if (entry.range.black === entry.range.white) throw usage(`models.${id}.range: black and white are the same`);
    const { cut, frames, ...said } = entry;
    const lies = { in: 'store', key: storedModelKey({ id, version: entry.version }) } as const;
    return { ...said, id, ...(cut && { cut }), ...(frames && { frames }), lies };
  });
}
