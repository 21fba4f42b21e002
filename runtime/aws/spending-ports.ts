import { BatchClient } from '@aws-sdk/client-batch';
import { SNSClient } from '@aws-sdk/client-sns';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { clientOptions } from '../../adapters/aws/client-options.ts';
import { computeEnvironments } from '../../adapters/aws/compute-environments.ts';
import { dynamoOnce } from '../../adapters/aws/dynamo-once.ts';
import { dynamoSpending } from '../../adapters/aws/dynamo-spending.ts';
import { snsNotifier } from '../../adapters/aws/sns-notifier.ts';
import { systemClock } from '../../adapters/shared/system-clock.ts';
import type { SpendingStop } from '../../core/plan/spending-stop.ts';
import type { StackConfig } from '../config.ts';
import { jsonLog } from '../log.ts';
import { deliverAgain } from './deliver-again.ts';
import { documents } from './documents.ts';
import { functionOptions } from './options.ts';
import { pricesHere } from './restore-rules.ts';

type StopConfig = Pick<StackConfig<'spending-stop'>, 'STAGE' | 'JOBS_TABLE' | 'SPENDING_STOP_USD'>;

/** The stop of a stage; undefined where it has none. */
export function spendingStop(config: StopConfig, db: DynamoDBDocumentClient): SpendingStop | undefined {
  const limitUsd = Number(config.SPENDING_STOP_USD);
  if (limitUsd === 0) return undefined;
  return { limitUsd, stage: config.STAGE, ledger: dynamoSpending(db, config.JOBS_TABLE), prices: pricesHere() };
}

/** The ports of the function that stops the machines of a stage, and starts them in a new month. */
export function spendingPorts(config: StackConfig<'spending-stop'>) {
  const options = functionOptions();
  const db = documents(options);
  const spending = spendingStop(config, db);
  if (!spending) throw new Error('a stage without a sum has no function that stops it');
  const batch = new BatchClient(clientOptions(options));
  return {
    spending,
    machines: computeEnvironments(batch, config.COMPUTE_ENVIRONMENTS.split(',')),
    once: dynamoOnce(db, config.JOBS_TABLE),
    notifier: snsNotifier({
      client: new SNSClient(clientOptions(options)),
      arn: config.NOTICE_TOPIC_ARN,
      report: deliverAgain,
    }),
    clock: systemClock,
    log: jsonLog(config.LOGS, { stage: config.STAGE }),
  };
}
