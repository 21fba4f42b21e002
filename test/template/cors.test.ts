import { expect, it } from '@jest/globals';
import { at, list, packaged } from '../support/packaged-template.ts';

it('lets web pages of the origins that --param names upload, each an entry of a list as CloudFormation wants it', async () => {
  const origins = ['https://media.example.org', 'https://desk.example.org'];
  const pack = await packaged('dev', [`uploadOrigins=${JSON.stringify(origins)}`]);
  const bucket = pack.of('AWS::S3::Bucket').find(({ id }) => id === 'MediaBucket');
  const rules = list(at(bucket?.Properties, 'CorsConfiguration', 'CorsRules'));
  expect(rules.map((rule) => at(rule, 'AllowedOrigins'))).toEqual([origins]);
});
