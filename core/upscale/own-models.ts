import * as z from 'zod/mini';
import { usage } from '../errors.ts';
import { MODEL_IDS } from './enlargement.ts';
import { storedModelKey, type UsableModel } from './usable-model.ts';

const text = (what: string) => z.string(`must be ${what}, as text`).check(z.minLength(1, `must be ${what}`));
const whole = (what: string) => z.int(`must be ${what}`).check(z.positive(`must be ${what}`));

const UNIT_RANGE = { black: 0, white: 1 };
/** The speed of a small network, so that the estimate of a job is rather too low than a reason to refuse it. */
const DEFAULT_SPEED = 0.05;

const FIELDS = 'version, licence, scale, sha256, range, network, cut, frames, summary, speed';

/**
 * The largest alignment: no known graph needs more, and a picture that is extended to such a multiple consists mostly
 * of the extension.
 */
const MOST_ALIGN = 256;
/** The most frames of a window: all of them are in memory at once, before and after enlarging. */
const MOST_FRAMES = 64;

const cut = z.strictObject(
  {
    halo: z.union([z.literal('whole'), z.int().check(z.minimum(0))], 'must be a number of pixels, or "whole"'),
    align: z._default(whole('a number of pixels').check(z.maximum(MOST_ALIGN, `must be at most ${MOST_ALIGN}`)), 1),
  },
  'must look like { "halo": 160, "align": 8 }',
);

const frames = z
  .strictObject(
    {
      window: whole('the number of frames that it takes').check(
        z.minimum(2, 'must be 2 or more'),
        z.maximum(MOST_FRAMES, `must be at most ${MOST_FRAMES}`),
      ),
      overlap: z._default(z.int('must be a number of frames').check(z.minimum(0, 'must be 0 or more')), 0),
    },
    'must look like { "window": 14, "overlap": 2 }',
  )
  .check(z.refine(({ window, overlap }) => window > 2 * overlap, 'has an overlap that leaves no frame'));

/** The schema of one entry of `models` in `recipes.json`; `reelmill model` prints most of an entry. */
export const ownModel = z.strictObject(
  {
    version: text('a version').check(z.regex(/^\w[\w.-]*$/, 'may contain letters, digits, ".", "_" and "-"')),
    summary: z._default(z.string('must be text'), 'a model of your own'),
    licence: text('the SPDX name of its licence'),
    scale: whole('2, 3 or 4').check(z.minimum(2, 'must be 2, 3 or 4'), z.maximum(4, 'must be 2, 3 or 4')),
    sha256: z
      .string('must be the SHA-256 of its file')
      .check(z.regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')),
    range: z._default(
      z.strictObject({ black: z.number(), white: z.number() }, 'must look like { "black": 0, "white": 1 }'),
      UNIT_RANGE,
    ),
    network: z.strictObject(
      { from: text("the name of the network's first tensor"), to: text('the name of its last') },
      'must look like { "from": "<tensor>", "to": "<tensor>" }',
    ),
    cut: z.optional(cut),
    frames: z.optional(frames),
    speed: z._default(
      z.number('must be a number of megapixels a second').check(z.positive('must be more than 0')),
      DEFAULT_SPEED,
    ),
    id: z.optional(z.string('must be text')),
    halo: z.optional(z.number()),
    bytes: z.optional(whole('a number of bytes')),
  },
  {
    error: (issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidType | z.core.$ZodIssueUnrecognizedKeys>) =>
      issue.code === 'unrecognized_keys'
        ? `has no "${issue.keys.join('", "')}"; there are: ${FIELDS}`
        : `must be an object with: ${FIELDS}`,
  },
);

const MODEL_ID = /^[a-z0-9][a-z0-9.-]{0,39}$/;

/**
 * A user's models, which are in the store as `models/<id>/<version>.onnx`. Throws `usage` for an id that is not
 * possible or that ships, and for a range without extent.
 */
export function ownModels(entries: Readonly<Record<string, z.infer<typeof ownModel>>>): UsableModel[] {
  return Object.entries(entries).map(([id, { id: named = id, halo: _, bytes: __, ...entry }]) => {
    if (!MODEL_ID.test(id))
      throw usage(`models.${id}: an id may contain a-z, 0-9, "." and "-", and at most 40 characters`);
    if (MODEL_IDS.includes(id)) {
      throw usage(`models.${id}: "${id}" ships with Reelmill; choose another id`);
    }
    if (named !== id)
      throw usage(`models.${id}.id: it is "${named}", and not "${id}"; leave it out, or give both the same name`);
    if (entry.range.black === entry.range.white)
      throw usage(`models.${id}.range: black and white are the same number; white is the larger one, as [0, 1]`);
    const { cut, frames, ...fields } = entry;
    const location = { in: 'store', key: storedModelKey({ id, version: entry.version }) } as const;
    return { ...fields, id, ...(cut && { cut }), ...(frames && { frames }), location };
  });
}
