import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, DeleteBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bucketOptions, clientOptions } from '../../../adapters/aws/client-options.ts';
import { lookBeforeDeploy, makeImages } from '../../../scripts/aws/before-deploy.mjs';
import { stageOptions } from '../../../scripts/aws/options.mjs';
import { ensureServiceRoles } from '../../../scripts/aws/service-roles.mjs';
import { type AwsServer, motoServer, optionsFor } from '../../support/aws-servers.ts';
import { type FaultyProxy, faultyProxy } from '../../support/faulty-proxy.ts';
import { type ImageRegistry, imageRegistry, indexOf } from '../../support/image-registry.ts';
import { describeOnMoto } from '../../support/on-moto.ts';
import { ec2Error, queryError, refusingAws } from '../../support/refusing-aws.ts';
import { KEYS, stageScript } from '../../support/stage-script.ts';

const ECR = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
const NO_GPU = ['maxGpuVcpus=0'];
const BUCKET = 'reelmill-dev-media-123456789012-us-east-1';

const deploy = (params: readonly string[], env: NodeJS.ProcessEnv, stage = 'dev') =>
  stageScript('deploy', ['--stage', stage, ...params.flatMap((pair) => ['--param', pair])], env);

/** One sentence and nothing else. */
async function expectSentence(run: ReturnType<typeof deploy>, code: number, says: string | RegExp): Promise<void> {
  const { stderr, ...rest } = await run;
  expect(stderr).toMatch(/^reelmill: [^\n]*\n$/);
  expect(stderr).toEqual(typeof says === 'string' ? expect.stringContaining(says) : expect.stringMatching(says));
  expect(rest).toEqual({ code, stdout: '' });
}

describe('a deploy that cannot begin', () => {
  it('says that prod wants the digest of an image that it names', async () => {
    const params = [...NO_GPU, 'encodeImage=docker.io/me/encode:1', 'alertEmail=me@example.org'];
    await expectSentence(
      deploy(params, {}, 'prod'),
      64,
      'stage prod needs encodeImage with its digest (docker.io/me/encode:1 may come to mean another; ...@sha256:... does not)',
    );
  });

  it.each([[], ['encodeImage=docker.io/me/encode:1']])(
    'says what to do where there are no credentials, with %j',
    async (...params) => {
      await expectSentence(
        deploy([...NO_GPU, ...params], {}),
        69,
        /there are no credentials of an AWS account \(.+\): run aws configure/,
      );
    },
  );

  it.each([
    {
      what: 'expired credentials',
      answer: queryError(403, 'ExpiredToken', 'The security token included in the request is expired'),
      says: 'the credentials have expired (The security token included in the request is expired): log in again',
    },
    {
      what: 'unknown credentials',
      answer: queryError(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.'),
      says: 'AWS does not take these credentials (The security token included in the request is invalid)',
    },
    {
      what: 'a wrong secret key',
      answer: queryError(
        403,
        'SignatureDoesNotMatch',
        'The request signature we calculated does not match the signature you provided.',
      ),
      says: 'AWS does not take these credentials (The request signature we calculated does not match',
    },
    {
      what: 'credentials that may do nothing',
      answer: queryError(
        403,
        'AccessDenied',
        'User: arn:aws:iam::123456789012:user/x is not authorized to perform: cloudformation:DescribeStacks',
      ),
      says: 'the credentials do not suffice (User: arn:aws:iam::123456789012:user/x is not authorized to perform: cloudformation:DescribeStacks)',
    },
  ])('tells $what', async ({ answer, says }) => {
    const server = await refusingAws(answer);
    const env = { ...KEYS, AWS_ENDPOINT_URL: server.endpoint };
    try {
      await expectSentence(deploy([...NO_GPU, 'encodeImage=docker.io/me/encode:1'], env), 69, says);
    } finally {
      await server.close();
    }
  });

  it('tells a region in which Fargate has too few zones', async () => {
    const params = [...NO_GPU, 'encodeImage=docker.io/me/encode:1', 'region=us-west-1'];
    await expectSentence(deploy(params, {}), 64, 'region: has fewer than three zones with Fargate');
  });
});

await describeOnMoto('what a deploy looks at before', () => {
  let server: AwsServer;
  let proxy: FaultyProxy;
  let registry: ImageRegistry;
  let ecr: ECRClient;
  let s3: S3Client;
  let tables: DynamoDBClient;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    server = await motoServer();
    proxy = await faultyProxy({ ...server, close: async () => {} });
    registry = await imageRegistry();
    registry.putList('me/encode:1', ['linux/amd64', 'linux/arm64']);
    registry.putList('me/arm:1', ['linux/arm64']);
    registry.putSingle('me/single:1', 'linux/amd64');
    registry.putSingle('me/single-arm:1', 'linux/arm64');
    env = { ...KEYS, AWS_ENDPOINT_URL: server.endpoint };
    ecr = new ECRClient(clientOptions(optionsFor(server)));
    s3 = new S3Client(bucketOptions(optionsFor(server)));
    tables = new DynamoDBClient(clientOptions(optionsFor(server)));
    for (const repositoryName of ['reelmill/encode', 'others/encode'])
      await ecr.send(new CreateRepositoryCommand({ repositoryName }));
    await ecr.send(imageFor('linux/amd64', '1.0.0'));
    await ecr.send(imageFor('linux/arm64', 'arm'));
  });
  afterAll(async () => {
    for (const client of [ecr, s3, tables]) client.destroy();
    await registry.close();
    await proxy.close();
    await server.close();
  });

  const imageFor = (platform: string, imageTag: string) =>
    new PutImageCommand({
      repositoryName: 'reelmill/encode',
      imageTag,
      imageManifest: JSON.stringify(indexOf([platform])),
    });
  const look = async (...params: readonly string[]) => {
    process.env.AWS_ENDPOINT_URL = server.endpoint;
    const args = ['--stage', 'dev', ...[...NO_GPU, ...params].flatMap((pair) => ['--param', pair])];
    const options = stageOptions(args, { usage: '' });
    return makeImages(options, await lookBeforeDeploy(options));
  };

  describe.each([
    {
      image: `${ECR}/reelmill/encode:none`,
      says: 'is not there, or not for everybody to pull: npm run image -- --stage dev makes one',
    },
    { image: `${ECR}/reelmill/decode:1`, says: 'is not there' },
    { image: `${ECR}/reelmill/encode@sha256:${'0'.repeat(64)}`, says: 'is not there' },
    { image: `${ECR}/reelmill/encode:arm`, says: 'is built for linux/arm64, and its tasks run on linux/amd64' },
    { image: `${ECR}/others/encode:1`, says: 'lies outside of the repositories reelmill/*' },
    { image: '999999999999.dkr.ecr.us-east-1.amazonaws.com/reelmill/encode:1', says: "lies in another account's ECR" },
    { image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/reelmill/encode:1', says: 'lies in ECR of eu-west-1' },
  ])('the image $image', ({ image, says }) => {
    it('is refused', () =>
      expectSentence(deploy([...NO_GPU, `encodeImage=${image}`], env), 64, `encodeImage ${image} ${says}`));
  });

  it.each([
    { image: 'me/none:1', says: 'is not there, or not for everybody to pull' },
    { image: 'me/encode:2', says: 'is not there, or not for everybody to pull' },
    { image: 'me/arm:1', says: 'is built for linux/arm64, and its tasks run on linux/amd64' },
    { image: 'me/single-arm:1', says: 'is built for linux/arm64, and its tasks run on linux/amd64' },
  ])('refuses $image of another registry', async ({ image, says }) => {
    await expectSentence(deploy([...NO_GPU, `encodeImage=${registry.host}/${image}`], env), 64, says);
  });

  it('says that a registry wants to be asked later', async () => {
    registry.answerWith(429);
    await expectSentence(deploy([...NO_GPU, `encodeImage=${registry.host}/me/encode:1`], env), 75, 'answers 429');
    registry.answerWith(200);
  });

  it('says that a registry cannot be reached', async () => {
    await expectSentence(
      deploy([...NO_GPU, 'encodeImage=127.0.0.1:1/me/encode:1'], env),
      75,
      '127.0.0.1:1 cannot be asked',
    );
  });

  it.each([
    { of: 'its own ECR', image: () => `${ECR}/reelmill/encode:1.0.0`, repository: `${ECR}/reelmill/encode` },
    { of: 'another registry', image: () => `${registry.host}/me/encode:1`, repository: '/me/encode' },
    { of: 'a registry that has a single image', image: () => `${registry.host}/me/single:1`, repository: '/me/single' },
  ])('deploys an image of $of by its digest', async ({ image, repository }) => {
    const [pinned = ''] = await look(`encodeImage=${image()}`);
    expect(pinned).toMatch(/^encodeImage=[^:]+(:\d+)?\/[^:]+@sha256:[0-9a-f]{64}$/);
    expect(pinned).toContain(`${repository}@sha256:`);
    expect(await look(pinned)).toEqual([pinned, pinned.replace('encodeImage', 'upscaleImage')]);
  });

  it('wants of a stage on ARM64 an image for it', async () => {
    const arm = `encodeImage=${registry.host}/me/arm:1`;
    expect(await look(arm, 'cpuArchitecture=ARM64')).toContainEqual(expect.stringContaining('encodeImage=127.0.0.1'));
  });

  it('tells a region that lacks the instances of the GPU queues', async () => {
    registry.putList('me/upscale:1', ['linux/amd64']);
    const images = [`encodeImage=${registry.host}/me/encode:1`, `upscaleImage=${registry.host}/me/upscale:1`];
    const says =
      /af-south-1 has no .*g6\.xlarge.*: name what it has with --param gpuInstances=\[.*\], do without GPUs with --param maxGpuVcpus=0/;
    await expectSentence(deploy([...images, 'region=af-south-1'], env), 64, says);
  });

  it('tells a region that lacks the machines with volumes', async () => {
    registry.putList('me/upscale:1', ['linux/amd64']);
    const images = [`encodeImage=${registry.host}/me/encode:1`, `upscaleImage=${registry.host}/me/upscale:1`];
    const large = ['maxLargeVcpus=16', 'maxLargeOnDemandVcpus=16', 'largeInstances=[m9zz.4xlarge]', ...NO_GPU];
    const says =
      /us-east-1 has no m9zz\.4xlarge, which the queues of machines with volumes are to run on: .*--param maxLargeVcpus=0/;
    await expectSentence(deploy([...images, ...large], env), 64, says);
  });

  it.each([
    { status: 200, says: 'an earlier stack of stage dev left it: npm run destroy -- --stage dev removes it' },
    { status: 403, says: "it is another account's, or these credentials may not see it" },
    { status: 301, says: "it is another account's, or these credentials may not see it" },
  ])('tells a bucket whose name is taken, where S3 answers $status', async ({ status, says }) => {
    const isBucket = (path: string) => path.includes(BUCKET);
    proxy.setFault(({ method, path }) =>
      method === 'HEAD' && isBucket(path) && status !== 200
        ? { what: 'answer', status, type: 'application/xml', body: '' }
        : undefined,
    );
    if (status === 200) await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const run = deploy([...NO_GPU, `encodeImage=${registry.host}/me/encode:1`], {
      ...env,
      AWS_ENDPOINT_URL: proxy.endpoint,
    });
    await expectSentence(run, 73, `the name of the bucket ${BUCKET} is taken, and ${says}`);
    if (status === 200) await s3.send(new DeleteBucketCommand({ Bucket: BUCKET }));
  });

  it('tells a job table that an earlier stack has left', async () => {
    const TableName = 'reelmill-dev-jobs';
    const key = {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
    };
    await tables.send(new CreateTableCommand({ TableName, BillingMode: 'PAY_PER_REQUEST', ...key }));
    const run = deploy([...NO_GPU, `encodeImage=${registry.host}/me/encode:1`], env);
    await expectSentence(run, 73, `the name of the table ${TableName} is taken`);
    await tables.send(new DeleteTableCommand({ TableName }));
  });

  it.each([
    { status: 'UPDATE_IN_PROGRESS', code: 75, says: 'is being changed just now (UPDATE_IN_PROGRESS): wait' },
    {
      status: 'REVIEW_IN_PROGRESS',
      code: 73,
      says: 'was begun and never made (REVIEW_IN_PROGRESS): npm run destroy -- --stage dev, then deploy again',
    },
    {
      status: 'ROLLBACK_COMPLETE',
      code: 73,
      says: 'was never made whole (ROLLBACK_COMPLETE): npm run destroy -- --stage dev, then deploy again',
    },
    {
      status: 'UPDATE_ROLLBACK_FAILED',
      code: 73,
      says: 'aws cloudformation continue-update-rollback --stack-name reelmill-dev',
    },
  ])('tells a stack that is $status', async ({ status, code, says }) => {
    const body = `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><StackName>reelmill-dev</StackName><StackStatus>${status}</StackStatus><CreationTime>2026-11-28T00:00:00Z</CreationTime></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
    proxy.setFault(({ body: asked }) =>
      asked.includes('Action=DescribeStacks') ? { what: 'answer', status: 200, type: 'text/xml', body } : undefined,
    );
    const run = deploy([...NO_GPU, `encodeImage=${registry.host}/me/encode:1`], {
      ...env,
      AWS_ENDPOINT_URL: proxy.endpoint,
    });
    await expectSentence(run, code, says);
  });

  it('tells what the credentials may not ask of EC2', async () => {
    const { body } = ec2Error(403, 'UnauthorizedOperation', 'You are not authorized to perform this operation.');
    proxy.setFault(({ body: asked }) =>
      asked.includes('Action=DescribeAvailabilityZones')
        ? { what: 'answer', status: 403, type: 'text/xml', body }
        : undefined,
    );
    const run = deploy([...NO_GPU, `encodeImage=${registry.host}/me/encode:1`], {
      ...env,
      AWS_ENDPOINT_URL: proxy.endpoint,
    });
    await expectSentence(run, 69, 'the credentials do not suffice (You are not authorized to perform this operation)');
  });

  it('has made nothing in all of this', async () => {
    const stacks = new CloudFormationClient(clientOptions(optionsFor(server)));
    const roles = new IAMClient(clientOptions(optionsFor(server)));
    expect((await stacks.send(new ListStacksCommand({}))).StackSummaries).toEqual([]);
    expect((await roles.send(new ListRolesCommand({}))).Roles).toEqual([]);
    for (const client of [stacks, roles]) client.destroy();
  });

  it("makes the roles of AWS's services that the account has not, once", async () => {
    process.env.AWS_ENDPOINT_URL = server.endpoint;
    const settings = { region: 'us-east-1', maxGpuVcpus: 8, gpuInstances: ['g6.xlarge'], upscaleOn: 'batch' };
    const expected = [
      'AWSServiceRoleForBatch',
      'AWSServiceRoleForECS',
      'AWSServiceRoleForEC2Spot',
      'AWSServiceRoleForAutoScaling',
    ];
    expect(await ensureServiceRoles({ ...settings, maxGpuVcpus: 0 })).toEqual(expected.slice(0, 2));
    const volumesAlone = { ...settings, maxGpuVcpus: 0, maxLargeVcpus: 16 };
    expect(await ensureServiceRoles(volumesAlone)).toEqual(expected.slice(2));
    expect(await ensureServiceRoles(settings)).toEqual([]);
  });
});
