import { SetupError } from '../setup-error.mjs';

/**
 * @typedef {object} Stack
 * @property {string} name
 * @property {string} region
 * @property {string} status  in CloudFormation's words
 * @property {string} changed  when it was made or changed last, by AWS's clock
 * @property {boolean} protectedFromDeletion
 * @property {Readonly<Record<string, string>>} outputs
 */

/** The framework's name for the stack of a stage. */
export const stackName = (/** @type {string} */ stage) => `reelmill-${stage}`;

/**
 * The stack of a stage, or undefined where there is none. Imports the SDK only now, so that packages can be installed first.
 * @param {Pick<import('./options.mjs').StageOptions, 'stage' | 'settings'>} of
 * @returns {Promise<Stack | undefined>}
 */
export async function describeStack({ stage, settings: { region } }) {
  const { CloudFormationClient, DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  const name = stackName(stage);
  try {
    const { Stacks } = await new CloudFormationClient({ region }).send(new DescribeStacksCommand({ StackName: name }));
    const [stack] = Stacks ?? [];
    const outputs = (stack?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]);
    const protectedFromDeletion = stack?.EnableTerminationProtection === true;
    return {
      name,
      region,
      status: stack?.StackStatus ?? '',
      changed: (stack?.LastUpdatedTime ?? stack?.CreationTime)?.toISOString() ?? '',
      protectedFromDeletion,
      outputs: Object.fromEntries(outputs),
    };
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError') return undefined; // what it says of a name it has not
    throw error;
  }
}

/**
 * @param {Pick<import('./options.mjs').StageOptions, 'stage' | 'settings'>} of
 * @returns {Promise<Stack>}
 */
export async function existingStack(of) {
  const stack = await describeStack(of);
  if (stack) return stack;
  const where = `no stack ${stackName(of.stage)} in ${of.settings.region}`;
  throw new SetupError(`${where}: npm run deploy -- --stage ${of.stage} makes it`, { exitCode: 66 });
}

/**
 * Throws one sentence where CloudFormation would take no update of a stack.
 * @param {Stack} stack
 * @param {string} stage
 */
export function requireSettled({ name, status }, stage) {
  if (status === 'REVIEW_IN_PROGRESS') {
    const remove = `npm run destroy -- --stage ${stage}`;
    throw new SetupError(`${name} was begun and never made (${status}): ${remove}, then deploy again`, {
      exitCode: 73,
    });
  }
  if (status.endsWith('_IN_PROGRESS')) {
    throw new SetupError(`${name} is being changed just now (${status}): wait until that is over`, { exitCode: 75 });
  }
  if (['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'DELETE_FAILED', 'CREATE_FAILED'].includes(status)) {
    const remove = `npm run destroy -- --stage ${stage}`;
    throw new SetupError(`${name} was never made whole (${status}): ${remove}, then deploy again`, { exitCode: 73 });
  }
  if (status === 'UPDATE_ROLLBACK_FAILED') {
    const go = `aws cloudformation continue-update-rollback --stack-name ${name}`;
    throw new SetupError(`${name} could not go back to what it was (${status}): ${go}, then deploy again`, {
      exitCode: 73,
    });
  }
}

/** @param {Stack} stack */
export async function unprotect({ name, region }) {
  const { CloudFormationClient, UpdateTerminationProtectionCommand } = await import('@aws-sdk/client-cloudformation');
  const off = { StackName: name, EnableTerminationProtection: false };
  await new CloudFormationClient({ region }).send(new UpdateTerminationProtectionCommand(off));
}
