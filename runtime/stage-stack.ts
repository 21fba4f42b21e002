import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { clientOptions, TASK_TIMEOUT_MS } from '../adapters/aws/client-options.ts';
import { asPerson } from '../adapters/aws/refusal.ts';
import { ServiceError, usage } from '../core/errors.ts';
import { bucketsOf } from './archive-transfer.ts';
import { quietSdk } from './config.ts';

/** What a deployed stage tells of itself. */
export type StageStack = {
  readonly account: string;
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  readonly mediaBucket: string;
  readonly logBucket: string;
  readonly jobsTable: string;
  /** The role by which S3 Batch Operations works, where the stage has one (the setting bulkChanges). */
  readonly bulkRole: string | undefined;
};

type Asked = { readonly region?: string | undefined; readonly endpoint?: string | undefined };

/** Looks up the stack of a stage. Throws `no-input` where there is none in the region, and `usage` for no name of a stage. */
export async function stageStack(stage: string, asked: Asked): Promise<StageStack> {
  if (!/^[a-z]+$/.test(stage)) throw usage(`--stage ${stage} is no name of a stage, such as dev or prod`);
  const { region, endpoint } = bucketsOf(asked);
  quietSdk();
  const options = clientOptions({ endpoint, requestTimeoutMs: TASK_TIMEOUT_MS });
  const client = new CloudFormationClient({ ...options, ...(region !== undefined && { region }) });
  const name = `reelmill-${stage}`;
  const where = region === undefined ? '' : ` in ${region}`;
  const nowhere = (cause?: unknown) =>
    new ServiceError('no-input', `there is no stack ${name}${where}; name its region by --region`, {}, { cause });
  try {
    const asking = () => client.send(new DescribeStacksCommand({ StackName: name }));
    const { Stacks: [stack] = [] } = await asPerson(`looking up the stack ${name}`, asking);
    const outputs = new Map((stack?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
    const [mediaBucket, logBucket] = [outputs.get('MediaBucketName'), outputs.get('LogBucketName')];
    const jobsTable = outputs.get('JobsTableName');
    if (!mediaBucket || !logBucket || !jobsTable) throw nowhere();
    const account = stack?.StackId?.split(':')[4] ?? '';
    return {
      account,
      region,
      endpoint,
      mediaBucket,
      logBucket,
      jobsTable,
      bulkRole: outputs.get('BulkChangesRoleArn'),
    };
  } catch (error) {
    const { cause } = error instanceof Error ? error : {};
    if (cause instanceof Error && cause.name === 'ValidationError') throw nowhere(error); // CloudFormation's word for it
    throw error;
  } finally {
    client.destroy();
  }
}
