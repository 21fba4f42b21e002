import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type Event, type FilterRule, GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { unzipSync } from 'fflate';
import type { Template as PackagedTemplate } from '../support/packaged-template.ts';
import { startProgram } from '../support/started-program.ts';
import { linesOf, type Ran } from './steps.ts';

const STACK = 'reelmill-local';
const TEMPLATE = '.serverless/cloudformation-template-update-stack.json';
/** Below the checkout, so that the functions find the SDK that AWS would bring. */
const CODE = 'node_modules/.cache/reelmill-rehearsal';

/** As much of the packaged template as the rehearsal reads. */
type Template = {
  /** What moto's CloudFormation does not make (scripts/serverless/stand-ins.cjs). */
  readonly Metadata: { readonly StandIns: PackagedTemplate['Resources'] };
  readonly Parameters: Readonly<Record<string, { readonly Default?: string }>>;
  readonly Resources: {
    readonly MediaBucket: {
      readonly Properties: {
        readonly NotificationConfiguration: {
          readonly QueueConfigurations: readonly {
            readonly Event: Event;
            readonly Filter: { readonly S3Key: { readonly Rules: FilterRule[] } };
          }[];
        };
      };
    };
  } & Readonly<
    Record<string, { readonly Properties: { readonly Handler: string; readonly Code: { readonly S3Key: string } } }>
  >;
};

export type Deployed = {
  /** The name AWS gave to a resource of the template. */
  physical(logicalId: string): string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly template: Template;
  /** Calls a function as Lambda does: its deployed code, its deployed environment, a process of its own. */
  invoke(name: string, event: unknown, more?: Readonly<Record<string, string>>): Promise<unknown>;
  /** The same deploy with each function as it was published under this number, whatever was deployed since. */
  atVersion(version: string): Deployed;
};

export type Reading = {
  readonly s3: S3Client;
  /** The environment that leads to the server that stands in for AWS. */
  readonly aws: Readonly<Record<string, string>>;
  ran(program: Ran): void;
};

/** What the framework really deployed. */
export async function readDeployed({ s3, aws, ran }: Reading): Promise<Deployed> {
  const client = new CloudFormationClient({});
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: STACK }));
  const { StackResourceSummaries = [] } = await client.send(new ListStackResourcesCommand({ StackName: STACK }));
  const names = new Map(StackResourceSummaries.map((each) => [each.LogicalResourceId, each.PhysicalResourceId ?? '']));
  const template = JSON.parse(await readFile(TEMPLATE, 'utf8')) as Template;
  const physical = (logicalId: string) => {
    const name = names.get(logicalId);
    if (!name) throw new Error(`the stack has no ${logicalId}; there are: ${[...names.keys()].join(', ')}`);
    return name;
  };
  const atVersion = (Qualifier: string): Deployed => ({
    physical,
    template,
    atVersion,
    outputs: Object.fromEntries(
      (Stacks[0]?.Outputs ?? []).map((each) => [each.OutputKey ?? '', each.OutputValue ?? '']),
    ),
    async invoke(name, event, more = {}) {
      const logicalId = `${name[0]?.toUpperCase()}${name.slice(1)}LambdaFunction`;
      const resource = template.Resources[logicalId];
      if (!resource) throw new Error(`the template has no ${logicalId}`);
      const program = await unpacked(s3, physical('ServerlessDeploymentBucket'), resource.Properties);
      const configuration = await new LambdaClient({}).send(
        new GetFunctionConfigurationCommand({ FunctionName: physical(logicalId), Qualifier }),
      );
      const AWS_ACCESS_KEY_ID = logicalId.replace('LambdaFunction', 'Role'); // tells whose calls are whose
      const given = { ...aws, AWS_ACCESS_KEY_ID, ...configuration.Environment?.Variables };
      const env = { ...given, ...more, EVENT: JSON.stringify(event) };
      return call(program, env, (ended) => ran({ what: `the function ${name}`, ...ended }));
    },
  });
  return atVersion('$LATEST');
}

/** The zip as it lies in the deployment bucket. Gives the path of its handler. */
async function unpacked(
  s3: S3Client,
  bucket: string,
  { Handler, Code: { S3Key: key } }: { readonly Handler: string; readonly Code: { readonly S3Key: string } },
): Promise<string> {
  const zip = await (await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))).Body?.transformToByteArray();
  const folder = join(CODE, key.replaceAll('/', '_'));
  await rm(folder, { recursive: true, force: true });
  for (const [path, bytes] of Object.entries(unzipSync(zip ?? new Uint8Array()))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  return join(process.cwd(), folder, Handler.replace(/\.handler$/, '.mjs'));
}

/** Prints nothing but what the handler gives back. */
const CALLER = `
  const { handler } = await import(process.argv[1]);
  const context = { getRemainingTimeInMillis: () => 60_000, callbackWaitsForEmptyEventLoop: false };
  const result = await handler(JSON.parse(process.env.EVENT), context);
  process.stdout.write(JSON.stringify(result ?? null), () => process.exit(0));
`;

async function call(
  program: string,
  env: Readonly<Record<string, string>>,
  ran: (ended: Omit<Ran, 'what'>) => void,
): Promise<unknown> {
  const run = startProgram(process.execPath, ['--input-type=module', '--eval', CALLER, program], { env });
  const { code, stdout, stderr } = await run.ended;
  ran({ exitCode: code, lastLines: [...linesOf(stderr), `it gave ${stdout.slice(-500) || 'nothing'}`] });
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
  return JSON.parse(stdout);
}
