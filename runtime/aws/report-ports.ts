import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CostExplorerClient } from '@aws-sdk/client-cost-explorer';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { awsAuditor } from '../../adapters/aws/aws-auditor.ts';
import { bucketOptions, clientOptions } from '../../adapters/aws/client-options.ts';
import { dynamoJobStore } from '../../adapters/aws/dynamo-job-store.ts';
import { dynamoOnce } from '../../adapters/aws/dynamo-once.ts';
import { s3List } from '../../adapters/aws/s3-list.ts';
import { s3SmallObjects } from '../../adapters/aws/s3-small-objects.ts';
import { storedObject } from '../../adapters/aws/s3-stored-sum.ts';
import { snsNotifier } from '../../adapters/aws/sns-notifier.ts';
import { systemClock } from '../../adapters/shared/system-clock.ts';
import type { StackConfig } from '../config.ts';
import { jsonLog } from '../log.ts';
import { deliverAgain } from './deliver-again.ts';
import { documents } from './documents.ts';
import { functionOptions } from './options.ts';

/** The only region in which Cost Explorer answers. */
const COSTS_REGION = 'us-east-1';

/** The ports of the monthly report: the audit of the stack, the job table, and the store of reports. */
export function reportPorts(config: StackConfig<'report'>) {
  const options = functionOptions();
  const s3 = new S3Client(bucketOptions(options));
  const db = documents(options);
  const clients = {
    s3,
    trail: new CloudTrailClient(clientOptions(options)),
    costs: new CostExplorerClient({ ...clientOptions(options), region: COSTS_REGION }),
  };
  const buckets = [
    { name: config.MEDIA_BUCKET, isLogged: true },
    { name: config.LOG_BUCKET, isLogged: false },
  ];
  return {
    stage: config.STAGE,
    auditor: awsAuditor(clients, { stage: config.STAGE, buckets }),
    jobs: dynamoJobStore(db, config.JOBS_TABLE),
    reports: s3SmallObjects(s3, config.LOG_BUCKET),
    verifyMonths: Number(config.VERIFY_MONTHS),
    archive: {
      store: { list: s3List(s3, config.MEDIA_BUCKET), read: s3SmallObjects(s3, config.MEDIA_BUCKET).read },
      stored: (key: string) => storedObject(s3, config.MEDIA_BUCKET, key),
    },
    notifier: snsNotifier({
      client: new SNSClient(clientOptions(options)),
      arn: config.NOTICE_TOPIC_ARN,
      report: deliverAgain,
    }),
    once: dynamoOnce(db, config.JOBS_TABLE),
    clock: systemClock,
    log: jsonLog(config.LOGS, { stage: config.STAGE }),
  };
}
