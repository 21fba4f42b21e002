import { MANIFEST_TYPES, platformsOf } from './platforms.mjs';

/** @param {string} region */
async function clientFor(region) {
  const { ECRClient } = await import('@aws-sdk/client-ecr');
  return new ECRClient({ region });
}

/**
 * What the account's own ECR has under a name; undefined where it has nothing.
 * @param {import('./image-name.mjs').ImageName} name
 * @param {string} region
 * @returns {Promise<import('./platforms.mjs').FoundImage | undefined>}
 */
export async function inEcr({ repository: repositoryName, tag, digest }, region) {
  const { BatchGetImageCommand, GetDownloadUrlForLayerCommand, RepositoryNotFoundException } = await import(
    '@aws-sdk/client-ecr'
  );
  const ecr = await clientFor(region);
  const imageIds = [digest === undefined ? { imageTag: tag ?? 'latest' } : { imageDigest: digest }];
  try {
    const asked = new BatchGetImageCommand({ repositoryName, imageIds, acceptedMediaTypes: MANIFEST_TYPES });
    const [image] = (await ecr.send(asked)).images ?? [];
    if (image?.imageManifest === undefined || image.imageId?.imageDigest === undefined) return undefined;
    const readBlob = async (/** @type {string} */ layerDigest) => {
      const { downloadUrl = '' } = await ecr.send(new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest }));
      return (await fetch(downloadUrl)).text();
    };
    return { digest: image.imageId.imageDigest, platforms: await platformsOf(image.imageManifest, readBlob) };
  } catch (error) {
    if (error instanceof RepositoryNotFoundException) return undefined;
    throw error;
  }
}

/**
 * The account's repository for an image, made where it is not there. It is the account's, not a stage's, and stays when
 * a stage is destroyed. Gives its address.
 * @param {string} repositoryName
 * @param {string} region
 */
export async function ensureRepository(repositoryName, region) {
  const { CreateRepositoryCommand, DescribeRepositoriesCommand, RepositoryNotFoundException } = await import(
    '@aws-sdk/client-ecr'
  );
  const ecr = await clientFor(region);
  try {
    const { repositories } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }));
    return repositories?.[0]?.repositoryUri ?? '';
  } catch (error) {
    if (!(error instanceof RepositoryNotFoundException)) throw error;
  }
  const scan = /** @type {const} */ ({
    imageScanningConfiguration: { scanOnPush: true },
    imageTagMutability: 'IMMUTABLE',
  });
  const tags = [{ Key: 'project', Value: 'reelmill' }];
  const { repository } = await ecr.send(new CreateRepositoryCommand({ repositoryName, ...scan, tags }));
  return repository?.repositoryUri ?? '';
}

/**
 * Name and password with which Docker logs in to the account's registry, for twelve hours.
 * @param {string} region
 */
export async function loginToEcr(region) {
  const { GetAuthorizationTokenCommand } = await import('@aws-sdk/client-ecr');
  const { authorizationData } = await (await clientFor(region)).send(new GetAuthorizationTokenCommand({}));
  const text = Buffer.from(authorizationData?.[0]?.authorizationToken ?? '', 'base64').toString();
  const [user = '', ...password] = text.split(':');
  return { user, password: password.join(':') };
}
