import { SetupError } from '../setup-error.mjs';

/**
 * @typedef {object} Stack
 * @property {string} name
 * @property {string} region
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
    return { name, region, protectedFromDeletion, outputs: Object.fromEntries(outputs) };
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

/** @param {Stack} stack */
export async function unprotect({ name, region }) {
  const { CloudFormationClient, UpdateTerminationProtectionCommand } = await import('@aws-sdk/client-cloudformation');
  const off = { StackName: name, EnableTerminationProtection: false };
  await new CloudFormationClient({ region }).send(new UpdateTerminationProtectionCommand(off));
}
