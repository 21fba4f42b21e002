import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { bucketOptions } from '../../adapters/aws/client-options.ts';
import { s3Media } from '../../adapters/aws/s3-media.ts';
import type { FragmentPlan } from '../../core/fragment/plan-fragments.ts';
import type { MediaAnswer } from '../../core/ports/media-http.ts';
import type { StackConfig } from '../config.ts';
import { jsonLog } from '../log.ts';
import { functionOptions } from './options.ts';

/** The index of a day of film has 150 MB, which are one request. */
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * The first 6 MB of a streamed answer are sent as fast as the line is, and the rest at 2 MB/s, while the function is paid for
 * though the client may be gone: an answer to a range ends there. An answer without a range cannot be continued, and may
 * have all that Lambda sends at most, 200 MB.
 */
const LIMITS = { rangeBytes: 6_000_000, wholeBytes: 200_000_000 };

/** The ports that stream a bucket's `output/`. */
export function mediaPorts(config: StackConfig<'media'>) {
  const client = new S3Client(bucketOptions({ ...functionOptions(), requestTimeoutMs: REQUEST_TIMEOUT_MS }));
  return {
    objects: s3Media(client, config.MEDIA_BUCKET),
    mayServe: (key: string) => key.startsWith('output/'),
    plans: new Map<string, FragmentPlan>(),
    log: jsonLog(config.LOGS, { stage: config.STAGE }),
    limits: LIMITS,
  };
}

/**
 * Returns an answer's body as a stream. Lambda sends status and headers before the first chunk, and without one never: an
 * answer without a body is one empty chunk.
 */
export const streamOf = (body: MediaAnswer['body']): Readable =>
  body === undefined || body instanceof Uint8Array
    ? Readable.from([Buffer.from(body ?? [])])
    : Readable.from(body, { objectMode: false });
