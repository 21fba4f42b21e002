import * as z from 'zod/mini';

/** What is answered instead, whenever something is refused. The HTTP status is that of the code's row in `FAILURES`. */
export const refusalSchema = z.object({
  code: z.string(),
  reason: z.string(),
  /** What people can do about it. */
  advice: z.optional(z.string()),
});

/** How people come in: with the address that the terminal shows, or with a code that is sent by e-mail. */
export const signInWay = z.object({ way: z.enum(['address', 'email']), stage: z.string() });

const email = z.string().check(z.maxLength(254), z.regex(/^[^\s@]+@[^\s@]+$/, 'an e-mail address, as ada@example.org'));

export const askForCode = z.object({ email });
/** `session` goes back with the code. It says nothing of whether the address may come in. */
export const codeSent = z.object({ session: z.string() });

export const giveCode = z.object({
  email,
  session: z.string().check(z.maxLength(4096)),
  code: z.string().check(z.regex(/^\d{4,10}$/, 'the digits of the code that came by e-mail')),
});

/** The token goes into the header `Authorization: Bearer ...`. A cookie that pages cannot read renews it. */
export const tokenGiven = z.object({ token: z.string(), expiresMs: z.number() });

export const sessionSchema = z.object({
  caller: z.object({ id: z.string(), name: z.string(), role: z.enum(['operator', 'user']) }),
  stage: z.string(),
  version: z.string(),
  /** How the page follows jobs: by `GET /api/events`, or by asking `GET /api/jobs?changedSince=` again. */
  live: z.enum(['events', 'poll']),
  /** Whether the caller may change the settings of the house. */
  mayChangeHouse: z.boolean(),
  limits: z.object({
    uploadBytes: z.number(),
    partsAtOnce: z.int(),
    /** How long the address of a part can be used. */
    urlSeconds: z.int(),
    /** After so many days without a part, an unfinished upload is removed. */
    uploadDays: z.int(),
  }),
});

const settings = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
export const settingsSchema = settings;

export const recipesSchema = z.object({
  recipes: z.array(
    z.object({
      id: z.string(),
      summary: z.string(),
      settings: z.array(
        z.object({
          name: z.string(),
          /** What the setting does. */
          summary: z.string(),
          /** The values it takes, as `10-40` or `auto|on|off`. */
          range: z.string(),
          default: z.optional(z.string()),
        }),
      ),
    }),
  ),
  mixes: z.array(z.object({ id: z.string(), recipes: z.array(z.string()) })),
  /** The recipe or the mix that a page proposes: what the house has chosen, if it is there. */
  usual: z.string(),
});

const positive = z.number().check(z.positive());

export const planAsked = z.object({
  recipe: z.string(),
  settings: z.optional(settings),
  film: z.object({
    bytes: z.optional(z.int().check(z.nonnegative())),
    width: z.int().check(z.positive(), z.lte(65_536)),
    height: z.int().check(z.positive(), z.lte(65_536)),
    fps: positive.check(z.lte(1000)),
    seconds: positive.check(z.lte(360_000)),
  }),
});

const estimate = z.object({
  /** The seconds of work on this machine; on AWS, on one machine of the size that the work gets. */
  seconds: z.number(),
  outputBytes: z.number(),
  diskBytes: z.number(),
  usd: z.number(),
});

export const planSchema = z.object({
  renditions: z.array(
    z.object({
      recipe: z.string(),
      name: z.string(),
      parent: z.string(),
      codec: z.string(),
      width: z.int(),
      height: z.int(),
      estimate,
    }),
  ),
  total: estimate,
  warnings: z.array(z.string()),
});

export const houseSchema = z.object({
  autoplay: z.boolean(),
  defaultPlaylist: z.nullable(z.string()),
  defaultRecipe: z.string(),
});
