import { SetupError } from '../setup-error.mjs';
import { describeStack, requireSettled } from './stack.mjs';

/** What CloudFormation says of resources that it broke off because of another one. */
const BROKEN_OFF = /^Resource (creation|update|deletion) cancelled$/i;

/**
 * Throws one sentence where a deploy that began did not come to its end: another one was faster, or CloudFormation took back what it had
 * done, with the first of its reasons. Of what was wrong before CloudFormation was asked, the framework has told.
 * @param {{ stage: string, settings: Record<string, any> }} of
 * @param {import('./stack.mjs').Stack | undefined} before  the stack as it was
 */
export async function sayWhatBecame({ stage, settings }, before) {
  const after = await describeStack({ stage, settings });
  if (!after) return;
  const { name, status } = after;
  if (status.endsWith('_IN_PROGRESS')) {
    throw new SetupError(
      `${name} is being changed just now (${status}), by another deploy or by what this one began: wait until that is over, then deploy again`,
      { exitCode: 75 },
    );
  }
  if (after.changed === before?.changed) return;
  const why = await firstFailure(after);
  if (status === 'UPDATE_ROLLBACK_COMPLETE') {
    throw new SetupError(`${name} is again as it was before this deploy (${status}): ${why}`, { exitCode: 73 });
  }
  if (status.includes('ROLLBACK') || status.endsWith('_FAILED')) process.stderr.write(`reelmill: ${why}\n`);
  requireSettled(after, stage);
}

/**
 * The first resource of the last change that could not be made, and why.
 * @param {import('./stack.mjs').Stack} stack
 */
async function firstFailure({ name, region }) {
  const { CloudFormationClient, paginateDescribeStackEvents } = await import('@aws-sdk/client-cloudformation');
  const client = new CloudFormationClient({ region });
  let first = 'CloudFormation gave no reason';
  // the newest come first, and those of earlier changes last
  for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client }, { StackName: name })) {
    for (const {
      LogicalResourceId = '',
      ResourceType,
      ResourceStatus = '',
      ResourceStatusReason = '',
    } of StackEvents) {
      if (LogicalResourceId === name && /^(CREATE|UPDATE)_IN_PROGRESS$/.test(ResourceStatus)) return first;
      if (ResourceStatus.endsWith('_FAILED') && !BROKEN_OFF.test(ResourceStatusReason))
        first = `${LogicalResourceId} (${ResourceType}): ${ResourceStatusReason.replace(/\s+/g, ' ').trim()}`;
    }
  }
  return first;
}
