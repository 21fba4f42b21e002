import { parseImageName } from './image-name.mjs';
import { MANIFEST_TYPES } from './platforms.mjs';

/** The repositories of which the stack reelmill-bootstrap lets go old images. */
const KEPT = ['reelmill/encode', 'reelmill/upscale'];

/**
 * Gives the image that a stage is about to run a tag that begins with the stage's name, by which the repository keeps it
 * (resources/bootstrap.yml): what other stages deploy meanwhile, however often, takes away no image that this one runs. Does nothing
 * for an image that lies in another repository.
 * @param {string} image  with its digest
 * @param {{ readonly stage: string, readonly account: string, readonly region: string }} of
 */
export async function holdImage(image, { stage, account, region }) {
  const { ecr, repository: repositoryName, digest = '' } = parseImageName(image);
  if (!KEPT.includes(repositoryName) || ecr?.account !== account || ecr.region !== region || digest === '') return;
  const { BatchGetImageCommand, ECRClient, PutImageCommand } = await import('@aws-sdk/client-ecr');
  const client = new ECRClient({ region });
  const imageIds = [{ imageDigest: digest }];
  const asked = new BatchGetImageCommand({ repositoryName, imageIds, acceptedMediaTypes: MANIFEST_TYPES });
  const [found] = (await client.send(asked)).images ?? [];
  if (found?.imageManifest === undefined) return;
  const { imageManifest, imageManifestMediaType } = found;
  const imageTag = `${stage}-${digest.slice(digest.indexOf(':') + 1, 32 + digest.indexOf(':') + 1)}`;
  const put = new PutImageCommand({
    repositoryName,
    imageTag,
    imageManifest,
    imageManifestMediaType,
    imageDigest: digest,
  });
  await client.send(put).catch((error) => {
    if (!isHeld(error)) throw error;
  });
}

/**
 * ECR answers with the first error where a tag has this digest already, and with the second one, too, where tags cannot be changed. The tag
 * has the digest in it, so that no other image can have it.
 * @param {unknown} error
 */
const isHeld = (error) =>
  error instanceof Error && ['ImageAlreadyExistsException', 'ImageTagAlreadyExistsException'].includes(error.name);
