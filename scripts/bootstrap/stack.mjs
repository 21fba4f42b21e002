import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../setup.mjs';
import { SetupError, say } from '../setup-error.mjs';

/** The account's in a region, whatever stages it has. */
const STACK = 'reelmill-bootstrap';

/** What its template makes unless the account has it: an earlier `npm run image` may have made it. */
const REPOSITORIES = [
  { parameter: 'EncodeRepository', resource: 'Encode', name: 'reelmill/encode' },
  { parameter: 'UpscaleRepository', resource: 'Upscale', name: 'reelmill/upscale' },
];

/** CloudFormation takes a few minutes at most for this stack. */
const PATIENCE_SECONDS = 900;

/**
 * Makes the stack that builds images, or updates it, where the account has it not as this checkout describes it. Gives the
 * bucket that takes zips.
 * @param {string} region
 * @param {number} [everySeconds]  how often it is asked how far it is
 */
export async function ensureBootstrap(region, everySeconds = 5) {
  const template = await readFile(join(ROOT, 'resources', 'bootstrap.yml'), 'utf8');
  const key = createHash('sha256').update(template).digest('hex').slice(0, 32);
  const {
    Capability,
    CloudFormationClient,
    CreateStackCommand,
    DescribeStackEventsCommand,
    DescribeStacksCommand,
    ListStackResourcesCommand,
    UpdateStackCommand,
    waitUntilStackCreateComplete,
    waitUntilStackUpdateComplete,
  } = await import('@aws-sdk/client-cloudformation');
  const client = new CloudFormationClient({ region });
  const before = await described();
  requireUsable(before?.StackStatus ?? '');
  if (outputOf(before, 'TemplateKey') !== key) {
    say(`${before ? 'updating' : 'making'} the stack ${STACK}, which builds images in this account`);
    await change(before !== undefined);
  }
  return outputOf(await described(), 'Bucket');

  async function described() {
    try {
      const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: STACK }));
      return Stacks?.[0];
    } catch (error) {
      if (error instanceof Error && error.name === 'ValidationError') return undefined; // there is none of this name
      throw error;
    }
  }

  /** @param {boolean} isThere */
  async function change(isThere) {
    const all = {
      StackName: STACK,
      TemplateBody: template,
      Capabilities: [Capability.CAPABILITY_NAMED_IAM],
      Parameters: [
        { ParameterKey: 'TemplateKey', ParameterValue: key },
        ...(await repositoryParameters(isThere ? await ownResources() : [], region)),
      ],
      Tags: [{ Key: 'project', Value: 'reelmill' }],
    };
    const waiting = { client, maxWaitTime: PATIENCE_SECONDS, minDelay: everySeconds, maxDelay: everySeconds };
    const { StackId = STACK } = isThere
      ? await client.send(new UpdateStackCommand(all)).catch(ignoreAnotherUpdate)
      : await client.send(new CreateStackCommand({ ...all, OnFailure: 'DELETE' })).catch(ignoreAnotherDeploy);
    const wait = isThere ? waitUntilStackUpdateComplete : waitUntilStackCreateComplete;
    await wait(waiting, { StackName: StackId }).catch(async (cause) => {
      throw (await failureOf(StackId)) ?? cause;
    });
  }

  /**
   * Lets a deploy wait for another one that updates the stack at this moment.
   * @param {unknown} error
   * @returns {Promise<{ StackId?: string }>}
   */
  async function ignoreAnotherUpdate(error) {
    const now = await described();
    const isAnothers = now?.StackStatus?.endsWith('_IN_PROGRESS') || outputOf(now, 'TemplateKey') === key;
    if (isAnothers && error instanceof Error && error.name === 'ValidationError') return {};
    throw error;
  }

  async function ownResources() {
    const asked = new ListStackResourcesCommand({ StackName: STACK });
    const { StackResourceSummaries = [] } = await client.send(asked);
    return StackResourceSummaries.filter(({ ResourceStatus }) => ResourceStatus !== 'DELETE_COMPLETE').map(
      ({ LogicalResourceId = '' }) => LogicalResourceId,
    );
  }

  /** @param {string} id  by which a stack is known that removed itself */
  async function failureOf(id) {
    const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: id }));
    const [first] = StackEvents.filter(({ ResourceStatus }) => ResourceStatus?.endsWith('_FAILED')).reverse();
    if (!first) return undefined;
    const why = `${first.LogicalResourceId}: ${first.ResourceStatusReason ?? first.ResourceStatus}`;
    return new SetupError(
      `the stack ${STACK} was not made (${why}): npm run deploy tries again once that is put right`,
    );
  }
}

/**
 * A repository that the stack has made stays its own; one that was there before it stays the account's.
 * @param {readonly string[]} own
 * @param {string} region
 */
async function repositoryParameters(own, region) {
  const { DescribeRepositoriesCommand, ECRClient, RepositoryNotFoundException } = await import('@aws-sdk/client-ecr');
  const ecr = new ECRClient({ region });
  const isThere = async (/** @type {string} */ name) => {
    try {
      await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [name] }));
      return true;
    } catch (error) {
      if (error instanceof RepositoryNotFoundException) return false;
      throw error;
    }
  };
  return Promise.all(
    REPOSITORIES.map(async ({ parameter, resource, name }) => ({
      ParameterKey: parameter,
      ParameterValue: !own.includes(resource) && (await isThere(name)) ? 'is-there' : 'make',
    })),
  );
}

/** @param {string} status  in CloudFormation's words */
function requireUsable(status) {
  if (status.endsWith('_IN_PROGRESS')) {
    throw new SetupError(`${STACK} is being changed just now (${status}): wait until that is over`, { exitCode: 75 });
  }
  if (/^(ROLLBACK|CREATE|DELETE)_FAILED$|^ROLLBACK_COMPLETE$|^UPDATE_ROLLBACK_FAILED$/.test(status)) {
    const remove = `aws cloudformation delete-stack --stack-name ${STACK}`;
    throw new SetupError(`${STACK} is not whole (${status}): ${remove}, then deploy again`, { exitCode: 73 });
  }
}

/**
 * Two deploys of a new account may both find nothing: the second waits for what the first makes.
 * @param {unknown} error
 * @returns {{ StackId?: string }}
 */
function ignoreAnotherDeploy(error) {
  if (error instanceof Error && error.name === 'AlreadyExistsException') return {};
  throw error;
}

/**
 * @param {import('@aws-sdk/client-cloudformation').Stack | undefined} stack
 * @param {string} name
 */
const outputOf = (stack, name) => stack?.Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue ?? '';
