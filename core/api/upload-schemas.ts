import * as z from 'zod/mini';
import { settingsSchema } from './people-schemas.ts';

const uploadId = z.string().check(z.regex(/^[A-Za-z0-9-]{16,64}$/, 'the id that the upload got when it began'));
export const uploadParams = z.object({ upload: uploadId });

export const uploadAsked = z.object({
  recipe: z.string().check(z.maxLength(40)),
  /** The path below `input/<recipe>/`; on AWS below the caller's own folder there. */
  path: z.string().check(z.maxLength(1024)),
  bytes: z.int().check(z.nonnegative()),
  modifiedMs: z.optional(z.int().check(z.nonnegative())),
  settings: z.optional(settingsSchema),
});

const upload = {
  upload: uploadId,
  key: z.string(),
  recipe: z.string(),
  path: z.string(),
  bytes: z.int(),
  partBytes: z.int(),
  parts: z.int(),
  modifiedMs: z.optional(z.int()),
  /** When it is swept if nothing more arrives. */
  expiresMs: z.number(),
};
export const uploadSchema = z.object(upload);
export const uploadsSchema = z.object({ uploads: z.array(uploadSchema) });

/** A SHA-256 in base64, as S3 writes it. */
const checksum = z.string().check(z.regex(/^[A-Za-z0-9+/]{43}=$/, 'the SHA-256 of the part, in Base64'));
const partNumber = z.int().check(z.gte(1), z.lte(10_000));

export const uploadState = z.object({
  ...upload,
  /** The parts that have arrived whole. */
  there: z.array(z.object({ number: partNumber, bytes: z.int(), checksum })),
});

/** The address of a part is bound to its checksum, so a page hashes a part before it asks for the address. */
export const urlsAsked = z.object({
  parts: z.array(z.object({ number: partNumber, checksum })).check(z.minLength(1), z.maxLength(100)),
});
export const urlsSchema = z.object({
  urls: z.array(
    z.object({
      number: partNumber,
      /** `PUT` the part's bytes there, with exactly these headers. The browser sets Content-Length itself. */
      url: z.string(),
      headers: z.record(z.string(), z.string()),
      expiresMs: z.number(),
    }),
  ),
});

export const completion = z.object({
  parts: z.array(z.object({ number: partNumber, checksum })).check(z.minLength(1), z.maxLength(10_000)),
});
/** The drop as watch or S3 takes it in. The job can be asked for as soon as it is in the job table. */
export const completed = z.object({ key: z.string(), recipe: z.string(), path: z.string() });

export const partParams = z.object({
  upload: uploadId,
  part: z.string().check(z.regex(/^\d{1,5}$/, 'a whole number')),
});
export const partQuery = z.object({
  checksum,
  start: z.string().check(z.regex(/^\d{1,15}$/, 'a whole number')),
  bytes: z.string().check(z.regex(/^\d{1,15}$/, 'a whole number')),
  expires: z.string().check(z.regex(/^\d{1,15}$/, 'a whole number')),
  signature: z.string().check(z.regex(/^[0-9a-f]{64}$/, 'the signature that its address came with')),
});
export const partStored = z.object({ number: partNumber });
