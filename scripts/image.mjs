// Builds the image of a task. For a stage, into the account's own ECR, and writes its name into the stage's settings:
//   npm run image -- --stage dev [--image upscale]
// For any registry: npm run image -- --tag docker.io/me/encode:1.0.0 [--image upscale] [--push] [--platform linux/arm64]
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DEPLOYED_STAGES } from './aws/framework.mjs';
import { callerIdentity } from './aws/identity.mjs';
import { stageOptions } from './aws/options.mjs';
import { exitWithSentence } from './aws/sentences.mjs';
import { contentKey, imageContext } from './bootstrap/image-context.mjs';
import { buildTask } from './build-task.mjs';
import { buildImage, logIn, requireDocker } from './images/docker.mjs';
import { ensureRepository, inEcr, loginToEcr } from './images/ecr.mjs';
import { parseImageName } from './images/image-name.mjs';
import { recordImage } from './images/record.mjs';
import { platformFor, usableImage } from './images/usable-image.mjs';
import { ensureReady, ROOT } from './setup.mjs';
import { SetupError, say } from './setup-error.mjs';

const usage =
  'npm run image -- --stage dev|test|prod [--image encode|upscale] [--target cuda], or npm run image -- --tag REGISTRY/NAME:VERSION [--image encode|upscale] [--target cuda] [--push] [--platform linux/amd64|linux/arm64]';

/** Each has a Dockerfile below docker/, and what it is built for. NVIDIA's libraries are there for one processor. */
const PLATFORMS = { encode: ['linux/amd64', 'linux/arm64'], upscale: ['linux/amd64'] };

await exitWithSentence(async () => {
  await ensureReady({ need: ['packages'] });
  const options = given();
  if (options.stage !== undefined) return forStage({ ...options, stage: options.stage });
  await requireDocker();
  await buildTask(options.image);
  return buildImage(options);
});

/**
 * Everything that can be asked is asked before the build, which takes long.
 * @param {{ stage: string, image: 'encode' | 'upscale', target: string | undefined }} wanted
 */
async function forStage({ stage, image, target }) {
  const { settings } = stageOptions(['--stage', stage], { usage, stages: DEPLOYED_STAGES });
  const { region } = settings;
  await requireDocker();
  const { account } = await callerIdentity(region);
  const repository = await ensureRepository(`reelmill/${image}`, region);
  await logIn(repository.slice(0, repository.indexOf('/')), await loginToEcr(region));
  await buildTask(image);
  const platform = platformFor(image, settings);
  const key = contentKey(await imageContext(image), { platform, target });
  const tag = `${repository}:${key}`;
  const digest = (await inEcr(parseImageName(tag), region))?.digest;
  if (digest === undefined) {
    say(`building ${tag} for ${platform}; FFmpeg is built too, the first time`);
    const code = await buildImage({ image, tag, target, platform, push: true });
    if (code !== 0) return code;
  } else say(`${tag} is there already: nothing that goes into it has changed`);
  const setting = image === 'encode' ? 'encodeImage' : 'upscaleImage';
  const use = /** @type {const} */ ({ setting, image: tag, platform, stage, account, region });
  const name = await usableImage(use);
  await recordImage(join(ROOT, 'stages', `${stage}.yml`), setting, name);
  say(`${setting} in stages/${stage}.yml is now ${name}; npm run deploy -- --stage ${stage} uses it`);
}

function given() {
  const text = /** @type {const} */ ({ type: 'string' });
  const flag = /** @type {const} */ ({ type: 'boolean' });
  const wrong = (/** @type {string} */ what) => new SetupError(`${what}; usage: ${usage}`, { exitCode: 64 });
  const { stage, tag = '', image = 'encode', target, push, platform } = parsed();
  if (stage === undefined && !tag) throw wrong('say for which stage, or what to call the image');
  if (stage !== undefined && (tag || push || platform)) {
    throw wrong('--stage says tag, platform and that it is pushed: leave --tag, --platform and --push out');
  }
  if (image !== 'encode' && image !== 'upscale') throw wrong(`there is no image "${image}"`);
  const platforms = PLATFORMS[image];
  const built = platform ?? (platforms.length === 1 ? platforms[0] : undefined);
  if (built !== undefined && !platforms.includes(built)) throw wrong(`${image} is built for ${platforms.join(', ')}`);
  return { stage, tag, image: /** @type {keyof typeof PLATFORMS} */ (image), target, push, platform: built };

  function parsed() {
    const options = { stage: text, tag: text, image: text, target: text, push: flag, platform: text };
    try {
      return parseArgs({ options }).values;
    } catch (error) {
      throw wrong(error instanceof Error ? error.message : String(error));
    }
  }
}
