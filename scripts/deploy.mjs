// Makes or updates a stack: npm run deploy -- --stage dev|test|prod [--param name=value]...
import { sayWhatBecame } from './aws/after-deploy.mjs';
import { holdImages, lookBeforeDeploy, makeImages, refuseHalfSet } from './aws/before-deploy.mjs';
import { DEPLOYED_STAGES, framework } from './aws/framework.mjs';
import { stageOptions } from './aws/options.mjs';
import { exitWithSentence } from './aws/sentences.mjs';
import { ensureServiceRoles } from './aws/service-roles.mjs';
import { describeStack } from './aws/stack.mjs';
import { ensureReady } from './setup.mjs';
import { say } from './setup-error.mjs';

const usage = 'npm run deploy -- --stage dev|test|prod [--param name=value]... [--irrevocable compliance]';
const text = /** @type {const} */ ({ type: 'string' });

await exitWithSentence(async () => {
  await ensureReady({ need: ['packages'] });
  const options = stageOptions(process.argv.slice(2), {
    ...{ usage, stages: DEPLOYED_STAGES },
    options: { irrevocable: text },
  });
  refuseHalfSet(options);
  const pinned = await makeImages(options, await lookBeforeDeploy(options));
  await holdImages(options, pinned);
  const made = await ensureServiceRoles(options.settings);
  if (made.length > 0) say(`made the roles of AWS's services that the account had not: ${made.join(', ')}`);
  const before = await describeStack(options);
  const code = await framework('deploy', { ...options, param: withPinned(options.param, pinned) });
  if (code !== 0) await sayWhatBecame(options, before);
  if (code !== 0) return code;
  const stack = await describeStack(options);
  say(
    `drop files into s3://${stack?.outputs.MediaBucketName}/input/<recipe>/ (recipes: npm run -s reelmill -- recipes)`,
  );
  if (options.settings.alertEmail) say(`confirm the subscription that AWS mails to ${options.settings.alertEmail}`);
  if (options.settings.slack === 'yes') say(`put the webhook into the secret ${stack?.name}/slack (docs/aws.md)`);
});

/**
 * @param {readonly string[]} param
 * @param {readonly string[]} pinned
 */
function withPinned(param, pinned) {
  const nameOf = (/** @type {string} */ pair) => pair.slice(0, pair.indexOf('='));
  const names = pinned.map(nameOf);
  return [...param.filter((pair) => !names.includes(nameOf(pair))), ...pinned];
}
