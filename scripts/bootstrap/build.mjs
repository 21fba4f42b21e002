import { setTimeout as wait } from 'node:timers/promises';
import { onOneLine } from '../aws/sentences.mjs';
import { SetupError, say } from '../setup-error.mjs';
import { openBuildLog } from './build-log.mjs';

/** The project of resources/bootstrap.yml. */
const PROJECT = 'reelmill-images';

/** An image builds where its processor is: nothing is emulated. Both bring Docker with buildx, on Amazon Linux 2023. */
const MACHINES = /** @type {const} */ ({
  'linux/amd64': {
    environmentTypeOverride: 'LINUX_CONTAINER',
    imageOverride: 'aws/codebuild/amazonlinux-x86_64-standard:5.0',
  },
  'linux/arm64': {
    environmentTypeOverride: 'ARM_CONTAINER',
    imageOverride: 'aws/codebuild/amazonlinux-aarch64-standard:3.0',
  },
});

/**
 * @typedef {object} Order
 * @property {'encode' | 'upscale'} image
 * @property {string} platform
 * @property {string} tag  the image's whole name
 * @property {string} source  bucket and key of the zip
 * @property {string} stage
 * @property {string} region
 * @property {number} [everyMs]  how often CodeBuild is asked how far it is
 */

/**
 * Has CodeBuild build an image, and shows its phases and its lines until it ends. A build of the same image that runs
 * already, since a deploy was broken off, is waited for instead. Gives how it ended; it says nothing of whether the image is
 * there now, which another build may have seen to.
 * @param {Order} order
 * @returns {Promise<{ readonly succeeded: boolean, readonly why: string }>}
 */
export async function buildInAccount(order) {
  const { BatchGetBuildsCommand, CodeBuildClient } = await import('@aws-sdk/client-codebuild');
  const client = new CodeBuildClient({ region: order.region });
  const id = (await running(client, order)) ?? (await start(client, order));
  const log = await openBuildLog(order.region);
  const shown = new Set();
  for (;;) {
    const { builds } = await client.send(new BatchGetBuildsCommand({ ids: [id] }));
    const build = builds?.[0];
    for (const phase of build?.phases ?? []) tellPhase(phase, shown);
    await log.showNew(build?.logs);
    if (build?.buildComplete) return outcomeOf(build);
    await wait(order.everyMs ?? 5_000);
  }
}

/**
 * @param {import('@aws-sdk/client-codebuild').CodeBuildClient} client
 * @param {Order} order
 * @returns {Promise<string>} the build's id
 */
async function start(client, { image, platform, tag, source, stage }) {
  const { StartBuildCommand } = await import('@aws-sdk/client-codebuild');
  const values = { IMAGE: image, PLATFORM: platform, TAG: tag, REGISTRY: tag.slice(0, tag.indexOf('/')) };
  const asked = new StartBuildCommand({
    projectName: PROJECT,
    sourceTypeOverride: 'S3',
    sourceLocationOverride: source,
    ...MACHINES[/** @type {keyof typeof MACHINES} */ (platform)],
    environmentVariablesOverride: Object.entries(values).map(([name, value]) => ({ name, value, type: 'PLAINTEXT' })),
  });
  try {
    const { build } = await client.send(asked);
    say(`building ${tag} for ${platform} in this account, FFmpeg too: build ${build?.id}`);
    return build?.id ?? '';
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AccountLimitExceededException')) throw error;
    const size = platform === 'linux/arm64' ? 'ARM/Medium' : 'Linux/Medium';
    throw new SetupError(
      `CodeBuild takes no build of this account now (${error.message.replace(/\.$/, '')}): ask Service Quotas for more "Concurrently running builds for ${size} environment", or make the image with Docker: npm run image -- --stage ${stage}${image === 'upscale' ? ' --image upscale' : ''}`,
    );
  }
}

/**
 * @param {import('@aws-sdk/client-codebuild').CodeBuildClient} client
 * @param {Order} order
 * @returns {Promise<string | undefined>}
 */
async function running(client, { tag }) {
  const { BatchGetBuildsCommand, ListBuildsForProjectCommand } = await import('@aws-sdk/client-codebuild');
  const newest = new ListBuildsForProjectCommand({ projectName: PROJECT, sortOrder: 'DESCENDING' });
  const { ids = [] } = await client.send(newest);
  if (ids.length === 0) return undefined;
  const { builds = [] } = await client.send(new BatchGetBuildsCommand({ ids: ids.slice(0, 100) }));
  const same = builds.find(
    ({ buildComplete, environment }) =>
      !buildComplete && environment?.environmentVariables?.some(({ name, value }) => name === 'TAG' && value === tag),
  );
  if (same) say(`${tag} is being built already: build ${same.id}`);
  return same?.id;
}

/**
 * @param {import('@aws-sdk/client-codebuild').BuildPhase} phase
 * @param {Set<unknown>} shown
 */
function tellPhase({ phaseType, durationInSeconds }, shown) {
  const hasEnded = durationInSeconds !== undefined;
  const line = hasEnded ? `${phaseType} took ${durationInSeconds} s` : `${phaseType} runs`;
  if (phaseType === 'COMPLETED' || shown.has(line)) return;
  shown.add(line);
  say(`build: ${line}`);
}

/**
 * @param {import('@aws-sdk/client-codebuild').Build} build
 */
function outcomeOf({ id, buildStatus, phases = [], logs }) {
  const failed = phases.find(({ phaseStatus }) => phaseStatus !== undefined && phaseStatus !== 'SUCCEEDED');
  const message = failed?.contexts?.find((context) => context.message)?.message;
  const where = failed ? ` in ${failed.phaseType}` : '';
  const log = logs?.groupName && logs.streamName ? `; its log is ${logs.groupName}, ${logs.streamName}` : '';
  const why = `build ${id} ended with ${buildStatus}${where}${message ? ` (${onOneLine(message)})` : ''}${log}`;
  return { succeeded: buildStatus === 'SUCCEEDED', why };
}
