import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { type AwsOptions, clientOptions } from '../../adapters/aws/client-options.ts';
import { cloudWatchMeter } from '../../adapters/aws/cloudwatch-meter.ts';
import type { SendingConfig } from '../config.ts';
import { functionOptions } from './options.ts';
import { sendingPorts } from './sending-ports.ts';

/** What it takes to settle jobs: to send them again, to tell people, and to count. */
export function settlingPorts(config: SendingConfig, options: AwsOptions = functionOptions()) {
  const ports = sendingPorts(config, options);
  return {
    ...ports,
    meter: cloudWatchMeter(new CloudWatchClient(clientOptions(options)), config.STAGE, ports.log),
    link: (prefix: string) =>
      `https://s3.console.aws.amazon.com/s3/buckets/${config.MEDIA_BUCKET}?prefix=${encodeURIComponent(`${prefix}/`)}`,
  };
}
