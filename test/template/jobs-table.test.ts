import { expect, it } from '@jest/globals';
import { JOBS_TABLE, TTL_ATTRIBUTE } from '../../adapters/aws/jobs-table.ts';
import { at, DEPLOYED_STAGES, packaged } from '../support/packaged-template.ts';

it.each(DEPLOYED_STAGES)('the job table of %s is the one that the adapter was tested on', async (stage) => {
  const [table] = (await packaged(stage)).of('AWS::DynamoDB::Table');
  const { BillingMode, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = table?.Properties ?? {};
  expect({ BillingMode, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes }).toEqual(JOBS_TABLE);
  expect(at(table?.Properties, 'TimeToLiveSpecification')).toEqual({ AttributeName: TTL_ATTRIBUTE, Enabled: true });
});
