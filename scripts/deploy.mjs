// Makes or updates a stack: npm run deploy -- --stage dev|test|prod [--param name=value]...
import { DEPLOYED_STAGES, framework } from './aws/framework.mjs';
import { stageOptions } from './aws/options.mjs';
import { describeStack } from './aws/stack.mjs';
import { ensureReady } from './setup.mjs';
import { exitWith, SetupError, say } from './setup-error.mjs';

const usage = 'npm run deploy -- --stage dev|test|prod [--param name=value]...';

await exitWith(async () => {
  await ensureReady({ need: ['packages'] });
  const options = stageOptions(process.argv.slice(2), { usage, stages: DEPLOYED_STAGES });
  refuseHalfSet(options);
  const code = await framework('deploy', options);
  if (code !== 0) return code;
  const stack = await describeStack(options);
  say(
    `drop files into s3://${stack?.outputs.MediaBucketName}/input/<recipe>/ (recipes: npm run -s reelmill -- recipes)`,
  );
  if (options.settings.alertEmail) say(`confirm the subscription that AWS mails to ${options.settings.alertEmail}`);
  if (options.settings.slack === 'yes') say(`put the webhook into the secret ${stack?.name}/slack (docs/aws.md)`);
});

/**
 * What a stage may not go without.
 * @param {import('./aws/options.mjs').StageOptions} options
 */
function refuseHalfSet({ stage, settings }) {
  const missing = [];
  if (settings.alarms === 'yes' && !settings.alertEmail) missing.push('alertEmail (alarms have to reach somebody)');
  if (stage === 'prod') {
    const loose = ['encodeImage', 'upscaleImage'].filter((name) => !settings[name].includes('@sha256:'));
    missing.push(...loose.map((name) => `${name} with its digest (the same image for ever: ...@sha256:...)`));
  }
  if (missing.length === 0) return;
  const hint = `write it into stages/${stage}.yml or pass --param name=value`;
  throw new SetupError(`stage ${stage} needs ${missing.join(', and ')}: ${hint}`, { exitCode: 64 });
}
