import { platformFor, usableImage } from '../images/usable-image.mjs';
import { SetupError, say } from '../setup-error.mjs';
import { callerIdentity } from './identity.mjs';
import { hasGpu, requireInstanceTypes } from './instance-types.mjs';
import { requireFreeNames } from './names-taken.mjs';
import { requireMeantLock } from './object-lock.mjs';
import { requireReplicaBucket } from './replica-bucket.mjs';
import { describeStack, requireSettled, stackName } from './stack.mjs';
import { requireZones } from './zones.mjs';

/** Each task's image: the setting that names it, and whether a stage needs one. */
const IMAGES = /** @type {const} */ ([
  { image: 'encode', setting: 'encodeImage', needed: () => true },
  { image: 'upscale', setting: 'upscaleImage', needed: needsGpuImage },
]);

/** @param {Record<string, any>} settings */
function needsGpuImage(settings) {
  return hasGpu(settings) || settings.upscaleOn === 'sagemaker';
}

/**
 * What a stage may not go without, as far as its settings tell. Throws one sentence.
 * @param {import('./options.mjs').StageOptions} options
 */
export function refuseHalfSet({ stage, settings }) {
  const missing = [];
  if (settings.alarms === 'yes' && !settings.alertEmail) missing.push('alertEmail (alarms have to reach somebody)');
  for (const { image, setting, needed } of IMAGES) {
    const name = settings[setting];
    const digest = stage === 'prod' ? ' with its digest' : ''; // the same image for ever
    if (!name && needed(settings)) {
      const command = `npm run image -- --stage ${stage}${image === 'upscale' ? ' --image upscale' : ''}`;
      const or = image === 'upscale' ? ', or do without GPUs: maxGpuVcpus=0' : '';
      missing.push(`${setting}${digest} (${command} makes one${or})`);
    } else if (name && digest && !name.includes('@sha256:')) {
      missing.push(`${setting}${digest} (${name} may come to mean another; ...@sha256:... does not)`);
    }
  }
  if (missing.length === 0) return;
  const hint = `write it into stages/${stage}.yml or pass --param name=value`;
  throw new SetupError(`stage ${stage} needs ${missing.join(', and ')}: ${hint}`, { exitCode: 64 });
}

/**
 * Asks everything that would else be found out when half of a stack is made; nothing is made here. Throws one sentence.
 * Gives the settings that the deploy is to have over the stage's own: its images by their digests.
 * @param {import('./options.mjs').StageOptions} options
 * @returns {Promise<string[]>}
 */
export async function lookBeforeDeploy({ stage, settings, more }) {
  const { region } = settings;
  const { account } = await callerIdentity(region);
  const stack = await describeStack({ stage, settings });
  if (stack) requireSettled(stack, stage);
  const pinned = [];
  for (const { image, setting, needed } of IMAGES) {
    if (!settings[setting] && !needed(settings)) continue;
    const platform = platformFor(image, settings);
    const use = { setting, image: settings[setting], platform, stage, account, region };
    pinned.push(`${setting}=${await usableImage(use)}`);
  }
  await requireZones(region);
  await requireInstanceTypes(settings);
  if (!stack?.outputs.MediaBucketName) await requireFreeNames({ stage, region, account });
  const bucket = `${stackName(stage)}-media-${account}-${region}`;
  await requireMeantLock({ settings, bucket, irrevocable: more.irrevocable });
  await requireReplicaBucket({ stage, settings });
  if (settings.upscaleImage) return pinned;
  // The stack has job definitions that want an image, whether anything is ever enlarged or not.
  say(
    `no image for super-resolution: drops for "upscale" will fail until npm run image -- --stage ${stage} --image upscale`,
  );
  return [...pinned, ...pinned.map((pair) => pair.replace('encodeImage=', 'upscaleImage='))];
}
