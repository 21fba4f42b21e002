import { expect, it } from '@jest/globals';
import { whyLeft } from '../../../scripts/aws/removal.mjs';

const thing = (arn: string) => ({ arn, kind: 'other', name: arn.slice(arn.lastIndexOf(':') + 1) }) as const;
const HERE = 'us-east-1:123456789012';

it.each([
  { arn: `arn:aws:backup:${HERE}:backup-vault:reelmill-prod`, says: /outlives the stack for its backups/ },
  { arn: `arn:aws:backup:${HERE}:recovery-point:1a2b`, says: /goes when its days are over/ },
  { arn: `arn:aws:kms:${HERE}:key/1234`, says: /deleted in seven days/ },
])('says why $arn is left when a stage was destroyed', ({ arn, says }) => {
  expect(whyLeft(thing(arn))).toMatch(says);
});

it('gives no reason for what should have gone', () => {
  expect(whyLeft(thing(`arn:aws:sqs:${HERE}:reelmill-prod-drops`))).toBeUndefined();
});
