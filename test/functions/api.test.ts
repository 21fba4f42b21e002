import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cognitoCodes } from '../../adapters/aws/cognito-codes.ts';
import { callerOfClaims } from '../../core/api/caller-of-claims.ts';
import { droppedKeys } from '../../functions/events.ts';
import { newJob } from '../fixtures/new-job.ts';
import { functionSide } from '../support/api-sides.ts';

const JOB = newJob("it's a+b %.mov", {
  source: "input/preserve/user-ann/it's a+b %.mov",
  state: { status: 'failed', code: 'x', reason: 'y' },
});

// Every route is called through functions/api.ts in test/api/: here is what it does besides.
describe('the function of the API', () => {
  let side: Awaited<ReturnType<typeof functionSide>>;
  beforeAll(async () => {
    side = await functionSide();
    await side.jobs.create(JOB);
  });
  afterAll(() => side.close());

  it('gives out pages to anyone, with a policy that allows the bucket and nobody else', async () => {
    const { status, headers } = await side.ask({ method: 'GET', path: '/', query: '' }, 'nobody');
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toMatch(/connect-src 'self' http:\/\/127\.0\.0\.1:\d+;/);
    expect(headers['content-security-policy']).not.toMatch(/unsafe/);
  });

  it('has a job that is made again delivered as a drop of its source', async () => {
    expect((await side.ask({ method: 'POST', path: `/api/jobs/${JOB.id}/retry`, query: '' }, 'ann')).status).toBe(200);
    const keys = (await side.retried()).flatMap((body) => droppedKeys(body));
    expect(keys).toEqual([{ key: JOB.source }]);
    expect(await side.jobs.get(JOB.id)).toMatchObject({ state: { status: 'queued' } });
  });

  it('has no routes that only a server on a machine has', async () => {
    expect((await side.ask({ method: 'GET', path: '/api/events', query: '' }, 'ann')).status).toBe(404);
  });

  it('tells that people come in by e-mail, and that nobody can where the service is not reached', async () => {
    expect(await side.ask({ method: 'GET', path: '/api/sign-in', query: '' }, 'nobody')).toMatchObject({
      json: { way: 'email', stage: 'test' },
    });
    const asked = { method: 'POST', path: '/api/sign-in', query: '', body: { email: 'ann@example.org' } };
    expect(await side.ask(asked, 'nobody')).toMatchObject({ status: 503, json: { code: 'busy' } });
  });
});

describe('callerOfClaims', () => {
  const rules = { issuer: 'https://pool', audience: 'pages', nowMs: 1_000_000 };
  const claims = { sub: 'abc-1', iss: 'https://pool', aud: 'pages', exp: '1001', token_use: 'id', email: 'a@b.c' };

  it.each([
    { groups: undefined, role: 'user' },
    { groups: '[operators]', role: 'operator' },
    { groups: '[others operators]', role: 'operator' },
    { groups: '[no-operators operators-not]', role: 'user' },
  ])('reads the groups $groups as $role', ({ groups, role }) => {
    expect(callerOfClaims({ ...claims, 'cognito:groups': groups }, rules)).toEqual({
      id: 'abc-1',
      name: 'a@b.c',
      role,
      folder: 'abc-1',
    });
  });

  it.each([
    { what: 'no claims', changed: undefined },
    { what: 'another pool', changed: { iss: 'https://other' } },
    { what: 'another client', changed: { aud: 'other' } },
    { what: 'an old token', changed: { exp: '1000' } },
    { what: 'an access token', changed: { token_use: 'access' } },
    { what: 'a time that is none', changed: { exp: 'soon' } },
    { what: 'a folder for a name', changed: { sub: '../x' } },
  ])('knows nobody by $what', ({ changed }) => {
    expect(callerOfClaims(changed && { ...claims, ...changed }, rules)).toBeUndefined();
  });
});

describe('signing in with a code', () => {
  // Requests and answers as the reference of Cognito's API has them (InitiateAuth, RespondToAuthChallenge, RevokeToken).
  const asked: { readonly action: string; readonly body: Record<string, unknown> }[] = [];
  let answer: { readonly status: number; readonly json: unknown } = { status: 200, json: {} };
  const server = createServer(async (incoming, response) => {
    let text = '';
    for await (const chunk of incoming) text += chunk;
    asked.push({ action: `${incoming.headers['x-amz-target']}`.split('.')[1] ?? '', body: JSON.parse(text) });
    response
      .writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' })
      .end(JSON.stringify(answer.json));
  });
  let codes: ReturnType<typeof cognitoCodes>;
  beforeAll(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    codes = cognitoCodes({ endpoint: `http://127.0.0.1:${port}/`, clientId: 'pages', now: () => 5000 });
  });
  afterAll(() => void server.close());

  it('asks for a code by e-mail, and redeems it for a token', async () => {
    answer = {
      status: 200,
      json: {
        ChallengeName: 'EMAIL_OTP',
        Session: 'AYABe',
        ChallengeParameters: { CODE_DELIVERY_DELIVERY_MEDIUM: 'EMAIL' },
      },
    };
    expect(await codes.send('Ann@Example.org')).toEqual({ session: 'AYABe' });
    expect(asked.at(-1)).toEqual({
      action: 'InitiateAuth',
      body: {
        AuthFlow: 'USER_AUTH',
        ClientId: 'pages',
        AuthParameters: { USERNAME: 'ann@example.org', PREFERRED_CHALLENGE: 'EMAIL_OTP' },
      },
    });
    answer = {
      status: 200,
      json: {
        AuthenticationResult: {
          IdToken: 'id',
          AccessToken: 'a',
          RefreshToken: 'r',
          ExpiresIn: 3600,
          TokenType: 'Bearer',
        },
      },
    };
    expect(await codes.redeem({ email: 'ann@example.org', session: 'AYABe', code: '123456' })).toEqual({
      token: 'id',
      expiresMs: 3_605_000,
      renewal: 'r',
    });
    expect(asked.at(-1)?.body).toMatchObject({
      ChallengeName: 'EMAIL_OTP',
      Session: 'AYABe',
      ChallengeResponses: { USERNAME: 'ann@example.org', EMAIL_OTP_CODE: '123456' },
    });
  });

  it('says nothing of whether an address may come in', async () => {
    answer = { status: 400, json: { __type: 'UserNotFoundException', message: 'User does not exist.' } };
    const { session } = await codes.send('eve@example.org');
    expect(await codes.redeem({ email: 'eve@example.org', session, code: '123456' })).toBeUndefined();
  });

  it.each(['CodeMismatchException', 'ExpiredCodeException', 'NotAuthorizedException'])(
    'lets nobody in after %s',
    async (type) => {
      answer = { status: 400, json: { __type: type, message: 'Invalid code' } };
      expect(await codes.redeem({ email: 'ann@example.org', session: 's', code: '000000' })).toBeUndefined();
      expect(await codes.renew('old')).toBeUndefined();
    },
  );

  it.each([
    { status: 400, type: 'TooManyRequestsException', says: /wait a few minutes$/ },
    { status: 500, type: 'InternalErrorException', says: /answered 500 InternalErrorException; try again$/ },
  ])('says so where $type is answered', async ({ status, type, says }) => {
    answer = { status, json: { __type: type } };
    await expect(codes.send('ann@example.org')).rejects.toMatchObject({ code: 'busy', message: says });
  });
});
