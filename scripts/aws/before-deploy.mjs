import { imageOfCheckout } from '../bootstrap/image-of-checkout.mjs';
import { holdImage } from '../images/hold-image.mjs';
import { platformFor, usableImage } from '../images/usable-image.mjs';
import { SetupError, say } from '../setup-error.mjs';
import { requireConcurrency } from './concurrency.mjs';
import { callerIdentity } from './identity.mjs';
import { hasGpu, requireInstanceTypes } from './instance-types.mjs';
import { requireNoWorkThatEnds } from './leaving-queues.mjs';
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
  for (const { setting } of IMAGES) {
    const name = settings[setting]; // empty: the image of this checkout, by its digest
    if (stage === 'prod' && name && !name.includes('@sha256:')) {
      missing.push(`${setting} with its digest (${name} may come to mean another; ...@sha256:... does not)`);
    }
  }
  if (missing.length === 0) return;
  const hint = `write it into stages/${stage}.yml or pass --param name=value`;
  throw new SetupError(`stage ${stage} needs ${missing.join(', and ')}: ${hint}`, { exitCode: 64 });
}

/**
 * Asks everything that would else be found out when half of a stack is made; nothing is made here. Throws one sentence.
 * Gives the settings that the deploy is to have over the stage's own: those of its images that it names, by their digests.
 * @param {import('./options.mjs').StageOptions} options
 * @returns {Promise<string[]>}
 */
export async function lookBeforeDeploy({ stage, settings, more }) {
  const { region } = settings;
  const { account } = await callerIdentity(region);
  const stack = await describeStack({ stage, settings });
  if (stack) requireSettled(stack, stage);
  if (stack) await requireNoWorkThatEnds({ stage, settings });
  const pinned = [];
  for (const { image, setting } of IMAGES) {
    if (!settings[setting]) continue;
    const platform = platformFor(image, settings);
    const use = { setting, image: settings[setting], platform, stage, account, region };
    pinned.push(`${setting}=${await usableImage(use)}`);
  }
  await requireZones(region);
  await requireInstanceTypes(settings);
  await requireConcurrency({ stage, settings });
  if (!stack?.outputs.MediaBucketName) await requireFreeNames({ stage, region, account });
  const bucket = `${stackName(stage)}-media-${account}-${region}`;
  await requireMeantLock({ settings, bucket, irrevocable: more.irrevocable });
  await requireReplicaBucket({ stage, settings });
  return pinned;
}

/**
 * The images that a stage needs and does not name are those of this checkout, which are made in the account where they are
 * not there yet. Gives all settings of images.
 * @param {import('./options.mjs').StageOptions} options
 * @param {readonly string[]} pinned  what `lookBeforeDeploy` gave
 * @param {Pick<import('../bootstrap/image-of-checkout.mjs').Wanted, 'everyMs' | 'bundle'>} [how]
 * @returns {Promise<string[]>}
 */
export async function makeImages({ stage, settings }, pinned, how = {}) {
  const missing = IMAGES.filter(({ setting, needed }) => !settings[setting] && needed(settings));
  const made = [...pinned];
  for (const { image, setting } of missing) {
    const { account } = await callerIdentity(settings.region);
    made.push(`${setting}=${await imageOfCheckout({ image, setting, stage, account, settings, ...how })}`);
  }
  if (made.some((pair) => pair.startsWith('upscaleImage='))) return made;
  // The stack has job definitions that want an image, whether anything is ever enlarged or not.
  say(
    `no image for super-resolution: drops for "upscale" will fail until npm run image -- --stage ${stage} --image upscale`,
  );
  return [...made, ...made.map((pair) => pair.replace('encodeImage=', 'upscaleImage='))];
}

/**
 * Keeps the repository from removing the images that the stage is about to run.
 * @param {import('./options.mjs').StageOptions} options
 * @param {readonly string[]} pinned  what `makeImages` gave
 */
export async function holdImages({ stage, settings: { region } }, pinned) {
  const { account } = await callerIdentity(region);
  const images = new Set(pinned.map((pair) => pair.slice(pair.indexOf('=') + 1)));
  for (const image of images) await holdImage(image, { stage, account, region });
}
