import { type CloudTrailClient, LookupEventsCommand, type LookupEventsCommandOutput } from '@aws-sdk/client-cloudtrail';
import { type CostExplorerClient, GetCostAndUsageCommand } from '@aws-sdk/client-cost-explorer';
import type { S3Client } from '@aws-sdk/client-s3';
import { dayOf, type Month } from '../../core/month.ts';
import type { Acts, Auditor } from '../../core/ports/auditor.ts';
import { asking } from './aws-failure.ts';
import { bucketFindings, type KeptBucket } from './bucket-findings.ts';

type AuditClients = {
  readonly s3: S3Client;
  readonly trail: CloudTrailClient;
  readonly costs: CostExplorerClient;
};

type Audited = { readonly stage: string; readonly buckets: readonly KeptBucket[] };

/** CloudTrail answers twice a second with 50 events, so that this many pages take half a minute. */
const MOST_PAGES = 60;

/** Audits the buckets of a stage by S3, what was done there by CloudTrail, and what it cost by Cost Explorer. */
export function awsAuditor({ s3, trail, costs }: AuditClients, { stage, buckets }: Audited): Auditor {
  return {
    findings: () =>
      asking('look at the buckets', async () =>
        (await Promise.all(buckets.map((bucket) => bucketFindings(s3, bucket)))).flat(),
      ),

    acts: (month) =>
      asking('ask CloudTrail', async () => {
        const tally = new Map<string, Acts>();
        for (const { name } of buckets) {
          for await (const { who, what } of actsOn(trail, name, month)) {
            const before = tally.get(`${who} ${what}`)?.times ?? 0;
            tally.set(`${who} ${what}`, { who, what, times: before + 1 });
          }
        }
        return [...tally.values()].sort((a, b) => b.times - a.times);
      }),

    spending: (month) =>
      asking('ask for costs', async () => {
        const answer = await costs.send(
          new GetCostAndUsageCommand({
            TimePeriod: { Start: dayOf(month.fromMs), End: dayOf(month.toMs) },
            Granularity: 'MONTHLY',
            Metrics: ['UnblendedCost'],
            Filter: { And: [tagged('project', 'reelmill'), tagged('stage', stage)] },
            GroupBy: [{ Type: 'TAG', Key: 'recipe' }],
          }),
        );
        const groups = (answer.ResultsByTime ?? []).flatMap(({ Groups = [] }) => Groups);
        return groups.map(({ Keys: [tag = ''] = [], Metrics = {} }) => ({
          recipe: /^recipe\$(.+)$/.exec(tag)?.[1],
          usd: Number(Metrics.UnblendedCost?.Amount ?? 0),
        }));
      }),
  };
}

const tagged = (Key: string, value: string) => ({ Tags: { Key, Values: [value] } });

/** Yields changes to a bucket and its settings. Reads and writes of objects are in its access logs instead. */
async function* actsOn(client: CloudTrailClient, bucket: string, month: Month) {
  const asked = {
    LookupAttributes: [{ AttributeKey: 'ResourceName' as const, AttributeValue: bucket }],
    StartTime: new Date(month.fromMs),
    EndTime: new Date(month.toMs),
  };
  let NextToken: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer: LookupEventsCommandOutput = await client.send(new LookupEventsCommand({ ...asked, NextToken }));
    for (const { Username = 'AWS itself', EventName = '' } of answer.Events ?? [])
      yield { who: Username, what: EventName };
    NextToken = answer.NextToken;
    if (NextToken === undefined) return;
  }
}
