import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { delimiter, dirname, join, resolve } from 'node:path';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { StartBuildCommandInput } from '@aws-sdk/client-codebuild';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { unzipSync } from 'fflate';
import { load } from 'js-yaml';
import { clientOptions } from '../../adapters/aws/client-options.ts';
import { type AwsServer, optionsFor } from './aws-servers.ts';

/** Of a buildspec what docker/buildspec.yml uses, by "Build specification reference for CodeBuild". */
type Buildspec = {
  readonly version: number;
  readonly env: { readonly shell: string };
  readonly phases: Readonly<Record<string, { readonly 'on-failure': string; readonly commands: readonly string[] }>>;
};
type Phase = {
  readonly phaseType: string;
  phaseStatus?: string;
  durationInSeconds?: number;
  contexts?: readonly { readonly statusCode: string; readonly message: string }[];
};
type Build = {
  readonly id: string;
  buildStatus: string;
  buildComplete: boolean;
  readonly phases: Phase[];
  readonly environment: { readonly environmentVariables: unknown };
  readonly logs: { readonly groupName: string; readonly streamName: string };
};

export type StandInCodeBuild = AwsServer & {
  /** What builds were started with. */
  readonly started: readonly StartBuildCommandInput[];
  /** From now on no build is taken: the account's quota is none. */
  refuse(): void;
  /** What runs before the first command of the next build. */
  beforeBuild: () => Promise<void>;
};

/** The order in which a build goes through its phases, by "Build phase transitions". */
const PHASES = ['install', 'pre_build', 'build', 'post_build'];

/**
 * CodeBuild, of which moto's CloudFormation knows nothing and whose builds moto does not run. It takes the zip from S3,
 * runs the buildspec in it command by command, with stand-ins for `docker` and `aws` on the PATH, and writes its log to
 * CloudWatch; what it answers has the shapes of CodeBuild's API reference.
 */
export async function standInCodeBuild(aws: AwsServer, folder: string): Promise<StandInCodeBuild> {
  const builds = new Map<string, Build>();
  const started: StartBuildCommandInput[] = [];
  const s3 = new S3Client({ ...clientOptions(optionsFor(aws)), forcePathStyle: true });
  const logs = new CloudWatchLogsClient(clientOptions(optionsFor(aws)));
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  await symlink(resolve('test/support/stand-in-docker.mjs'), join(bin, 'docker'));
  await symlink(resolve('test/support/stand-in-aws-cli.mjs'), join(bin, 'aws'));
  let isRefusing = false;
  const running: Promise<void>[] = [];

  const calls: Readonly<Record<string, (input: never) => unknown>> = {
    StartBuild(input: StartBuildCommandInput) {
      if (isRefusing) {
        const message = 'Cannot have more than 0 builds in queue for the account';
        return { status: 400, body: { __type: 'AccountLimitExceededException', message } };
      }
      started.push(input);
      const id = `${input.projectName}:${started.length}`;
      const build: Build = {
        id,
        buildStatus: 'IN_PROGRESS',
        buildComplete: false,
        phases: [{ phaseType: 'SUBMITTED', phaseStatus: 'SUCCEEDED', durationInSeconds: 0 }],
        environment: { environmentVariables: input.environmentVariablesOverride },
        logs: { groupName: '/reelmill/images', streamName: `stand-in-${started.length}` },
      };
      builds.set(id, build);
      running.push(run(build, input));
      return { status: 200, body: { build } };
    },
    BatchGetBuilds: ({ ids }: { ids: string[] }) => ({
      status: 200,
      body: { builds: ids.flatMap((id) => builds.get(id) ?? []) },
    }),
    ListBuildsForProject: () => ({ status: 200, body: { ids: [...builds.keys()].reverse() } }),
  };

  async function run(build: Build, input: StartBuildCommandInput): Promise<void> {
    await logs.send(new CreateLogGroupCommand({ logGroupName: build.logs.groupName })).catch(() => {}); // there already
    const stream = { logGroupName: build.logs.groupName, logStreamName: build.logs.streamName };
    await logs.send(new CreateLogStreamCommand(stream));
    const write = async (text: string) => {
      const logEvents = text
        .split('\n')
        .filter(Boolean)
        .map((message) => ({ message, timestamp: Date.now() }));
      if (logEvents.length > 0) await logs.send(new PutLogEventsCommand({ ...stream, logEvents }));
    };
    const source = join(folder, `source-${build.id.replace(':', '-')}`);
    await download(s3, input.sourceLocationOverride ?? '', source);
    await server.beforeBuild();
    const spec = load(await readFile(join(source, 'docker/buildspec.yml'), 'utf8')) as Buildspec;
    const given = (input.environmentVariablesOverride ?? []).map(({ name, value }) => [name, value]);
    const env = {
      ...process.env,
      ...Object.fromEntries(given),
      PATH: [bin, dirname(process.execPath), process.env.PATH].join(delimiter),
      AWS_REGION: 'us-east-1', // CodeBuild sets it
    };
    for (const name of PHASES.filter((each) => each in spec.phases)) {
      const phase: Phase = { phaseType: name.toUpperCase() };
      build.phases.push(phase);
      const failed = await firstFailure(spec.phases[name]?.commands ?? [], {
        shell: spec.env.shell,
        cwd: source,
        env,
        write,
      });
      Object.assign(phase, { durationInSeconds: 1, phaseStatus: failed ? 'FAILED' : 'SUCCEEDED' });
      if (failed) {
        const message = `Error while executing command: ${failed.command}. Reason: exit status ${failed.code}`;
        phase.contexts = [{ statusCode: 'COMMAND_EXECUTION_ERROR', message }];
        build.buildStatus = 'FAILED';
        break; // on-failure: ABORT
      }
    }
    if (build.buildStatus === 'IN_PROGRESS') build.buildStatus = 'SUCCEEDED';
    build.phases.push({ phaseType: 'COMPLETED' });
    build.buildComplete = true;
    await rm(source, { recursive: true, force: true });
  }

  const http = createServer(async (request, response) => {
    const name = `${request.headers['x-amz-target']}`.replace('CodeBuild_20161006.', '');
    const call = calls[name];
    const body = await bodyOf(request);
    const answer = (call?.(JSON.parse(body) as never) ?? { status: 404, body: {} }) as { status: number; body: object };
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(answer.body));
  });
  await once(http.listen(0, '127.0.0.1'), 'listening');
  const address = http.address();
  const server: StandInCodeBuild = {
    started,
    endpoint: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    beforeBuild: async () => {},
    refuse() {
      isRefusing = true;
    },
    async close() {
      await Promise.all(running);
      s3.destroy();
      logs.destroy();
      http.closeAllConnections();
      await once(http.close(), 'close');
    },
  };
  return server;
}

/** What lies in a zip, with none of it executable: nothing promises that a zip from S3 keeps modes. */
async function download(s3: S3Client, location: string, folder: string): Promise<void> {
  const slash = location.indexOf('/');
  const asked = { Bucket: location.slice(0, slash), Key: location.slice(slash + 1) };
  const zip = await (await s3.send(new GetObjectCommand(asked))).Body?.transformToByteArray();
  for (const [path, bytes] of Object.entries(unzipSync(zip ?? new Uint8Array()))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
    await chmod(join(folder, path), 0o644);
  }
}

type Shell = {
  readonly shell: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  write(text: string): Promise<void>;
};

/** Runs commands until one fails: each by the shell that the buildspec names, in the folder of the source. */
async function firstFailure(
  commands: readonly string[],
  { shell, cwd, env, write }: Shell,
): Promise<{ readonly command: string; readonly code: number } | undefined> {
  for (const command of commands) {
    await write(`[Container] Running command ${command}`);
    const child = spawn(shell, ['-c', command], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        said += chunk;
      });
    }
    const [code] = (await once(child, 'close')) as [number];
    await write(said);
    if (code !== 0) return { command, code };
  }
  return undefined;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
