import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';
import sharp from 'sharp';
import { bucketOptions } from '../../adapters/aws/client-options.ts';
import { STACK_ENVIRONMENT } from '../../runtime/config.ts';
import { capture } from '../../scripts/child.mjs';
import { fauxqsServer, optionsFor } from '../support/aws-servers.ts';
import { at, DEPLOYED_STAGES, type JsonObject, list, type Packaged, packaged } from '../support/packaged-template.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ALIAS = { 'Fn::Join': [':', [{ 'Fn::GetAtt': ['ThumbnailLambdaFunction', 'Arn'] }, 'live']] };
const anyones = (pack: Packaged) =>
  pack.of('AWS::Lambda::Permission').filter(({ Properties }) => at(Properties, 'Principal') === '*');

it.each(DEPLOYED_STAGES)('%s has nothing of thumbnails as its file has it', async (stage) => {
  const { resources } = await packaged(stage);
  expect(resources.filter(({ id, Type }) => id.startsWith('Thumbnail') || Type === 'AWS::Lambda::Url')).toEqual([]);
});

describe('thumbnails=iam', () => {
  let pack: Packaged;
  beforeAll(async () => {
    pack = await packaged('prod', ['thumbnails=iam']);
  });

  const only = (type: string) => {
    const [found, ...more] = pack.of(type).filter(({ id }) => id.startsWith('Thumbnail'));
    if (!found || more.length > 0) throw new Error(`not one ${type} of thumbnails`);
    return found;
  };

  it('has one address, which speaks to the alias and answers signed requests only', () => {
    expect(pack.of('AWS::Lambda::Url').map(({ Properties }) => Properties)).toEqual([
      { AuthType: 'AWS_IAM', TargetFunctionArn: ALIAS },
    ]);
    expect(anyones(pack)).toEqual([]);
    expect(only('AWS::Lambda::Alias').UpdatePolicy).toBeDefined();
    expect(at(only('AWS::CodeDeploy::DeploymentGroup').Properties, 'AlarmConfiguration', 'Fn::If', 1)).toEqual({
      Enabled: true,
      Alarms: [{ Name: { Ref: 'ThumbnailFails' } }],
    });
  });

  it('may read posters and what it keeps, write what it keeps, and nothing else', () => {
    const { Properties } = only('AWS::IAM::Role');
    const statements = list(at(Properties, 'Policies', 0, 'PolicyDocument', 'Statement')) as readonly JsonObject[];
    expect(list(at(Properties, 'Policies'))).toHaveLength(1);
    expect(statements.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      // biome-ignore-start lint/suspicious/noTemplateCurlyInString: as CloudFormation writes them
      ['s3:GetObject', { 'Fn::Sub': '${MediaBucket.Arn}/output/*/poster.jpg' }],
      ['s3:ListBucket', { 'Fn::GetAtt': ['MediaBucket', 'Arn'] }],
      [['s3:GetObject', 's3:PutObject'], { 'Fn::Sub': '${MediaBucket.Arn}/cache/thumbnails/*' }],
      // biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above
    ]);
    expect(at(Properties, 'ManagedPolicyArns')).toEqual([
      { 'Fn::If': ['LogsOn', { Ref: 'FunctionLogsPolicy' }, { Ref: 'AWS::NoValue' }] },
    ]);
  });

  it('takes no more of the account than its share', () => {
    expect(at(only('AWS::Lambda::Function').Properties, 'ReservedConcurrentExecutions')).toBe(10);
  });

  it('is told all that it reads', () => {
    const { RELEASE: _, ...variables } = at(
      only('AWS::Lambda::Function').Properties,
      'Environment',
      'Variables',
    ) as JsonObject;
    expect(Object.keys(variables).sort()).toEqual(Object.keys(STACK_ENVIRONMENT.thumbnail.shape).sort());
    expect(variables).toMatchObject({ STAGE: 'prod', MEDIA_BUCKET: { Ref: 'MediaBucket' } });
  });

  it('has an alarm that is told to people, and that docs/thumbnails.md explains', async () => {
    const { Properties } = only('AWS::CloudWatch::Alarm');
    expect(at(Properties, 'AlarmName')).toBe('reelmill-prod-thumbnail-fails');
    expect(at(Properties, 'AlarmActions')).toEqual([{ Ref: 'AlarmTopic' }]);
    const watched = list(at(Properties, 'Metrics')).map((metric) => at(metric, 'MetricStat', 'Metric'));
    const name = at(only('AWS::Lambda::Function').Properties, 'FunctionName');
    expect(watched.slice(1).map((metric) => [at(metric, 'MetricName'), at(metric, 'Dimensions', 0, 'Value')])).toEqual([
      ['Errors', name],
      ['Throttles', name],
      ['Url5xxCount', name],
    ]);
    expect(await readFile('docs/thumbnails.md', 'utf8')).toContain('`thumbnail-fails`');
  });

  it('makes a thumbnail by the code and the libraries of its zip alone', async () => {
    const folder = await temporaryFolder();
    const files = Object.entries(unzipSync(await readFile(join(pack.folder, 'thumbnail.zip'))));
    for (const [path, bytes] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes);
    }
    for (const sdk of ['@aws-sdk', '@smithy']) {
      await symlink(resolve('node_modules', sdk), join(folder, 'node_modules', sdk)); // what the runtime brings
    }
    const server = await fauxqsServer();
    const client = new S3Client(bucketOptions(optionsFor(server)));
    await client.send(new CreateBucketCommand({ Bucket: 'media' }));
    const create = { width: 400, height: 300, channels: 3, background: '#204060' } as const;
    const Body = await sharp({ create }).jpeg().toBuffer();
    await client.send(new PutObjectCommand({ Bucket: 'media', Key: 'output/ladder/2019/film.mov/poster.jpg', Body }));
    try {
      const ran = await capture(process.execPath, ['--input-type=module', '--eval', CALL, await recordedEvent()], {
        cwd: folder,
        env: {
          PATH: process.env.PATH,
          AWS_ENDPOINT_URL_S3: server.endpoint,
          AWS_ACCESS_KEY_ID: 'test',
          AWS_SECRET_ACCESS_KEY: 'test',
          AWS_REGION: 'us-east-1',
          STAGE: 'dev',
          LOGS: 'none',
          MEDIA_BUCKET: 'media',
        },
      });
      expect(ran).toMatchObject({ code: 0 });
      const { loadedFrom, statusCode, body } = JSON.parse(ran.stdout);
      expect(loadedFrom).toContain(folder);
      expect(statusCode).toBe(200);
      expect(await sharp(Buffer.from(body, 'base64')).metadata()).toMatchObject({ format: 'webp', width: 320 });
    } finally {
      client.destroy();
      await server.close();
    }
  });
});

it('thumbnails=public answers anyone, at the alias, and only by its address', async () => {
  const pack = await packaged('dev', ['thumbnails=public']);
  expect(pack.of('AWS::Lambda::Url').map(({ Properties }) => Properties)).toEqual([
    { AuthType: 'NONE', TargetFunctionArn: ALIAS },
  ]);
  const granted = anyones(pack).map(({ Properties }) => Properties);
  expect(granted).toHaveLength(2);
  expect(granted).toEqual(
    expect.arrayContaining([
      { Action: 'lambda:InvokeFunctionUrl', FunctionName: ALIAS, Principal: '*', FunctionUrlAuthType: 'NONE' },
      { Action: 'lambda:InvokeFunction', FunctionName: ALIAS, Principal: '*', InvokedViaFunctionUrl: true },
    ]),
  );
});

it('packaging says in one sentence what to do where the libraries are not installed', async () => {
  const root = await temporaryFolder();
  const optionalDependencies = {
    '@img/sharp-linux-x64': '9.9.9',
    '@img/sharp-libvips-linux-x64': '8.8.8',
    '@img/a': '1',
  };
  await mkdir(join(root, 'node_modules/sharp'), { recursive: true });
  await writeFile(join(root, 'node_modules/sharp/package.json'), JSON.stringify({ optionalDependencies }));
  const ran = await capture(process.execPath, ['--eval', PACK, resolve('scripts/serverless/sharp-files.cjs'), root]);
  expect(ran.stdout).toBe(
    '@img/sharp-linux-x64 is not installed here, and the function "thumbnail" runs on it: ' +
      'npm i --no-save --force @img/sharp-linux-x64@9.9.9 @img/sharp-libvips-linux-x64@8.8.8',
  );
});

const recordedEvent = () => readFile('test/fixtures/events/function-url.json', 'utf8');

const CALL = `
  import { pathToFileURL } from 'node:url';
  const { handler } = await import(pathToFileURL(process.cwd() + '/functions/thumbnail.mjs'));
  const answer = await handler(JSON.parse(process.argv[1]), {});
  const loadedFrom = process.report.getReport().sharedObjects.find((path) => path.includes('libvips'));
  process.stdout.write(JSON.stringify({ ...answer, loadedFrom }), () => process.exit(0));
`;

const PACK = `
  const [, plugin, serviceDir] = process.argv;
  const service = { getAllFunctions: () => ['thumbnail'], getFunction: () => ({}) };
  const { hooks } = new (require(plugin))({ service, serviceDir });
  try {
    hooks['before:package:createDeploymentArtifacts']();
  } catch (error) {
    process.stdout.write(error.message);
  }
`;
