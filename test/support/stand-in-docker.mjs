#!/usr/bin/env node
// Docker as far as `npm run image` goes: it writes down how it was called, and what it pushes into ECR is there afterwards.
// By Docker's documentation: `login --password-stdin` reads the password to the end of its input; `buildx build --push`
// writes the digest that the registry gave into --metadata-file, under containerimage.digest.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { argv, env, exit, stdout } from 'node:process';

const args = argv.slice(2);
const after = (/** @type {string} */ name) => args[args.indexOf(name) + 1] ?? '';
const stdin = args[0] === 'login' ? readFileSync(0, 'utf8') : undefined;
appendFileSync(env.STAND_IN_CALLS ?? '', `${JSON.stringify({ args, stdin })}\n`);

if (env.STAND_IN_FAILS === args[0] || env.STAND_IN_FAILS === args.slice(0, 2).join(' ')) {
  console.error('ERROR: the stand-in was told to fail here');
  exit(17);
}
if (args[0] === 'login') stdout.write('Login Succeeded\n');
if (args.includes('build') && args.includes('--push')) await push();

async function push() {
  const { BatchGetImageCommand, ECRClient, PutImageCommand } = await import('@aws-sdk/client-ecr');
  const [, repositoryName = '', imageTag] = /^[^/]+\/([^:]+):(.+)$/.exec(after('--tag')) ?? [];
  const [os, architecture] = (env.STAND_IN_PLATFORM ?? after('--platform')).split('/');
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const digest = `sha256:${'1'.repeat(64)}`;
  const manifests = [
    { mediaType, digest, size: 1, platform: { os, architecture } },
    { mediaType, digest, size: 1, platform: { os: 'unknown', architecture: 'unknown' } },
  ];
  const imageManifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests,
  });
  const ecr = new ECRClient({ region: env.STAND_IN_REGION ?? 'us-east-1' });
  // A push of what is there already is none of Docker's failures.
  const put = ecr.send(new PutImageCommand({ repositoryName, imageTag, imageManifest })).then(({ image }) => image);
  const image = await put.catch(async (error) => {
    if (error.name !== 'ImageAlreadyExistsException') throw error;
    const there = new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag }] });
    return (await ecr.send(there)).images?.[0];
  });
  const metadata = { 'containerimage.digest': image?.imageId?.imageDigest, 'image.name': after('--tag') };
  writeFileSync(after('--metadata-file'), JSON.stringify(metadata));
}
