import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bucketOptions, clientOptions } from '../../../adapters/aws/client-options.ts';
import { type AwsServer, motoServer, optionsFor } from '../../support/aws-servers.ts';
import { describeOnMoto } from '../../support/on-moto.ts';
import { eventsIn } from '../../support/reelmill.ts';
import { storageCommand as storage } from '../../support/storage-command.ts';

const BUCKET = 'reelmill-prod-media-123456789012-us-east-1';
/** What the commands read of a stack. */
const stackWith = (bucket: string, outputs: Readonly<Record<string, unknown>>) => ({
  Resources: { Media: { Type: 'AWS::S3::Bucket', Properties: { BucketName: bucket } } },
  Outputs: Object.fromEntries(Object.entries(outputs).map(([name, Value]) => [name, { Value }])),
});
const OUTPUTS = {
  MediaBucketName: { Ref: 'Media' },
  LogBucketName: 'reelmill-prod-logs',
  BulkChangesRoleArn: 'arn:aws:iam::123456789012:role/reelmill-prod-BulkChangesRole',
  CdnDomain: 'd111111abcdef8.cloudfront.net',
  CdnKeyId: 'K2JCJMDEHXQW5F',
  CdnPrivateKeyArn: 'reelmill-prod/cdn-key',
};

/** S3's control plane as far as a job goes: moto has none of it. */
async function jobServer() {
  const asked: string[] = [];
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    asked.push(`${request.method} ${request.url} ${request.headers['x-amz-account-id']} ${Buffer.concat(chunks)}`);
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(
      '<CreateJobResult xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"><JobId>job-1</JobId></CreateJobResult>',
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { asked, server, endpoint: `http://localhost:${(server.address() as AddressInfo).port}` };
}

await describeOnMoto('the commands for the files of a stack', () => {
  let moto: AwsServer;
  let jobs: Awaited<ReturnType<typeof jobServer>>;
  const before = { ...process.env };

  beforeAll(async () => {
    moto = await motoServer();
    jobs = await jobServer();
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: moto.endpoint,
      AWS_ENDPOINT_URL_S3_CONTROL: jobs.endpoint,
      ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    });
    const stacks = new CloudFormationClient(clientOptions(optionsFor(moto)));
    const make = (StackName: string, template: object) =>
      stacks.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(template) }));
    await make('reelmill-prod', stackWith(BUCKET, OUTPUTS));
    await make('reelmill-dev', stackWith('other', { MediaBucketName: 'other' }));
    const s3 = new S3Client(bucketOptions(optionsFor(moto)));
    await s3.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' } }));
    const Rules = ['input/', 'output/'].map((Prefix) => ({
      ...({ ID: Prefix, Status: 'Enabled', Filter: { Prefix } } as const),
      Transitions: [{ StorageClass: 'INTELLIGENT_TIERING', Days: 0 } as const],
    }));
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket: BUCKET, LifecycleConfiguration: { Rules } }));
    const secrets = new SecretsManagerClient(clientOptions(optionsFor(moto)));
    await secrets.send(new CreateSecretCommand({ Name: 'reelmill-prod/cdn-key', SecretString: 'none yet' }));
    const Body = 'x'.repeat(128 * 1024);
    for (const [Key, StorageClass] of [
      ['output/ladder/a.mov/hd.mp4', 'INTELLIGENT_TIERING'],
      ['output/ladder/b.mov/hd.mp4', 'GLACIER_IR'],
      ['input/ladder/a.mov', 'STANDARD'],
    ] as const) {
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, StorageClass, Body }));
    }
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'output/ladder/a.mov/manifest.json', Body: '{}' }));
    for (const client of [stacks, s3, secrets]) client.destroy();
  });
  afterAll(async () => {
    process.env = before;
    jobs.server.close();
    await moto.close();
  });

  const bulk = (command: string, ...args: readonly string[]) => storage([command, '--stage', 'prod', ...args]);

  describe('reclass', () => {
    const toGlacier = ['--prefix', 'output/', '--class', 'GLACIER_IR'];

    it('shows with --dry-run what would change, what stays and what it costs, and starts nothing', async () => {
      const { code, stdout, stderr } = await bulk('reclass', ...toGlacier, '--dry-run');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('1 files (131 kB) below output/ get GLACIER_IR');
      expect(stdout).toContain('1 stay as they are: they are in it already');
      expect(stdout).toContain('1 stay as they are: they are below 128 KB');
      expect(stdout).toContain('job and requests  $0.25');
      expect(stdout).toContain('the versions before, for 30 days  at most ');
      expect(jobs.asked).toEqual([]);
    });

    it('starts nothing where nobody can be asked', async () => {
      const { code, stderr } = await bulk('reclass', ...toGlacier);
      expect({ code, stderr }).toEqual({ code: 64, stderr: expect.stringContaining('give --yes to confirm it') });
      expect(jobs.asked).toEqual([]);
    });

    it('starts a job that lists these files itself and waits to be let run', async () => {
      const { code, stdout, stderr } = await bulk('reclass', ...toGlacier, '--yes', '--json');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(eventsIn(stdout)).toEqual([
        expect.objectContaining({ type: 'storage.reclass', objects: 1, already: 1, small: 1, large: 0 }),
        { type: 'storage.bulk', jobId: 'job-1' },
      ]);
      const [job = '', ...more] = jobs.asked.splice(0);
      expect(more).toEqual([]);
      expect(job).toMatch(/^POST \/v20180820\/jobs 123456789012 /);
      for (const part of [
        '<ConfirmationRequired>true</ConfirmationRequired>',
        `<S3PutObjectCopy><TargetResource>arn:aws:s3:::${BUCKET}</TargetResource>`,
        '<StorageClass>GLACIER_IR</StorageClass>',
        `<SourceBucket>arn:aws:s3:::${BUCKET}</SourceBucket>`,
        '<MatchAnyPrefix><member>output/</member></MatchAnyPrefix>',
        '<ObjectSizeGreaterThanBytes>131071</ObjectSizeGreaterThanBytes>',
        '<ObjectSizeLessThanBytes>5368709121</ObjectSizeLessThanBytes>',
        '<Bucket>arn:aws:s3:::reelmill-prod-logs</Bucket>',
        '<RoleArn>arn:aws:iam::123456789012:role/reelmill-prod-BulkChangesRole</RoleArn>',
      ]) {
        expect(job).toContain(part);
      }
      expect(job).not.toContain('<member>GLACIER_IR</member>');
    });

    it.each([
      {
        args: ['--prefix', 'output/', '--class', 'STANDARD_IA'],
        code: 64,
        says: /INTELLIGENT_TIERING, and would take STANDARD_IA back/,
      },
      {
        args: ['--prefix', 'output/none/', '--class', 'GLACIER_IR', '--yes'],
        code: 66,
        says: /no file below output\/none\/ is left to change/,
      },
      { args: ['--prefix', 'input/', '--class', 'GLACIER_IR'], code: 64, says: /would be a drop/ },
      { args: ['--prefix', 'output/../', '--class', 'GLACIER_IR'], code: 65, says: /leads out of its folder/ },
      { args: ['--class', 'GLACIER_IR'], code: 64, says: /--prefix/ },
    ])('$args ends with a sentence', async ({ args, code, says }) => {
      expect(await bulk('reclass', ...args)).toMatchObject({ code, stderr: expect.stringMatching(says) });
      expect(jobs.asked).toEqual([]);
    });
  });

  it('retag starts a job that gives every file below a prefix the tags', async () => {
    const { code, stdout } = await bulk('retag', '--prefix', 'input/ladder/', '--tag', 'archive=yes', '--yes');
    expect(code).toBe(0);
    expect(stdout).toContain('1 files (131 kB) below input/ladder/ get the tags archive=yes');
    expect(stdout).toContain('update-job-status --region us-east-1 --account-id 123456789012 --job-id job-1');
    const [job = ''] = jobs.asked.splice(0);
    expect(job).toContain('<S3PutObjectTagging><TagSet><member><Key>archive</Key><Value>yes</Value></member></TagSet>');
  });

  it.each([
    { args: ['--stage', 'test'], code: 66, says: /there is no stack reelmill-test in us-east-1; name the stage/ },
    {
      args: ['--stage', 'dev'],
      code: 64,
      says: /the stack reelmill-dev was deployed without what this needs; deploy it with --param bulkChanges=yes/,
    },
    { args: ['--stage', '../x'], code: 64, says: /is not the name of a stage/ },
    { args: ['--stage', 'prod', '--region', 'here'], code: 64, says: /is not the name of a region/ },
  ])('a stack that cannot do it is told in a sentence: $args', async ({ args, code, says }) => {
    const run = await storage(['retag', '--prefix', 'input/', '--tag', 'a=b', ...args]);
    expect(run).toMatchObject({ code, stderr: expect.stringMatching(says) });
  });

  describe('link', () => {
    it('says how to put the private key in where there is none yet', async () => {
      const { code, stderr } = await storage(['link', 'ladder/a.mov/hd.mp4', '--stage', 'prod']);
      expect({ code, stderr }).toEqual({
        code: 64,
        stderr: expect.stringContaining('put-secret-value --secret-id reelmill-prod/cdn-key'),
      });
    });

    it('signs with the key in the secret, for as long as asked', async () => {
      const { privateKey } = generateKeyPairSync('rsa', {
        modulusLength: 2048,
        ...{ publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } },
      });
      const secrets = new SecretsManagerClient(clientOptions(optionsFor(moto)));
      await secrets.send(new PutSecretValueCommand({ SecretId: 'reelmill-prod/cdn-key', SecretString: privateKey }));
      secrets.destroy();
      const { code, stdout } = await storage([
        'link',
        'output/ladder/a.mov/hd.mp4',
        '--stage',
        'prod',
        '--hours',
        '2',
        '--json',
      ]);
      expect(code).toBe(0);
      const [{ url, until, path }] = eventsIn(stdout) as unknown as [{ url: string; until: string; path: string }];
      expect(path).toBe('ladder/a.mov/hd.mp4');
      expect(url).toMatch(
        /^https:\/\/d111111abcdef8\.cloudfront\.net\/ladder\/a\.mov\/hd\.mp4\?Expires=\d+&Signature=[\w~-]+&Key-Pair-Id=K2JCJMDEHXQW5F$/,
      );
      expect(Date.parse(until) / 1000).toBe(Number(new URL(url).searchParams.get('Expires')));
      expect(Date.parse(until) - Date.now()).toBeLessThanOrEqual(2 * 3_600_000);
      const folder = await storage(['link', 'ladder/a.mov/', '--stage', 'prod']);
      expect(folder.stdout).toMatch(/\/ladder\/a\.mov\/<file>\?Policy=[\w~-]+&Signature=/);
    });

    it.each([
      { args: ['../input/a.mov'], code: 64, says: /leads out of its folder/ },
      { args: ['input/ladder/a.mov'], code: 64, says: /is not published/ },
      { args: ['ladder/a.mov/hd.mp4', '--hours', '0'], code: 64, says: /--hours/ },
      { args: ['ladder/\ud800.mp4'], code: 64, says: /is not valid Unicode/ },
    ])('$args ends with a sentence', async ({ args, code, says }) => {
      expect(await storage(['link', '--stage', 'prod', ...args])).toMatchObject({
        code,
        stderr: expect.stringMatching(says),
      });
    });
  });
});
