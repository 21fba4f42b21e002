import { once } from 'node:events';
import { createServer } from 'node:http';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CostExplorerClient } from '@aws-sdk/client-cost-explorer';
import {
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { awsAuditor } from '../../../adapters/aws/aws-auditor.ts';
import { bucketOptions, clientOptions } from '../../../adapters/aws/client-options.ts';
import { monthBefore } from '../../../core/month.ts';
import { type AwsServer, motoServer, optionsFor } from '../../support/aws-servers.ts';
import { describeOnMoto } from '../../support/on-moto.ts';

const month = monthBefore(Date.parse('2026-11-02'));

/** CloudTrail and Cost Explorer, one answer after the other: moto has no look-up of events. */
const answers: object[] = [];
const asked: object[] = [];
const standIn = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  asked.push(JSON.parse(Buffer.concat(chunks).toString()));
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answers.shift() ?? {}));
});

async function startStandIn(): Promise<AwsServer> {
  standIn.listen(0, '127.0.0.1');
  await once(standIn, 'listening');
  const address = standIn.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { endpoint: `http://127.0.0.1:${port}`, close: async () => void standIn.close() };
}

describe('the auditor', () => {
  let server: AwsServer;
  const clients: { destroy(): void }[] = [];
  const auditor = () => {
    const options = optionsFor(server);
    const made = {
      s3: new S3Client(bucketOptions(options)),
      trail: new CloudTrailClient(clientOptions(options)),
      costs: new CostExplorerClient(clientOptions(options)),
    };
    clients.push(...Object.values(made));
    return awsAuditor(made, { stage: 'prod', buckets: [{ name: 'media', isLogged: true }] });
  };
  beforeAll(async () => {
    server = await startStandIn();
  });
  afterAll(async () => {
    for (const client of clients) client.destroy();
    standIn.closeAllConnections();
    await server.close();
  });

  it('counts who did what, over all pages', async () => {
    answers.push(
      { Events: [{ Username: 'ana', EventName: 'PutBucketPolicy' }, { EventName: 'PutObject' }], NextToken: 'more' },
      { Events: [{ Username: 'ana', EventName: 'PutBucketPolicy' }] },
    );
    expect(await auditor().acts(month)).toEqual([
      { who: 'ana', what: 'PutBucketPolicy', times: 2 },
      { who: 'AWS itself', what: 'PutObject', times: 1 },
    ]);
    expect(asked.at(-1)).toMatchObject({ NextToken: 'more', LookupAttributes: [{ AttributeValue: 'media' }] });
  });

  it('tells what each recipe cost in the month', async () => {
    const group = (tag: string, usd: string) => ({
      Keys: [tag],
      Metrics: { UnblendedCost: { Amount: usd, Unit: 'USD' } },
    });
    answers.push({ ResultsByTime: [{ Groups: [group('recipe$preserve', '1.5'), group('recipe$', '0.25')] }] });
    expect(await auditor().spending(month)).toEqual([
      { recipe: 'preserve', usd: 1.5 },
      { recipe: undefined, usd: 0.25 },
    ]);
    expect(asked.at(-1)).toMatchObject({ TimePeriod: { Start: '2026-10-01', End: '2026-11-01' } });
    expect(JSON.stringify(asked.at(-1))).toContain('"prod"');
  });
});

await describeOnMoto('what the auditor finds of buckets', () => {
  let server: AwsServer;
  let s3: S3Client;
  const nobody = new CloudTrailClient({});
  const costs = new CostExplorerClient({});

  beforeAll(async () => {
    server = await motoServer();
    s3 = new S3Client(bucketOptions(optionsFor(server)));
    for (const Bucket of ['bare', 'kept', 'logs']) await s3.send(new CreateBucketCommand({ Bucket }));
    const all = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
    const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } }];
    await s3.send(new PutPublicAccessBlockCommand({ Bucket: 'kept', PublicAccessBlockConfiguration: all }));
    await s3.send(new PutBucketEncryptionCommand({ Bucket: 'kept', ServerSideEncryptionConfiguration: { Rules } }));
    await s3.send(
      new PutPublicAccessBlockCommand({
        Bucket: 'bare',
        PublicAccessBlockConfiguration: { ...all, BlockPublicPolicy: false },
      }),
    );
  });
  afterAll(async () => {
    for (const client of [s3, nobody, costs]) client.destroy();
    await server.close();
  });

  const findings = async (name: string) => {
    const auditor = awsAuditor({ s3, trail: nobody, costs }, { stage: 'test', buckets: [{ name, isLogged: true }] });
    return Object.fromEntries((await auditor.findings()).map(({ what, isSo }) => [what, isSo]));
  };

  it('is bad for a bucket without settings', async () => {
    expect(await findings('bare')).toMatchObject({
      'closed to the public': false,
      'its accesses are logged': false,
    });
  });

  it('is good for a bucket as the stack makes it', async () => {
    expect(await findings('kept')).toMatchObject({ 'encrypted by default': true, 'closed to the public': true });
  });
});
