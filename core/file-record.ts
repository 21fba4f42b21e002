import * as z from 'zod/mini';

/** The fields by which a manifest records a published file. */
export const FILE_FIELDS = {
  /** The path relative to the manifest. */
  path: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  /** The CRC64NVME of the bytes that the SHA-256 is of, in base64, as S3 stores it. Older manifests have none. */
  crc64nvme: z.optional(z.string()),
} as const;

export type FileRecord = {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly crc64nvme?: string | undefined;
};

/** Size and hashes of a file, all of the same bytes. */
export type FileSums = Omit<FileRecord, 'path'>;

/** Returns what a manifest records of a file, without what else is known of it. */
export const fileRecord = ({ path, ...sums }: FileRecord): FileRecord => ({ path, ...fileSums(sums) });

const fileSums = ({ bytes, sha256, crc64nvme }: FileSums): FileSums => ({
  ...{ bytes, sha256 },
  ...(crc64nvme !== undefined && { crc64nvme }),
});
