import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';
import { type ApiRoute, matchRoute } from '../../core/api/route.ts';
import { ROUTES } from '../../core/api/routes.ts';
import { STACK_ENVIRONMENT } from '../../runtime/config.ts';
import { capture } from '../../scripts/child.mjs';
import { at, DEPLOYED_STAGES, type JsonObject, list, type Packaged, packaged } from '../support/packaged-template.ts';

it.each(DEPLOYED_STAGES)('%s has no address and no people as its file has it', async (stage) => {
  const { resources } = await packaged(stage);
  expect(resources.filter(({ Type }) => /Cognito|ApiGateway/.test(Type))).toEqual([]);
});

it.each([
  { params: ['pages=on'], says: 'operators: is empty, and pages=on lets nobody in but people who are named' },
  { params: ['pages=on', 'operators=[me]'], says: 'operators' },
  { params: ['signInMail=me@example.org'], says: 'is no ARN of an identity of SES' },
])('the settings $params are refused with a sentence', async ({ params, says }) => {
  const script = `require('./stages/index.cjs').readStage('dev', ${JSON.stringify(params)})`;
  const { code, stderr } = await capture(process.execPath, ['-e', script], { env: { PATH: process.env.PATH } });
  expect(code).not.toBe(0);
  expect(stderr).toContain(says);
});

describe('pages=on', () => {
  let pack: Packaged;
  beforeAll(async () => {
    pack = await packaged('prod', [
      ...['pages=on', 'operators=[Me@example.org]', 'people=[me@example.org, you@example.org]'],
      'uploadOrigins=["https://media.example.org"]',
    ]);
  });
  const of = (type: string) => pack.of(type).map(({ Properties }) => Properties);

  it('lets in those whom the stage names, once each, and nobody signs up', () => {
    const [pool] = of('AWS::Cognito::UserPool');
    expect(at(pool, 'AdminCreateUserConfig')).toEqual({ AllowAdminCreateUserOnly: true });
    expect(at(pool, 'UserPoolTier')).toBe('ESSENTIALS');
    expect(at(pool, 'Policies', 'SignInPolicy', 'AllowedFirstAuthFactors')).toContain('EMAIL_OTP');
    expect(of('AWS::Cognito::UserPoolUser').map((user) => at(user, 'Username'))).toEqual([
      'me@example.org',
      'you@example.org',
    ]);
    expect(of('AWS::Cognito::UserPoolUserToGroupAttachment')).toHaveLength(1);
    const [client] = of('AWS::Cognito::UserPoolClient');
    expect(at(client, 'ExplicitAuthFlows')).toEqual(['ALLOW_USER_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH']);
    expect(at(client, 'PreventUserExistenceErrors')).toBe('ENABLED');
  });

  it('tells those who notify where its pages are', () => {
    const told = Object.fromEntries(
      pack
        .of('AWS::Lambda::Function')
        .map(({ id, Properties }) => [id, at(Properties, 'Environment', 'Variables', 'PAGES_URL')]),
    );
    const address = { 'Fn::GetAtt': ['PagesApi', 'ApiEndpoint'] };
    for (const id of ['OnDrop', 'OnJobChange', 'Sweep']) expect(told[`${id}LambdaFunction`]).toEqual(address);
  });

  it('asks for a token everywhere but where the route table lets in anyone', () => {
    const keys = of('AWS::ApiGatewayV2::Route').map((route) => ({
      key: String(at(route, 'RouteKey')),
      isOpen: at(route, 'AuthorizationType') === 'NONE',
    }));
    expect(keys.filter(({ isOpen }) => !isOpen)).toEqual([{ key: 'ANY /api/{proxy+}', isOpen: false }]);
    const open = keys.filter(({ key, isOpen }) => isOpen && key.includes('/api/')).map(({ key }) => key);
    const anyones = Object.values<ApiRoute>(ROUTES).filter(
      ({ audience, only }) => audience === 'anyone' && only !== 'local',
    );
    expect(open.sort()).toEqual(anyones.map(({ method, path }) => `${method} ${path}`).sort());
    for (const key of open) {
      const [method = '', path = ''] = key.split(' ');
      expect(matchRoute(ROUTES, { method, path })).toHaveProperty('name');
    }
  });

  it('checks the tokens of this stage, and slows everybody down together', () => {
    const [authorizer] = of('AWS::ApiGatewayV2::Authorizer');
    expect(at(authorizer, 'AuthorizerType')).toBe('JWT');
    expect(at(authorizer, 'JwtConfiguration', 'Audience')).toEqual([{ Ref: 'PagesClient' }]);
    const [stage] = of('AWS::ApiGatewayV2::Stage');
    expect(at(stage, 'DefaultRouteSettings')).toEqual({ ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 });
    expect(at(stage, 'RouteSettings', 'POST /api/sign-in')).toEqual({
      ThrottlingRateLimit: 1,
      ThrottlingBurstLimit: 5,
    });
  });

  it('lets its own pages and those of the stage speak to the bucket, and no others', () => {
    const [rule] = list(at(pack.template.Resources.MediaBucket?.Properties, 'CorsConfiguration', 'CorsRules'));
    expect(at(rule, 'AllowedOrigins')).toEqual([
      'https://media.example.org',
      { 'Fn::GetAtt': ['PagesApi', 'ApiEndpoint'] },
    ]);
    expect(at(of('AWS::ApiGatewayV2::Api')[0], 'CorsConfiguration', 'AllowOrigins')).toEqual([
      'https://media.example.org',
    ]);
    expect(at(pack.template.Outputs, 'PagesUrl', 'Value')).toEqual({ 'Fn::GetAtt': ['PagesApi', 'ApiEndpoint'] });
  });

  it('may read no source, and overwrite none', () => {
    const role = pack.template.Resources.ApiRole?.Properties;
    const statements = list(at(role, 'Policies', 0, 'PolicyDocument', 'Statement')) as readonly JsonObject[];
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as CloudFormation writes it
    const input = { 'Fn::Sub': '${MediaBucket.Arn}/input/*' };
    const onSources = statements.filter(({ Resource }) => JSON.stringify(Resource) === JSON.stringify(input));
    expect(onSources.map(({ Effect, Action }) => [Effect, Action])).toEqual([
      ['Allow', ['s3:PutObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload']],
      ['Deny', 's3:PutObject'],
    ]);
    expect(onSources[1]?.Condition).toEqual({
      Bool: { 's3:ObjectCreationOperation': 'true' },
      Null: { 's3:if-none-match': 'true' },
    });
  });

  it('is told all that it reads, and has its alarm', () => {
    const { RELEASE: _, ...variables } = at(
      pack.template.Resources.ApiLambdaFunction?.Properties,
      'Environment',
      'Variables',
    ) as JsonObject;
    expect(Object.keys(variables).sort()).toEqual(Object.keys(STACK_ENVIRONMENT.api.shape).sort());
    expect(at(pack.template.Resources.ApiFails?.Properties, 'AlarmName')).toBe('reelmill-prod-api-fails');
  });

  it('brings the program that signs addresses in its zip', async () => {
    const files = Object.keys(unzipSync(await readFile(`${pack.folder}/api.zip`)));
    expect(files).toContain('functions/api.mjs');
    const text = Buffer.from(unzipSync(await readFile(`${pack.folder}/api.zip`))['functions/api.mjs'] ?? []).toString();
    expect(text).toContain('X-Amz-Signature');
    expect(
      [...text.matchAll(/from\s*"(@[^"]+)"/g)]
        .map(([, name = '']) => name)
        .filter((name) => !/^@aws-sdk\/(client|lib)-/.test(name)),
    ).toEqual([]);
  });
});
