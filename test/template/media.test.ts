import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { STACK_ENVIRONMENT } from '../../runtime/config.ts';
import { at, DEPLOYED_STAGES, type JsonObject, list, type Packaged, packaged } from '../support/packaged-template.ts';

it.each(DEPLOYED_STAGES)('%s streams nothing as its file has it', async (stage) => {
  const { resources } = await packaged(stage);
  expect(
    resources.filter(({ id, Type }) => /^Media(Lambda|Role|Fails|Logs)/.test(id) || Type === 'AWS::Lambda::Url'),
  ).toEqual([]);
});

describe('media=iam', () => {
  let pack: Packaged;
  beforeAll(async () => {
    pack = await packaged('prod', ['media=iam']);
  });

  const only = (type: string) => {
    const [found, ...more] = pack.of(type).filter(({ id }) => /^Media(?!Bucket)/.test(id));
    if (!found || more.length > 0) throw new Error(`not one ${type} of media`);
    return found;
  };

  it('has one address, which streams, speaks to the alias and answers signed requests only', () => {
    const [address, ...more] = pack.of('AWS::Lambda::Url').map(({ Properties }) => Properties);
    expect(more).toEqual([]);
    expect(address).toMatchObject({
      AuthType: 'AWS_IAM',
      InvokeMode: 'RESPONSE_STREAM',
      TargetFunctionArn: { 'Fn::Join': [':', [{ 'Fn::GetAtt': ['MediaLambdaFunction', 'Arn'] }, 'live']] },
      Cors: { AllowMethods: ['GET', 'HEAD'], AllowHeaders: expect.arrayContaining(['range', 'if-range']) },
    });
    expect(list(at(address, 'Cors', 'ExposeHeaders'))).toEqual(
      expect.arrayContaining(['content-range', 'etag', 'x-reelmill-not-fragmented']),
    );
    const anyones = pack.of('AWS::Lambda::Permission').filter(({ Properties }) => at(Properties, 'Principal') === '*');
    expect(anyones).toEqual([]);
  });

  it('may read results and nothing else', () => {
    const statements = list(
      at(only('AWS::IAM::Role').Properties, 'Policies', 0, 'PolicyDocument', 'Statement'),
    ) as readonly JsonObject[];
    expect(statements.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      // biome-ignore-start lint/suspicious/noTemplateCurlyInString: as CloudFormation writes them
      [['s3:GetObject', 's3:GetObjectVersion'], { 'Fn::Sub': '${MediaBucket.Arn}/output/*' }],
      ['s3:ListBucket', { 'Fn::GetAtt': ['MediaBucket', 'Arn'] }],
      // biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above
    ]);
  });

  it('is told all that it reads, and has the time for the longest answer', () => {
    const { Properties } = only('AWS::Lambda::Function');
    const { RELEASE: _, ...variables } = at(Properties, 'Environment', 'Variables') as JsonObject;
    expect(Object.keys(variables).sort()).toEqual(Object.keys(STACK_ENVIRONMENT.media.shape).sort());
    const seconds = (200e6 - 6e6) / 2e6; // Lambda's limits of a streamed answer
    expect(Number(at(Properties, 'Timeout'))).toBeGreaterThan(seconds + 30);
    expect(at(Properties, 'ReservedConcurrentExecutions')).toBe(20);
  });

  it('has an alarm that is told to people, and that docs/streaming.md explains', async () => {
    const { Properties } = only('AWS::CloudWatch::Alarm');
    expect(at(Properties, 'AlarmName')).toBe('reelmill-prod-media-fails');
    expect(at(Properties, 'AlarmActions')).toEqual([{ Ref: 'AlarmTopic' }]);
    expect(await readFile('docs/streaming.md', 'utf8')).toContain('`media-fails`');
  });
});
