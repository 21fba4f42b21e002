import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { awsFailure, unless } from '../../adapters/aws/aws-failure.ts';
import { clientOptions, TASK_TIMEOUT_MS } from '../../adapters/aws/client-options.ts';
import { adviceOn } from '../../adapters/aws/refusal.ts';
import { ServiceError, usage } from '../../core/errors.ts';
import { bucketConfig, hasStandIn } from '../config.ts';
import { quietSdk } from '../library-settings.ts';

/** A stack as the command sees it from outside: what it tells of itself. */
export type DeployedStack = {
  readonly name: string;
  readonly region: string;
  readonly account: string;
  readonly partition: string;
  /** Throws `usage` with the setting that the stage lacks. */
  output(name: string, setting: string): string;
  /** Undefined where the stage has it not. */
  find(name: string): string | undefined;
};

/** What every client of the command is made with. `endpoint` is a server that replaces AWS, if it is named by an option. */
export const commandOptions = (region: string, endpoint?: string) => ({
  ...clientOptions({ endpoint, requestTimeoutMs: TASK_TIMEOUT_MS }),
  region,
  // Servers that replace AWS have no host names for buckets.
  ...((endpoint !== undefined || hasStandIn()) && { forcePathStyle: true }),
});

/** Finds the stack of a stage. Throws `no-input` where there is none, and `usage` for a stage that cannot be. */
export async function deployedStack(
  stage: string,
  asked: string | undefined,
  endpoint?: string,
): Promise<DeployedStack> {
  if (!/^[a-z]+$/.test(stage))
    throw usage(`--stage "${stage}" is not the name of a stage; it has small letters alone, such as dev or prod`);
  const region = asked ?? bucketConfig().region;
  if (region === undefined) throw usage('no region is known: give --region, or set AWS_REGION');
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region))
    throw usage(`--region "${region}" is not the name of a region; it is written as us-east-1`);
  quietSdk();
  const name = `reelmill-${stage}`;
  const client = new CloudFormationClient(commandOptions(region, endpoint));
  // the error by which CloudFormation tells that it has no stack of this name
  const described = await askingStack(`asking for the stack ${name} in ${region}`, () =>
    unless('ValidationError', client.send(new DescribeStacksCommand({ StackName: name }))),
  );
  if (!described)
    throw new ServiceError(
      'no-input',
      `there is no stack ${name} in ${region}; name the stage and the region of one that is deployed`,
    );
  const [stack] = described.Stacks ?? [];
  const [, partition = 'aws', , , account = ''] = (stack?.StackId ?? '').split(':');
  const outputs = new Map((stack?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  return {
    ...{ name, region, account, partition },
    find: (key) => outputs.get(key),
    output(key, setting) {
      const value = outputs.get(key);
      if (value === undefined) {
        throw usage(
          `the stack ${name} was deployed without what this needs; deploy it with --param ${setting} (docs/aws-options.md)`,
        );
      }
      return value;
    },
  };
}

/** Asks AWS for something. What it refuses is `no-input` with AWS's own words: rights, credentials or names of the user's. */
export async function askingStack<T>(doing: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const failure = awsFailure(error, doing);
    if (failure instanceof ServiceError || !(error instanceof Error)) throw failure;
    const why = `${doing}: ${error.name}: ${error.message}`.replaceAll(/\s+/g, ' ');
    const advice = adviceOn(error.name, 'check stage, region and the rights of your credentials');
    throw new ServiceError('no-input', `${why}; ${advice}`, {}, { cause: error });
  }
}
