import { expect, it } from '@jest/globals';
import { requireConcurrency } from '../../../scripts/aws/concurrency.mjs';
import { stageOptions } from '../../../scripts/aws/options.mjs';
import { answeringAws } from '../../support/answering-aws.ts';

// Lambda by its API reference: GetAccountSettings, GetFunctionConcurrency.
let account: { readonly limit: number; readonly free: number };
let reserved: Readonly<Record<string, number>>;
let asked = 0;

answeringAws((request, response) => {
  asked += 1;
  response.setHeader('content-type', 'application/json');
  const [, name = ''] = /^\/2019-09-30\/functions\/reelmill-dev-(\w+)\/concurrency$/.exec(request.url ?? '') ?? [];
  if (name === '') {
    const { limit: ConcurrentExecutions, free: UnreservedConcurrentExecutions } = account;
    return void response.end(
      JSON.stringify({ AccountLimit: { ConcurrentExecutions, UnreservedConcurrentExecutions } }),
    );
  }
  if (!(name in reserved)) {
    response.statusCode = 404;
    response.setHeader('x-amzn-errortype', 'ResourceNotFoundException');
    return void response.end('{"Message":"Function not found"}');
  }
  response.end(JSON.stringify({ ReservedConcurrentExecutions: reserved[name] }));
});

const ask = (...params: readonly string[]) => {
  const args = ['--stage', 'dev', ...params.flatMap((pair) => ['--param', pair])];
  return requireConcurrency({ stage: 'dev', settings: stageOptions(args, { usage: '' }).settings });
};

it.each([
  { what: 'a new account', limit: 10, free: 10, there: {}, left: 0, kept: 10 },
  { what: 'one whose executions others have reserved', limit: 1000, free: 105, there: {}, left: 95, kept: 100 },
])('tells $what that has not enough for thumbnails', async ({ limit, free, there, left, kept }) => {
  [account, reserved] = [{ limit, free }, there];
  await expect(ask('thumbnails=iam')).rejects.toMatchObject({
    exitCode: 69,
    message: `the account may have ${limit} functions of Lambda run at once, of which ${free} are not reserved, and thumbnailsConcurrency=10 would leave ${left} of them, where Lambda keeps ${kept}: ask Service Quotas for more "Concurrent executions", or set less`,
  });
});

it.each([
  { what: 'the usual account', limit: 1000, free: 1000, there: {} },
  { what: 'a stage that has reserved them already', limit: 50, free: 20, there: { thumbnail: 10, media: 20 } },
])('lets $what deploy both', async ({ limit, free, there }) => {
  [account, reserved] = [{ limit, free }, there];
  await expect(ask('thumbnails=public', 'media=iam')).resolves.toBeUndefined();
});

it('asks nothing for a stage that reserves nothing', async () => {
  asked = 0;
  await ask();
  expect(asked).toBe(0);
});
