import * as z from 'zod/mini';
import { ServiceError } from '../errors.ts';
import { jsonOf } from '../json.ts';
import { keyInList } from './csv.ts';

// What S3 Inventory writes: the S3 User Guide, "Amazon S3 Inventory list" and "Locating your inventory list".

const schema = z.object({
  sourceBucket: z.string(),
  destinationBucket: z.string(),
  version: z.string(),
  fileFormat: z.string(),
  fileSchema: z.string(),
  files: z.array(z.object({ key: z.string(), size: z.number(), MD5checksum: z.string() })),
});

export type Inventory = {
  /** The bucket that is listed. */
  readonly bucket: string;
  /** Where the lists lie, in order, with the MD5 of each as it lies there. */
  readonly lists: readonly { readonly bucket: string; readonly key: string; readonly md5: string }[];
  /** The fields of each row, in order. */
  readonly fields: readonly string[];
};

/** Reads the manifest.json of an inventory. Throws `bad-input` for anything else, and for formats other than CSV. */
export function inventoryFrom(text: string, name: string): Inventory {
  const { data } = schema.safeParse(jsonOf(text));
  if (!data) throw new ServiceError('bad-input', `${name} is not the manifest.json of an S3 Inventory`);
  const { sourceBucket, destinationBucket, fileFormat, fileSchema, files } = data;
  if (fileFormat !== 'CSV')
    throw new ServiceError('bad-input', `${name} is an inventory as ${fileFormat}; configure the inventory as CSV`);
  const fields = fileSchema.split(',').map((field) => field.trim());
  if (!fields.includes('Key')) throw new ServiceError('bad-input', `${name} has no field Key in its fileSchema`);
  const bucket = destinationBucket.replace(/^arn:[\w-]+:s3:::/, '');
  return { bucket: sourceBucket, fields, lists: files.map(({ key, MD5checksum: md5 }) => ({ bucket, key, md5 })) };
}

/** Returns the key of a row; undefined for older versions, for deleted objects, and for a row without a key. */
export function inventoryKey(row: readonly string[], fields: readonly string[]): string | undefined {
  const fieldOf = (name: string) => row[fields.indexOf(name)];
  if (fieldOf('IsLatest') === 'false' || fieldOf('IsDeleteMarker') === 'true') return undefined;
  return keyInList(fieldOf('Key') ?? '') || undefined;
}
