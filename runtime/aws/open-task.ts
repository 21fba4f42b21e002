import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import type * as z from 'zod/mini';
import { bucketOptions } from '../../adapters/aws/client-options.ts';
import { dynamoDemandStore } from '../../adapters/aws/dynamo-demand-store.ts';
import { dynamoJobStore } from '../../adapters/aws/dynamo-job-store.ts';
import { isStillThere, sourceStore } from '../../adapters/aws/other-buckets.ts';
import { s3ObjectStore } from '../../adapters/aws/s3-object-store.ts';
import { S3_DEFAULTS } from '../../adapters/aws/s3-settings.ts';
import { s3SmallObjects } from '../../adapters/aws/s3-small-objects.ts';
import { s3SourceKeeper } from '../../adapters/aws/s3-source-keeper.ts';
import { belowPrefix } from '../../adapters/shared/below-prefix.ts';
import { localScratch } from '../../adapters/shared/local-scratch.ts';
import { systemClock } from '../../adapters/shared/system-clock.ts';
import { disksFrom } from '../../core/dispatch/disks.ts';
import type { ContainerShare } from '../../core/plan/run-bill.ts';
import type { Notifier } from '../../core/ports/notifier.ts';
import { ffmpegMaker } from '../../media/ffmpeg-maker.ts';
import { ffmpegMeasurer } from '../../media/ffmpeg-measurer.ts';
import { ffmpegReader } from '../../media/ffmpeg-reader.ts';
import { tryDevice } from '../../media/onnx/try-device.ts';
import { upscalers } from '../../media/onnx/upscalers.ts';
import { openToolbox } from '../../media/tools/toolbox.ts';
import { localConfig, type STEP_ENVIRONMENT, type StackConfig, toolboxSearch } from '../config.ts';
import { refuseTelemetry } from '../library-settings.ts';
import { bucketMenu } from './bucket-menu.ts';
import { documents } from './documents.ts';
import { thisMachine } from './machine-usage.ts';
import { notInPlace } from './not-in-place.ts';
import { taskOptions } from './options.ts';
import { taskLog } from './task-log.ts';

export type StepConfig = z.infer<typeof STEP_ENVIRONMENT>;
export type { ContainerShare };

/** Throws `missing-tool` if networks cannot run on this device. */
export const assertDevice = tryDevice;

/** Opens a container's ports. The bucket holds sources, outputs and cache; only pieces and work files are on the disk. */
export async function openTask(
  stack: StackConfig<'task'>,
  step: StepConfig,
  signal: AbortSignal,
  sharing?: ContainerShare,
) {
  const machine = thisMachine(step.ECS_CONTAINER_METADATA_URI_V4, systemClock);
  const options = taskOptions();
  const client = new S3Client(bucketOptions(options));
  const scratch = resolve(tmpdir(), 'reelmill'); // some programs run in folders of their own
  const settings = { ...S3_DEFAULTS, client, bucket: step.S3_BUCKET, scratch };
  const bucket = s3ObjectStore(settings);
  const sources = sourceStore(settings);
  const jobs = dynamoJobStore(documents(options), stack.JOBS_TABLE);
  const config = localConfig();
  const { modelsRoot, sharedFolder, tensorrt } = config;
  const toolbox = await openToolbox({ ...toolboxSearch(config), signal });
  const cache = belowPrefix(bucket, 'cache/');
  const stored = { store: bucket, shared: join(sharedFolder, 'models') };
  refuseTelemetry();
  const networks = upscalers(modelsRoot, stored, tensorrt ? { store: cache, tensorrt } : undefined);
  return {
    networks,
    log: taskLog(s3SmallObjects(client, stack.LOG_BUCKET), logKey(step)),
    ports: {
      sources,
      outputs: bucket,
      cache,
      made: belowPrefix(bucket, MADE_PREFIX),
      isThere: (location: string) => isStillThere(sources, step.S3_BUCKET, location),
      inPlace: notInPlace,
      keeper: s3SourceKeeper(settings),
      jobs,
      demand: dynamoDemandStore(documents(options), stack.JOBS_TABLE),
      notifier: silent,
      reader: ffmpegReader(toolbox),
      maker: ffmpegMaker(toolbox, networks),
      measurer: ffmpegMeasurer(toolbox),
      scratch: localScratch(scratch),
      clock: systemClock,
      // All attempts of a Batch job have the same name, so that the next one takes over the lease of a killed one at once.
      newOwner: () => `batch:${step.AWS_BATCH_JOB_ID ?? systemClock.newId()}`,
      cores: availableParallelism(),
      sharing,
      usage: async () => machine.usage((await jobs.get(step.JOB_ID))?.sent?.atMs),
      menu: bucketMenu(bucket),
      disks: disksFrom(stack.DISKS_GIB),
    },
  };
}

/** Beside the results, because the cache expires. */
const MADE_PREFIX = 'output/.made/';

/** A container tells nobody; the function on-job-change does so when the container has ended. */
const silent: Notifier = { notify: async () => {} };

function logKey({ JOB_ID, REELMILL_STEP, AWS_BATCH_JOB_ARRAY_INDEX, AWS_BATCH_JOB_ATTEMPT = '1' }: StepConfig): string {
  const step = [REELMILL_STEP, AWS_BATCH_JOB_ARRAY_INDEX].filter((part) => part !== undefined).join('-');
  return `tasks/${JOB_ID}/${step}-attempt-${AWS_BATCH_JOB_ATTEMPT}.jsonl`;
}
