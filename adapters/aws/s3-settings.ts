import type { S3Client } from '@aws-sdk/client-s3';

export type S3Settings = {
  readonly client: S3Client;
  readonly bucket: string;
  /** The folder of fetched objects until they are released. */
  readonly scratch: string;
  readonly partBytes: number;
  /** S3 copies at most 5 GiB in one request. */
  readonly largestCopyBytes: number;
};

export const S3_DEFAULTS = { partBytes: 16 * 2 ** 20, largestCopyBytes: 5 * 2 ** 30 } as const;
