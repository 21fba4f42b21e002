import { text } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import { sayWhatBecame } from '../../../scripts/aws/after-deploy.mjs';
import { describeStack } from '../../../scripts/aws/stack.mjs';
import { answeringAws } from '../../support/answering-aws.ts';

type Event = readonly [id: string, status: string, reason?: string];

const DEV = { stage: 'dev', settings: { region: 'us-east-1' } };
const STACK = 'reelmill-dev';

// CloudFormation's answers by its API reference, with the newest event first.
let status: string;
let updated: string;
let events: readonly Event[];

answeringAws(async (request, response) => {
  const isEvents = (await text(request)).includes('Action=DescribeStackEvents');
  const members = events.map(
    ([id, is, reason]) =>
      `<member><LogicalResourceId>${id}</LogicalResourceId><ResourceType>AWS::X::Y</ResourceType><ResourceStatus>${is}</ResourceStatus>${reason ? `<ResourceStatusReason>${reason}</ResourceStatusReason>` : ''}</member>`,
  );
  const stack = `<StackName>${STACK}</StackName><StackStatus>${status}</StackStatus><CreationTime>2026-11-01T00:00:00Z</CreationTime><LastUpdatedTime>${updated}</LastUpdatedTime>`;
  const body = isEvents
    ? `<DescribeStackEventsResponse><DescribeStackEventsResult><StackEvents>${members.join('')}</StackEvents></DescribeStackEventsResult></DescribeStackEventsResponse>`
    : `<DescribeStacksResponse><DescribeStacksResult><Stacks><member>${stack}</member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
  response.writeHead(200, { 'content-type': 'text/xml' }).end(body);
});

/** A deploy to a stack that was whole before, of which this became. */
async function deployed(became: string, told: readonly Event[], isChanged = true): Promise<unknown> {
  [status, updated, events] = ['UPDATE_COMPLETE', '2026-11-02T00:00:00Z', []];
  const before = await describeStack(DEV);
  [status, events] = [became, told];
  if (isChanged) updated = '2026-11-30T00:00:00Z';
  return sayWhatBecame(DEV, before).catch((error: unknown) => error);
}

it('says that another deploy was faster', async () => {
  expect(await deployed('UPDATE_IN_PROGRESS', [])).toMatchObject({
    exitCode: 75,
    message: `${STACK} is being changed just now (UPDATE_IN_PROGRESS), by another deploy or by what this one began: wait until that is over, then deploy again`,
  });
});

it('names the first thing that an older stack did not take, and that the stack is as it was', async () => {
  const told: readonly Event[] = [
    [STACK, 'UPDATE_ROLLBACK_COMPLETE'],
    ['JobsTable', 'UPDATE_FAILED', 'Resource update cancelled'],
    ['EncodeSpotQueue', 'UPDATE_FAILED', 'no policy can be given\n to this queue'],
    [STACK, 'UPDATE_IN_PROGRESS', 'User Initiated'],
    ['Old', 'UPDATE_FAILED', 'of an earlier deploy'],
    [STACK, 'UPDATE_IN_PROGRESS', 'User Initiated'],
  ];
  expect(await deployed('UPDATE_ROLLBACK_COMPLETE', told)).toMatchObject({
    exitCode: 73,
    message: `${STACK} is again as it was before this deploy (UPDATE_ROLLBACK_COMPLETE): EncodeSpotQueue (AWS::X::Y): no policy can be given to this queue`,
  });
});

it('says what to do where the stack could not go back', async () => {
  expect(await deployed('UPDATE_ROLLBACK_FAILED', [])).toMatchObject({
    exitCode: 73,
    message: expect.stringContaining('continue-update-rollback'),
  });
});

it('leaves to the framework what was wrong before CloudFormation was asked', async () => {
  expect(await deployed('UPDATE_ROLLBACK_COMPLETE', [], false)).toBeUndefined();
  expect(await deployed('UPDATE_COMPLETE', [])).toBeUndefined();
});
