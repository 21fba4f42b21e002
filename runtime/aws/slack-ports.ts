import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientOptions } from '../../adapters/aws/client-options.ts';
import { dynamoOnce } from '../../adapters/aws/dynamo-once.ts';
import { type SlackNotifier, slackNotifier } from '../../adapters/shared/slack-notifier.ts';
import { systemClock } from '../../adapters/shared/system-clock.ts';
import { usage } from '../../core/errors.ts';
import type { Notice } from '../../core/ports/notifier.ts';
import type { StackConfig } from '../config.ts';
import { jsonLog } from '../log.ts';
import { deliverAgain } from './deliver-again.ts';
import { documents } from './documents.ts';
import { functionOptions } from './options.ts';

/** The ports that send notices to Slack, each once. */
export function slackPorts(config: StackConfig<'notify-slack'>) {
  const options = functionOptions();
  return {
    tell: slackBehindSecret(new SecretsManagerClient(clientOptions(options)), config.SLACK_SECRET_ARN),
    once: dynamoOnce(documents(options), config.JOBS_TABLE),
    clock: systemClock,
    log: jsonLog(config.LOGS, { stage: config.STAGE }),
  };
}

/** Tells notices together by a webhook whose address is a secret. The secret is read for the first notice, and again after a failure. */
function slackBehindSecret(client: SecretsManagerClient, SecretId: string) {
  let slack: SlackNotifier | undefined;
  const open = async () => {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }));
    if (!SecretString) throw usage(`the secret ${SecretId} is empty; it must be the address of a Slack webhook`);
    return slackNotifier(SecretString.trim(), { report: deliverAgain });
  };
  return async (notices: readonly Notice[]): Promise<void> => {
    try {
      slack ??= await open();
      await slack.notifyAll(notices);
    } catch (error) {
      slack = undefined;
      throw error;
    }
  };
}
