import { buildTask } from '../build-task.mjs';
import { inEcr } from '../images/ecr.mjs';
import { parseImageName } from '../images/image-name.mjs';
import { platformFor, usableImage } from '../images/usable-image.mjs';
import { SetupError, say } from '../setup-error.mjs';
import { buildInAccount } from './build.mjs';
import { contentKey, imageContext, zipOf } from './image-context.mjs';
import { ensureBootstrap } from './stack.mjs';

/**
 * @typedef {object} Wanted
 * @property {'encode' | 'upscale'} image
 * @property {'encodeImage' | 'upscaleImage'} setting
 * @property {string} stage
 * @property {string} account
 * @property {Record<string, any>} settings  of the stage
 * @property {number} [everyMs]  how often AWS is asked how far it is
 * @property {(image: string) => Promise<unknown>} [bundle]  puts the task's program where the image's context has it
 */

/**
 * The image of this very checkout by its digest, in the account's own ECR. What is not there is built in the account; what
 * was built of the same content before is not built again.
 * @param {Wanted} wanted
 */
export async function imageOfCheckout({
  image,
  setting,
  stage,
  account,
  settings,
  everyMs = 5_000,
  bundle = buildTask,
}) {
  const { region } = settings;
  const platform = platformFor(image, settings);
  await bundle(image);
  const entries = await imageContext(image);
  const tag = nameInEcr({ image, account, region, key: contentKey(entries, { platform }) });
  const isThere = async () => (await inEcr(parseImageName(tag), region)) !== undefined;
  if (!(await isThere())) {
    const bucket = await ensureBootstrap(region, everyMs / 1000);
    const { succeeded, why } = await unlessRemoved(async () => {
      const source = await upload({ bucket, key: `${image}/${tag.slice(tag.indexOf(':') + 1)}.zip`, entries, region });
      return buildInAccount({ image, platform, tag, source, stage, region, everyMs });
    });
    // Of two builds of one image the second finds its tag taken, and the image there.
    if (!(await isThere())) {
      throw new SetupError(succeeded ? `${why}, yet ${tag} is not in ECR` : `${tag} was not built: ${why}`);
    }
  }
  say(`${setting} is that of this checkout, ${tag}`);
  return usableImage({ setting, image: tag, platform, stage, account, region });
}

/**
 * Throws one sentence where the stack has lost its bucket or its project: it says itself that it is up to date.
 * @template T
 * @param {() => Promise<T>} work
 */
async function unlessRemoved(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error && ['NoSuchBucket', 'ResourceNotFoundException'].includes(error.name))) throw error;
    throw new SetupError(
      `the stack reelmill-bootstrap is not whole (${error.message.replace(/\.$/, '')}): aws cloudformation delete-stack --stack-name reelmill-bootstrap, then deploy again`,
      { exitCode: 73 },
    );
  }
}

/**
 * The name of an image by what it is made from.
 * @param {{ image: string, account: string, region: string, key: string }} of
 */
export function nameInEcr({ image, account, region, key }) {
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `${account}.dkr.ecr.${region}.${domain}/reelmill/${image}:${key}`;
}

/**
 * @param {{ bucket: string, key: string, entries: readonly import('./image-context.mjs').Entry[], region: string }} what
 * @returns {Promise<string>} as CodeBuild names a source in S3
 */
async function upload({ bucket, key, entries, region }) {
  const { PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  const zip = zipOf(entries);
  const s3 = new S3Client({ region });
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: zip, ContentType: 'application/zip' }));
  say(`uploaded ${entries.length} files, ${Math.ceil(zip.length / 1024)} KB, to s3://${bucket}/${key}`);
  return `${bucket}/${key}`;
}
