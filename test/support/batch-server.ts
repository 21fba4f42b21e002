import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AwsServer } from './aws-servers.ts';

export type Submitted = {
  readonly jobId: string;
  readonly jobName: string;
  readonly jobQueue: string;
  readonly jobDefinition: string;
  /** The number of containers of an array; 1 for a job that is none. */
  readonly size: number;
  readonly environment: Readonly<Record<string, string>>;
};

/** Batch, Step Functions, secrets and an asynchronous endpoint as far as our functions go, held to the same contract as moto's: fast, and never forgetful. */
export type BatchServer = AwsServer & {
  readonly submitted: readonly Submitted[];
  readonly secrets: Map<string, string>;
  readonly started: readonly string[];
  /** The state that compute environments were given last. */
  readonly environments: ReadonlyMap<string, string>;
  /** Endpoint and input of each invocation. */
  readonly invoked: readonly { readonly endpoint: string; readonly location: string }[];
};

type Body = Record<string, unknown>;

export async function batchServer(): Promise<BatchServer> {
  const submitted: Submitted[] = [];
  const executions = new Map<string, string>();
  const secrets = new Map<string, string>();
  const environments = new Map<string, string>();
  const invoked: { endpoint: string; location: string }[] = [];

  const routes: Readonly<Record<string, (body: Body) => { status: number; body: Body }>> = {
    '/v1/submitjob': (body) => {
      const job = submission(body);
      submitted.push(job);
      return ok({ jobId: job.jobId, jobName: job.jobName, jobArn: `arn:aws:batch:us-east-1:1:job/${job.jobId}` });
    },
    '/v1/listjobs': (body) => {
      const [filter] = (body.filters ?? []) as { name: string; values: string[] }[];
      const found = submitted.filter((job) => job.jobQueue === body.jobQueue && filter?.values.includes(job.jobName));
      return ok({ jobSummaryList: found.map(({ jobId, jobName }) => ({ jobId, jobName })) });
    },
    '/v1/describejobs': (body) => {
      const asked = body.jobs as string[];
      const found = submitted.flatMap(({ size, ...job }) =>
        [job.jobId, ...Array.from({ length: size > 1 ? size : 0 }, (_, i) => `${job.jobId}:${i}`)].map((jobId) => ({
          ...job,
          jobId,
        })),
      );
      const jobs = found.filter(({ jobId }) => asked.includes(jobId));
      return ok({ jobs: jobs.map((job) => ({ ...job, status: 'RUNNABLE', createdAt: 1 })) });
    },
    '/v1/updatecomputeenvironment': ({ computeEnvironment, state }) => {
      environments.set(String(computeEnvironment), String(state));
      return ok({ computeEnvironmentArn: computeEnvironment });
    },
    'AWSStepFunctions.StartExecution': (body) => {
      const arn = `${String(body.stateMachineArn).replace(':stateMachine:', ':execution:')}:${body.name}`;
      const before = executions.get(arn);
      if (before !== undefined && before !== body.input) return refusal('ExecutionAlreadyExists');
      executions.set(arn, String(body.input));
      return ok({ executionArn: arn, startDate: 1 });
    },
    'AWSStepFunctions.DescribeExecution': (body) =>
      executions.has(String(body.executionArn))
        ? ok({ executionArn: body.executionArn, status: 'RUNNING', startDate: 1 })
        : refusal('ExecutionDoesNotExist'),
    'secretsmanager.GetSecretValue': ({ SecretId }) => {
      const SecretString = secrets.get(String(SecretId));
      return SecretString === undefined ? refusal('ResourceNotFoundException') : ok({ SecretString });
    },
  };

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const [, endpoint] = /^\/endpoints\/([^/]+)\/async-invocations$/.exec(incoming.url ?? '') ?? [];
    if (endpoint !== undefined) {
      const location = String(incoming.headers['x-amzn-sagemaker-inputlocation']);
      invoked.push({ endpoint, location });
      const answers = { 'x-amzn-sagemaker-outputlocation': `${location}.out` };
      response.writeHead(202, answers).end(JSON.stringify({ InferenceId: 'x' }));
      return;
    }
    const route = routes[String(incoming.headers['x-amz-target'] ?? incoming.url)];
    const given = route ? route(JSON.parse(Buffer.concat(chunks).toString())) : refusal('UnknownOperationException');
    response.writeHead(given.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(given.body));
  }

  const server = createServer((incoming, response) => void answer(incoming, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    submitted,
    secrets,
    invoked,
    environments,
    get started() {
      return [...executions.keys()];
    },
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

const ok = (body: Body) => ({ status: 200, body });
const refusal = (name: string) => ({ status: 400, body: { __type: name, message: name } });

function submission(body: Body): Submitted {
  const { environment = [] } = body.containerOverrides as { environment?: { name: string; value: string }[] };
  return {
    jobId: randomUUID(),
    jobName: String(body.jobName),
    jobQueue: String(body.jobQueue),
    jobDefinition: String(body.jobDefinition),
    size: (body.arrayProperties as { size?: number } | undefined)?.size ?? 1,
    environment: Object.fromEntries(environment.map(({ name, value }) => [name, value])),
  };
}
