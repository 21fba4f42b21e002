import { BatchClient } from '@aws-sdk/client-batch';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client } from '@aws-sdk/client-ec2';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { bucketOptions, clientOptions } from '../../adapters/aws/client-options.ts';
import { machinesUpkeep } from '../../adapters/aws/machines-upkeep.ts';
import { s3Upkeep } from '../../adapters/aws/s3-upkeep.ts';
import { spotUpkeep } from '../../adapters/aws/spot-upkeep.ts';
import { starvedUpkeep } from '../../adapters/aws/starved-upkeep.ts';
import type { StackConfig } from '../config.ts';
import { functionOptions } from './options.ts';
import { namesIn } from './sending-ports.ts';
import { settlingPorts } from './settling-ports.ts';
import { unlessStopped } from './unless-stopped.ts';

/** The ports of the sweep: those that settle jobs, and those that find what was left behind. */
export function sweepingPorts(config: StackConfig<'sweep'>) {
  const options = functionOptions();
  const clients = {
    ec2: new EC2Client(clientOptions(options)),
    batch: new BatchClient(clientOptions(options)),
    sagemaker: new SageMakerClient(clientOptions(options)),
    cloudWatch: new CloudWatchClient(clientOptions(options)),
  };
  const names = {
    stage: config.STAGE,
    queues: [
      ...[config.BATCH_QUEUE_GPU, config.BATCH_QUEUE_GPU_ONDEMAND].filter((name) => name !== undefined),
      ...[config.BATCH_QUEUES_LARGE, config.BATCH_QUEUES_LARGE_ONDEMAND].flatMap(namesIn),
    ],
    endpoint: config.UPSCALE_ENDPOINT,
  };
  const ports = settlingPorts(config);
  return {
    ...ports,
    upkeep: [
      s3Upkeep(new S3Client(bucketOptions(options)), config.MEDIA_BUCKET),
      machinesUpkeep(clients, names),
      unlessStopped(
        ports,
        starvedUpkeep(clients.batch, [
          config.BATCH_QUEUE_ONDEMAND,
          ...[config.BATCH_QUEUE_GPU_ONDEMAND].filter((name) => name !== undefined),
          ...namesIn(config.BATCH_QUEUES_LARGE_ONDEMAND),
        ]),
      ),
      unlessStopped(
        ports,
        spotUpkeep(
          clients.batch,
          [config.BATCH_QUEUE, config.BATCH_QUEUE_GPU, ...namesIn(config.BATCH_QUEUES_LARGE)].filter(
            (name) => name !== undefined,
          ),
          Number(config.SPOT_PATIENCE_MINUTES) * 60_000,
        ),
      ),
    ],
  };
}
