import { CreateRepositoryCommand, DescribeImagesCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { clientOptions } from '../../../adapters/aws/client-options.ts';
import { holdImage } from '../../../scripts/images/hold-image.mjs';
import { type AwsServer, motoServer, optionsFor } from '../../support/aws-servers.ts';
import { faultyProxy } from '../../support/faulty-proxy.ts';
import { describeOnMoto } from '../../support/on-moto.ts';

const HERE = { account: '123456789012', region: 'us-east-1' };
const REPOSITORY = `${HERE.account}.dkr.ecr.${HERE.region}.amazonaws.com/reelmill/encode`;

await describeOnMoto('the image that a stage runs', () => {
  let server: AwsServer;
  let ecr: ECRClient;
  let digest: string;

  beforeAll(async () => {
    server = await motoServer();
    ecr = new ECRClient(clientOptions(optionsFor(server)));
    process.env.AWS_ENDPOINT_URL = server.endpoint;
    await ecr.send(new CreateRepositoryCommand({ repositoryName: 'reelmill/encode', imageTagMutability: 'IMMUTABLE' }));
    const imageManifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: 'sha256:1', size: 1 },
      layers: [],
    });
    const put = new PutImageCommand({ repositoryName: 'reelmill/encode', imageTag: 'content', imageManifest });
    digest = (await ecr.send(put)).image?.imageId?.imageDigest ?? '';
  });
  afterAll(async () => {
    ecr.destroy();
    await server.close();
  });

  async function tags(): Promise<readonly string[]> {
    const { imageDetails = [] } = await ecr.send(new DescribeImagesCommand({ repositoryName: 'reelmill/encode' }));
    return imageDetails.flatMap(({ imageTags = [] }) => imageTags).toSorted();
  }

  it('is called by the name of the stage besides, however often it is deployed', async () => {
    const [, hash = ''] = digest.split(':');
    for (const stage of ['prod', 'dev', 'prod']) await holdImage(`${REPOSITORY}@${digest}`, { stage, ...HERE });
    expect(await tags()).toEqual(['content', `dev-${hash.slice(0, 32)}`, `prod-${hash.slice(0, 32)}`]);
  });

  it.each(['ImageAlreadyExistsException', 'ImageTagAlreadyExistsException'])(
    'is called so already where ECR says %s, which it does of one digest under one fixed tag',
    async (name) => {
      const proxy = await faultyProxy({ ...server, close: async () => {} });
      const body = JSON.stringify({ __type: name, message: 'already there' });
      proxy.setFault(({ body: asked }) =>
        asked.includes('"imageTag"')
          ? { what: 'answer', status: 400, type: 'application/x-amz-json-1.1', body }
          : undefined,
      );
      process.env.AWS_ENDPOINT_URL = proxy.endpoint;
      try {
        await holdImage(`${REPOSITORY}@${digest}`, { stage: 'prod', ...HERE });
      } finally {
        process.env.AWS_ENDPOINT_URL = server.endpoint;
        await proxy.close();
      }
    },
  );

  it('is left alone where it lies elsewhere', async () => {
    const before = await tags();
    await holdImage(`docker.io/me/encode@${digest}`, { stage: 'test', ...HERE });
    await holdImage(`${REPOSITORY}@sha256:${'0'.repeat(64)}`, { stage: 'test', ...HERE });
    expect(await tags()).toEqual(before);
  });
});
