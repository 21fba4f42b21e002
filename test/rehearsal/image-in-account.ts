import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { standInCodeBuild } from '../support/stand-in-codebuild.ts';
import type { Rehearsal } from './acts.ts';
import { expectEqual, expectTrue } from './steps.ts';

/**
 * What `npm run deploy` does on a new account before the stack: the stack that builds images is made in moto, which knows no
 * CodeBuild, so that a stand-in runs the buildspec in the zip that was uploaded, with a stand-in for Docker.
 */
export async function imageInAccount({ step, stage, folder }: Rehearsal): Promise<void> {
  const endpoint = stage.aws.AWS_ENDPOINT_URL ?? '';
  const codebuild = await standInCodeBuild({ endpoint, close: async () => {} }, folder);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_CODEBUILD: codebuild.endpoint,
    STAND_IN_CALLS: `${folder}/docker-calls`,
    STAND_IN_CONTEXT: 'checked',
  });
  const { makeImages } = await script<typeof import('../../scripts/aws/before-deploy.mjs')>('before-deploy');
  const { stageOptions } = await script<typeof import('../../scripts/aws/options.mjs')>('options');
  const make = () =>
    makeImages(stageOptions(['--stage', 'dev', '--param', 'maxGpuVcpus=0'], { usage: '' }), [], { everyMs: 100 });
  try {
    const made = await step('an image is built in the account, by a stand-in for CodeBuild', make);
    expectTrue(/^encodeImage=\S+@sha256:[0-9a-f]{64}$/.test(made[0] ?? ''), `no digest in ${made[0]}`);
    await step('nothing is built again of what has not changed', async () => {
      expectEqual(await make(), made, 'the images of a second deploy');
      expectEqual(codebuild.started.length, 1, 'builds');
    });
  } finally {
    delete process.env.AWS_ENDPOINT_URL_CODEBUILD;
    await codebuild.close();
  }
}

/** As it lies in the checkout: the scripts find their files from where they are, which is no part of a bundle. */
const script = async <T>(name: string): Promise<T> =>
  (await import(pathToFileURL(resolve('scripts', 'aws', `${name}.mjs`)).href)) as T;
