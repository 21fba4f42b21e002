import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { S3Client } from '@aws-sdk/client-s3';
import { bucketOptions, clientOptions } from '../../adapters/aws/client-options.ts';
import { cloudWatchMeter } from '../../adapters/aws/cloudwatch-meter.ts';
import { s3SmallObjects } from '../../adapters/aws/s3-small-objects.ts';
import type { SendingConfig } from '../config.ts';
import { functionOptions } from './options.ts';
import { sendingPorts } from './sending-ports.ts';

/** The ports that settle jobs: they send jobs again, tell people, and count. */
export function settlingPorts(config: SendingConfig) {
  const options = functionOptions();
  const ports = sendingPorts(config);
  return {
    ...ports,
    outputs: s3SmallObjects(new S3Client(bucketOptions(options)), config.MEDIA_BUCKET),
    meter: cloudWatchMeter(new CloudWatchClient(clientOptions(options)), config.STAGE, ports.log),
    link: (prefix: string) =>
      `https://s3.console.aws.amazon.com/s3/buckets/${config.MEDIA_BUCKET}?prefix=${encodeURIComponent(`${prefix}/`)}`,
  };
}
