import * as z from 'zod/mini';
import { ServiceError } from '../errors.ts';
import { jsonOf } from '../json.ts';
import { keyInList, quoted } from './csv.ts';

// What S3 Batch Operations reads and writes of a job that computes checksums: the S3 User Guide, "Compute checksums",
// "Specifying a manifest" and "Examples: S3 Batch Operations completion reports".

/** Returns the list of objects of a job (S3BatchOperations_CSV_20180820, fields Bucket and Key). Keys are percent-encoded. */
export const objectList = (bucket: string, keys: readonly string[]): string =>
  keys.map((key) => `${quoted(bucket)},${quoted(key.split('/').map(encodeURIComponent).join('/'))}\n`).join('');

const report = z.object({
  Format: z.literal('Report_CSV_20180820'),
  Results: z.array(z.object({ TaskExecutionStatus: z.string(), Bucket: z.string(), Key: z.string() })),
  ReportSchema: z.string(),
});

export type ChecksumReport = {
  readonly lists: readonly { readonly bucket: string; readonly key: string }[];
  /** The fields of each row of the lists, in order. */
  readonly fields: readonly string[];
};

/** Reads the manifest.json of a completion report. Throws `bad-input` for anything else. */
export function checksumReport(text: string): ChecksumReport {
  try {
    const { Results, ReportSchema } = z.parse(report, JSON.parse(text));
    const lists = Results.map(({ Bucket: bucket, Key: key }) => ({ bucket, key }));
    return { lists, fields: ReportSchema.split(',').map((field) => field.trim()) };
  } catch (cause) {
    throw new ServiceError(
      'bad-input',
      'the report of the job is not one that S3 Batch Operations writes; give the id of such a job',
      {},
      { cause },
    );
  }
}

/** What a job says of one object: the sum of its bits, or why they could not be read. */
export type ComputedSum = { readonly key: string } & ({ readonly crc64nvme: string } | { readonly why: string });

const message = z.object({
  checksum_base64: z.string(),
  checksumAlgorithm: z.literal('CRC64NVME'),
  checksumType: z.literal('FULL_OBJECT'),
});

/** Reads one row of a completion report; undefined where it names no object. */
export function computedSum(row: readonly string[], fields: readonly string[]): ComputedSum | undefined {
  const fieldOf = (name: string) => row[fields.indexOf(name)] ?? '';
  const key = keyInList(fieldOf('Key'));
  if (key === undefined || key === '') return undefined;
  const told = fieldOf('ResultMessage');
  if (fieldOf('TaskStatus') !== 'succeeded') {
    const codes = [fieldOf('ErrorCode'), fieldOf('HTTPStatusCode')].filter(Boolean).join(' ');
    return { key, why: `S3 did not read it: ${[codes, told].filter(Boolean).join(' ')}` };
  }
  const { data } = message.safeParse(jsonOf(told));
  return data ? { key, crc64nvme: data.checksum_base64 } : { key, why: 'the job computed no CRC64NVME of it' };
}
