import { SetupError } from '../setup-error.mjs';
import { inEcr } from './ecr.mjs';
import { parseImageName, pinned } from './image-name.mjs';
import { inRegistry } from './registry.mjs';

/**
 * @typedef {object} Use
 * @property {'encodeImage' | 'upscaleImage'} setting
 * @property {string} image
 * @property {string} platform  that its tasks run on
 * @property {string} stage
 * @property {string} account
 * @property {string} region
 */

/**
 * What the tasks of an image run on, as Docker calls it. A GPU of AWS's stands beside a processor of Intel's or AMD's.
 * @param {'encode' | 'upscale'} image
 * @param {Record<string, unknown>} settings  of the stage
 */
export const platformFor = (image, { cpuArchitecture }) =>
  image === 'encode' && cpuArchitecture === 'ARM64' ? 'linux/arm64' : 'linux/amd64';

/** Of the tasks' execution role: what it may pull from ECR. */
const PULLED = /^reelmill\//;

/**
 * The image by its digest, once it is known that the tasks of a stage can pull it and that it was built for what they run
 * on. Throws one sentence otherwise.
 * @param {Use} use
 */
export async function usableImage(use) {
  const name = parseImageName(use.image);
  const found = name.ecr ? await inOwnEcr(name, use) : await inRegistry(name);
  if (!found) throw refusal(use, 'is not there, or not for everybody to pull');
  if (!found.platforms.includes(use.platform)) {
    const built = found.platforms.length > 0 ? `is built for ${found.platforms.join(', ')}` : 'says no platform';
    throw refusal(use, `${built}, and its tasks run on ${use.platform}`);
  }
  return pinned(name, found.digest);
}

/**
 * @param {import('./image-name.mjs').ImageName} name
 * @param {Use} use
 */
function inOwnEcr({ ecr, repository, ...rest }, use) {
  if (ecr?.account !== use.account)
    throw refusal(use, `lies in another account's ECR, and the tasks of ${use.account} may not pull it`);
  if (ecr.region !== use.region)
    throw refusal(use, `lies in ECR of ${ecr.region}, and the tasks in ${use.region} may not pull it`);
  if (!PULLED.test(repository))
    throw refusal(use, 'lies outside of the repositories reelmill/*, which alone the tasks may pull');
  return inEcr({ ecr, repository, ...rest }, use.region);
}

/**
 * @param {Use} use
 * @param {string} why
 */
function refusal({ setting, image, stage }, why) {
  const task = setting === 'upscaleImage' ? ' --image upscale' : '';
  const make = `npm run image -- --stage ${stage}${task} makes one that will do`;
  return new SetupError(`${setting} ${image} ${why}: ${make}`, { exitCode: 64 });
}
