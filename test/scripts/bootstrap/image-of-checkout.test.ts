import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  ECRClient,
} from '@aws-sdk/client-ecr';
import { DeleteBucketCommand, DeleteObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { bucketOptions, clientOptions } from '../../../adapters/aws/client-options.ts';
import { makeImages } from '../../../scripts/aws/before-deploy.mjs';
import { stageOptions } from '../../../scripts/aws/options.mjs';
import { buildTask } from '../../../scripts/build-task.mjs';
import { type AwsServer, motoServer, optionsFor } from '../../support/aws-servers.ts';
import { describeOnMoto } from '../../support/on-moto.ts';
import { type StandInCodeBuild, standInCodeBuild } from '../../support/stand-in-codebuild.ts';

const ECR = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
/** So that only the image of the GPU task is made. */
const GIVEN = ['encodeImage=docker.io/me/encode:1'];
const BUCKET = 'reelmill-bootstrap-123456789012-us-east-1';

await describeOnMoto('the image without Docker', () => {
  let server: AwsServer;
  let codebuild: StandInCodeBuild;
  let folder: string;
  let ecr: ECRClient;
  let s3: S3Client;
  let stacks: CloudFormationClient;
  let said = '';

  beforeAll(async () => {
    server = await motoServer();
    folder = await mkdtemp(join(tmpdir(), 'reelmill-bootstrap-'));
    codebuild = await standInCodeBuild(server, folder);
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_ENDPOINT_URL_CODEBUILD: codebuild.endpoint,
      STAND_IN_CALLS: join(folder, 'calls'),
      STAND_IN_CONTEXT: 'checked',
    });
    ecr = new ECRClient(clientOptions(optionsFor(server)));
    s3 = new S3Client(bucketOptions(optionsFor(server)));
    stacks = new CloudFormationClient(clientOptions(optionsFor(server)));
    // An account for which `npm run image` has made this repository before.
    await ecr.send(new CreateRepositoryCommand({ repositoryName: 'reelmill/upscale' }));
  });
  beforeEach(async () => {
    said = '';
    await writeFile(join(folder, 'calls'), '');
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      said += text;
      return true;
    });
  });
  afterAll(async () => {
    for (const name of ['AWS_ENDPOINT_URL_CODEBUILD', 'STAND_IN_CONTEXT', 'STAND_IN_FAILS']) delete process.env[name];
    for (const client of [ecr, s3, stacks]) client.destroy();
    await codebuild.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const make = (...params: readonly string[]) => {
    const args = ['--stage', 'dev', ...params.flatMap((pair) => ['--param', pair])];
    return makeImages(stageOptions(args, { usage: '' }), [], { everyMs: 20, bundle });
  };
  /** Nothing of it changes while the tests run: once is enough. */
  const bundles = new Map<string, Promise<unknown>>();
  const bundle = (name: string) => {
    const begun = bundles.get(name) ?? buildTask(name);
    bundles.set(name, begun);
    return begun;
  };
  const calls = async () =>
    (await readFile(join(folder, 'calls'), 'utf8'))
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { program?: string; args: string[]; stdin?: string });
  const zips = async () => (await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }))).Contents?.length;

  it('is made in the account by a stack that a first deploy makes, and deployed by its digest', async () => {
    const pinned = await make('maxGpuVcpus=0');
    const name = expect.stringMatching(new RegExp(`^encodeImage=${ECR}/reelmill/encode@sha256:[0-9a-f]{64}$`));
    expect(pinned).toEqual([name, pinned[0]?.replace('encodeImage', 'upscaleImage')]);
    const imageDigest = pinned[0]?.slice(pinned[0].indexOf('@') + 1);
    const asked = { repositoryName: 'reelmill/encode', imageIds: [{ imageDigest }] };
    expect((await ecr.send(new BatchGetImageCommand(asked))).images?.[0]?.imageId?.imageTag).toMatch(/^[0-9a-f]{32}$/);

    const { repositories = [] } = await ecr.send(new DescribeRepositoriesCommand({}));
    expect(repositories.map((each) => [each.repositoryName, each.imageTagMutability]).sort()).toEqual([
      ['reelmill/encode', 'IMMUTABLE'],
      ['reelmill/upscale', 'MUTABLE'], // the one that was there stays as it is
    ]);
    const { Stacks = [] } = await stacks.send(new DescribeStacksCommand({ StackName: 'reelmill-bootstrap' }));
    expect(Stacks[0]?.Parameters).toEqual(
      expect.arrayContaining([
        { ParameterKey: 'EncodeRepository', ParameterValue: 'make' },
        { ParameterKey: 'UpscaleRepository', ParameterValue: 'is-there' },
      ]),
    );
  });

  it('was built by a buildspec that logs in twice, and builds and pushes what the zip holds', async () => {
    expect(codebuild.started).toHaveLength(1);
    const [started] = codebuild.started;
    expect(started).toMatchObject({
      projectName: 'reelmill-images',
      environmentTypeOverride: 'LINUX_CONTAINER',
      sourceLocationOverride: expect.stringMatching(new RegExp(`^${BUCKET}/encode/[0-9a-f]{32}\\.zip$`)),
    });
    await make('maxGpuVcpus=0', 'cpuArchitecture=ARM64');
    const [first, gallery, second, own, build] = await calls();
    expect(first).toEqual({ program: 'aws', args: ['ecr-public', 'get-login-password', '--region', 'us-east-1'] });
    expect(gallery).toEqual({
      args: ['login', '--username', 'AWS', '--password-stdin', 'public.ecr.aws'],
      stdin: 'password-of-ecr-public-us-east-1\n',
    });
    expect(second?.args).toEqual(['ecr', 'get-login-password', '--region', 'us-east-1']);
    expect(own).toEqual({
      args: ['login', '--username', 'AWS', '--password-stdin', ECR],
      stdin: 'password-of-ecr-us-east-1\n',
    });
    expect(build?.args).toEqual([
      ...['buildx', 'build', '--file', 'docker/encode/Dockerfile', '--platform', 'linux/arm64', '--tag'],
      expect.stringMatching(new RegExp(`^${ECR}/reelmill/encode:[0-9a-f]{32}$`)),
      ...['--progress', 'plain', '--push', '.'],
    ]);
    expect(codebuild.started.at(-1)).toMatchObject({
      environmentTypeOverride: 'ARM_CONTAINER',
      imageOverride: 'aws/codebuild/amazonlinux-aarch64-standard:3.0',
    });
    expect(said).toMatch(/build: PRE_BUILD took 1 s\n[\s\S]*\[Container\] Running command docker buildx build/);
    expect(said).toContain('Login Succeeded');
  });

  it('is not built again while nothing that goes in has changed', async () => {
    const [builds, uploads] = [codebuild.started.length, await zips()];
    await make('maxGpuVcpus=0');
    expect([codebuild.started.length, await zips(), await calls()]).toEqual([builds, uploads, []]);
    expect(said).toMatch(/^reelmill: encodeImage is that of this checkout/);
  });

  it('is the GPU task too where GPUs are on, and what fails is one sentence', async () => {
    process.env.STAND_IN_FAILS = 'buildx build';
    await expect(make(...GIVEN)).rejects.toThrow(
      /^\S+reelmill\/upscale:\w{32} was not built: build \S+ ended with FAILED in BUILD \(Error while executing command: docker buildx build .+ Reason: exit status 17\); its log is \/reelmill\/images, stand-in-\d+$/,
    );
    expect(said).toContain('ERROR: the stand-in was told to fail here');
    delete process.env.STAND_IN_FAILS;
  });

  it('waits for a build of the same image that runs already, and starts no second one', async () => {
    const before = codebuild.started.length;
    let release = () => {};
    let begun = () => {};
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    codebuild.beforeBuild = () => {
      begun();
      return new Promise((resolve) => {
        release = resolve;
      });
    };
    const [first] = [make(...GIVEN), await hasBegun];
    const second = make(...GIVEN);
    while (!said.includes('is being built already')) await new Promise(setImmediate);
    release();
    expect(await second).toEqual(await first);
    expect(codebuild.started.length).toBe(before + 1);
    codebuild.beforeBuild = async () => {};
  });

  it('says in one sentence that something of the stack was removed by hand', async () => {
    const sentence = (what: string) =>
      `the stack reelmill-bootstrap is not whole (${what}): aws cloudformation delete-stack --stack-name reelmill-bootstrap, then deploy again`;
    const { AWS_ENDPOINT_URL_CODEBUILD: standIn } = process.env;
    process.env.AWS_ENDPOINT_URL_CODEBUILD = server.endpoint; // whose CloudFormation makes no project
    const region = 'eu-central-1';
    const run = make('maxGpuVcpus=0', `region=${region}`);
    await expect(run).rejects.toMatchObject({
      exitCode: 73,
      message: sentence(
        `The provided project arn:aws:codebuild:${region}:123456789012:project/reelmill-images does not exist`,
      ),
    });
    Object.assign(process.env, { AWS_ENDPOINT_URL_CODEBUILD: standIn });
    const there = new S3Client({ ...bucketOptions(optionsFor(server)), region });
    const Bucket = `reelmill-bootstrap-123456789012-${region}`;
    const { Contents = [] } = await there.send(new ListObjectsV2Command({ Bucket }));
    for (const { Key } of Contents) await there.send(new DeleteObjectCommand({ Bucket, Key }));
    await there.send(new DeleteBucketCommand({ Bucket }));
    there.destroy();
    await expect(make('maxGpuVcpus=0', `region=${region}`)).rejects.toThrow(
      sentence('The specified bucket does not exist'),
    );
  });

  it('says in one sentence that the account has no build to give', async () => {
    codebuild.refuse();
    const run = make('maxGpuVcpus=0', 'region=eu-west-1');
    await expect(run).rejects.toThrow(
      'CodeBuild takes no build of this account now (Cannot have more than 0 builds in queue for the account): ask Service Quotas for more "Concurrently running builds for Linux/Medium environment", or make the image with Docker: npm run image -- --stage dev',
    );
  });
});
