import { S3Client } from '@aws-sdk/client-s3';
import { bucketOptions } from '../../adapters/aws/client-options.ts';
import { dynamoDemandStore } from '../../adapters/aws/dynamo-demand-store.ts';
import { sourceInbox } from '../../adapters/aws/other-buckets.ts';
import { s3SmallObjects } from '../../adapters/aws/s3-small-objects.ts';
import { refusedForSize } from '../../core/dispatch/size-refusal.ts';
import { bucketRules } from '../../core/job/intake-rules.ts';
import type { SendingConfig } from '../config.ts';
import { bucketMenu } from './bucket-menu.ts';
import { documents } from './documents.ts';
import { functionOptions } from './options.ts';
import { sendingPorts } from './sending-ports.ts';

/** The ports that make jobs of drops and send them. */
export function droppingPorts(config: SendingConfig) {
  const options = functionOptions();
  const s3 = new S3Client(bucketOptions(options));
  const sending = sendingPorts(config);
  return {
    ...sending,
    store: config.MEDIA_BUCKET,
    rules: bucketRules({
      hasGpu: config.UPSCALE_JOB_DEFINITION !== undefined,
      refusesSize: (needs, source) => refusedForSize(needs, source, sending.disks),
    }),
    refusals: undefined,
    inbox: sourceInbox(s3, config.MEDIA_BUCKET),
    menu: bucketMenu(s3SmallObjects(s3, config.MEDIA_BUCKET)),
    demand: dynamoDemandStore(documents(options), config.JOBS_TABLE),
  };
}
