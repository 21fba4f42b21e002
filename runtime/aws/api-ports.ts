import { join } from 'node:path';
import { BatchClient } from '@aws-sdk/client-batch';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { awsSteering } from '../../adapters/aws/aws-steering.ts';
import { bucketOptions, clientOptions } from '../../adapters/aws/client-options.ts';
import { cognitoCodes } from '../../adapters/aws/cognito-codes.ts';
import { dynamoDemandStore } from '../../adapters/aws/dynamo-demand-store.ts';
import { dynamoJobListing } from '../../adapters/aws/dynamo-job-listing.ts';
import { dynamoJobStore } from '../../adapters/aws/dynamo-job-store.ts';
import { s3Addresses } from '../../adapters/aws/s3-addresses.ts';
import { headByListing, s3Documents } from '../../adapters/aws/s3-documents.ts';
import { s3PartStore } from '../../adapters/aws/s3-part-store.ts';
import { s3SmallObjects } from '../../adapters/aws/s3-small-objects.ts';
import { systemClock } from '../../adapters/shared/system-clock.ts';
import type { Caller } from '../../core/api/caller.ts';
import { callerOfClaims } from '../../core/api/caller-of-claims.ts';
import manifest from '../../package.json' with { type: 'json' };
import type { StackConfig } from '../config.ts';
import { jsonLog } from '../log.ts';
import { pagesPolicy, readPages, type ServedPages } from '../served-pages.ts';
import { bucketMenu } from './bucket-menu.ts';
import { documents } from './documents.ts';
import { functionOptions } from './options.ts';

/** The processors of a container that encodes (core/dispatch/route.ts), by which plans tell seconds. */
const CORES = 4;

/** The ports of the API. It reads no source and starts no machine. */
export function apiPorts(config: StackConfig<'api'>) {
  const options = functionOptions();
  const { STAGE: stage, MEDIA_BUCKET: bucket, JOBS_TABLE: table } = config;
  const s3 = new S3Client(bucketOptions(options));
  const db = documents(options);
  const clients = {
    batch: new BatchClient(clientOptions(options)),
    sfn: new SFNClient(clientOptions(options)),
    // a queue's address names AWS, even where another server stands in for it
    sqs: new SQSClient({ ...clientOptions(options), useQueueUrlAsEndpoint: false }),
  };
  const objects = s3SmallObjects(s3, bucket);
  let pages: Promise<ServedPages> | undefined;
  return {
    clock: systemClock,
    menu: bucketMenu(objects),
    jobs: dynamoJobStore(db, table),
    listing: dynamoJobListing(db, table),
    demand: dynamoDemandStore(db, table),
    steering: awsSteering(clients, config.DROPS_QUEUE_URL),
    sources: headByListing(s3, bucket),
    outputs: objects,
    refusals: undefined,
    addresses: s3Addresses(s3, bucket),
    parts: s3PartStore(s3, bucket),
    uploads: s3Documents(s3, bucket, 'work/'),
    house: s3Documents(s3, bucket, 'house/'),
    codes: cognitoCodes({
      endpoint: config.SIGN_IN_URL,
      clientId: config.SIGN_IN_CLIENT,
      now: systemClock.now,
    }),
    progressOf: () => undefined,
    about: { stage, version: manifest.version, live: 'poll', cores: CORES },
    log: jsonLog(config.LOGS, { stage }),
    side: 'aws',
    callerOf: (claims: unknown): Caller | undefined =>
      callerOfClaims(claims, {
        issuer: config.SIGN_IN_ISSUER,
        audience: config.SIGN_IN_CLIENT,
        nowMs: systemClock.now(),
      }),
    /** Reads the pages in the zip when they are first asked for. */
    pages: () => {
      pages ??= readPages(join(import.meta.dirname, PAGES), pagesPolicy(config.BUCKET_ORIGIN));
      return pages;
    },
  } as const;
}

/** Where the pages lie in the zip, as seen from the function's file in `functions/`. */
const PAGES = '../dist/web';
