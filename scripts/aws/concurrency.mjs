import { SetupError } from '../setup-error.mjs';
import { stackName } from './stack.mjs';

/** Functions that reserve executions of Lambda where a stage has them, each with the setting that says how many. */
const RESERVING = [
  { name: 'thumbnail', option: 'thumbnails', setting: 'thumbnailsConcurrency' },
  { name: 'media', option: 'media', setting: 'mediaConcurrency' },
];

/** What Lambda keeps for functions without a reservation: 100 of the usual 1,000, and 10 in accounts that may run fewer yet. */
const kept = (/** @type {number} */ limit) => (limit >= 1_000 ? 100 : 10);

/**
 * Throws one sentence where the account may run fewer executions of Lambda than the stage's functions are to reserve, as new accounts
 * often may: CloudFormation would find out when the rest of the stack is made.
 * @param {{ stage: string, settings: Record<string, any> }} of
 */
export async function requireConcurrency({ stage, settings }) {
  const wanting = RESERVING.filter(({ option }) => settings[option] !== 'off');
  if (wanting.length === 0) return;
  const { GetAccountSettingsCommand, GetFunctionConcurrencyCommand, LambdaClient, ResourceNotFoundException } =
    await import('@aws-sdk/client-lambda');
  const lambda = new LambdaClient({ region: settings.region });
  const { AccountLimit = {} } = await lambda.send(new GetAccountSettingsCommand({}));
  const { ConcurrentExecutions: limit = 0, UnreservedConcurrentExecutions: free = 0 } = AccountLimit;
  let left = free;
  for (const { name, setting } of wanting) {
    const asked = new GetFunctionConcurrencyCommand({ FunctionName: `${stackName(stage)}-${name}` });
    const has = await lambda.send(asked).catch((error) => {
      if (error instanceof ResourceNotFoundException) return { ReservedConcurrentExecutions: 0 };
      throw error;
    });
    left -= settings[setting] - (has.ReservedConcurrentExecutions ?? 0);
  }
  if (left >= kept(limit)) return;
  const settingsTold = wanting.map(({ setting }) => `${setting}=${settings[setting]}`).join(' and ');
  throw new SetupError(
    `the account may have ${limit} functions of Lambda run at once, of which ${free} are not reserved, and ${settingsTold} would leave ${left} of them, where Lambda keeps ${kept(limit)}: ask Service Quotas for more "Concurrent executions", or set less`,
    { exitCode: 69 },
  );
}
