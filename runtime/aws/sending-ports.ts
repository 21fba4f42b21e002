import { BatchClient } from '@aws-sdk/client-batch';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { awsDispatcher } from '../../adapters/aws/aws-dispatcher.ts';
import { bucketOptions, clientOptions } from '../../adapters/aws/client-options.ts';
import type { DispatchSettings } from '../../adapters/aws/dispatch-settings.ts';
import { dynamoJobStore } from '../../adapters/aws/dynamo-job-store.ts';
import { dynamoOnce } from '../../adapters/aws/dynamo-once.ts';
import { sourceHeaders } from '../../adapters/aws/other-buckets.ts';
import { snsNotifier } from '../../adapters/aws/sns-notifier.ts';
import { systemClock } from '../../adapters/shared/system-clock.ts';
import { disksFrom } from '../../core/dispatch/disks.ts';
import { leadingToPages } from '../../core/notices/job-pages.ts';
import type { SendingConfig } from '../config.ts';
import { jsonLog } from '../log.ts';
import { deliverAgain } from './deliver-again.ts';
import { documents } from './documents.ts';
import { functionOptions } from './options.ts';
import { restoreRules } from './restore-rules.ts';
import { spendingStop } from './spending-ports.ts';

/** The ports that send jobs and tell people, which on-drop, on-job-change and sweep share. */
export function sendingPorts(config: SendingConfig) {
  const options = functionOptions();
  const db = documents(options);
  const s3 = new S3Client(bucketOptions(options));
  const runtime = async () => {
    const { SageMakerRuntimeClient } = await import('@aws-sdk/client-sagemaker-runtime');
    return new SageMakerRuntimeClient(clientOptions(options));
  };
  return {
    inbox: sourceHeaders(s3, config.MEDIA_BUCKET),
    disks: disksFrom(config.DISKS_GIB),
    restores: restoreRules(config.RESTORE_TIER),
    jobs: dynamoJobStore(db, config.JOBS_TABLE),
    once: dynamoOnce(db, config.JOBS_TABLE),
    spending: spendingStop(config, db),
    dispatcher: awsDispatcher(
      { batch: new BatchClient(clientOptions(options)), sfn: new SFNClient(clientOptions(options)), s3, runtime },
      dispatchSettings(config),
    ),
    notifier: leadingToPages(
      snsNotifier({
        client: new SNSClient(clientOptions(options)),
        arn: config.NOTICE_TOPIC_ARN,
        report: deliverAgain,
      }),
      () => config.PAGES_URL,
    ),
    clock: systemClock,
    log: jsonLog(config.LOGS, { stage: config.STAGE }),
  };
}

function batchTargets(config: SendingConfig): DispatchSettings['targets'] {
  const onFargate = { spot: config.BATCH_QUEUE, 'on-demand': config.BATCH_QUEUE_ONDEMAND };
  const { UPSCALE_JOB_DEFINITION, BATCH_QUEUE_GPU: spot, BATCH_QUEUE_GPU_ONDEMAND: onDemand } = config;
  const large = namesIn(config.BATCH_QUEUES_LARGE);
  const largeOnDemand = namesIn(config.BATCH_QUEUES_LARGE_ONDEMAND);
  const withVolumes = namesIn(config.LARGE_JOB_DEFINITIONS).map((definition, i) => ({
    definition,
    queues: { spot: large[i] ?? '', 'on-demand': largeOnDemand[i] ?? '' },
  }));
  return {
    cpu: [
      ...namesIn(config.ENCODE_JOB_DEFINITIONS).map((definition) => ({ definition, queues: onFargate })),
      ...withVolumes,
    ],
    'upscale-on-cpu': [{ definition: config.UPSCALE_ON_CPU_JOB_DEFINITION, queues: onFargate }],
    gpu:
      UPSCALE_JOB_DEFINITION && spot && onDemand
        ? [{ definition: UPSCALE_JOB_DEFINITION, queues: { spot, 'on-demand': onDemand } }]
        : undefined,
  };
}

/** Names that the stack joins with spaces. */
export const namesIn = (list = ''): readonly string[] => list.split(' ').filter(Boolean);

const dispatchSettings = (config: SendingConfig) => ({
  stage: config.STAGE,
  bucket: config.MEDIA_BUCKET,
  targets: batchTargets(config),
  stateMachineArn: config.STATE_MACHINE_ARN,
  endpoint: config.UPSCALE_ENDPOINT,
});
