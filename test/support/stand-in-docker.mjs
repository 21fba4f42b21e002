#!/usr/bin/env node
// Docker as far as `npm run image` goes: it writes down how it was called, and what it pushes into ECR is there afterwards.
// By Docker's documentation `login --password-stdin` reads the password to the end of its input.
import { accessSync, appendFileSync, constants, readFileSync } from 'node:fs';
import process, { argv, env, exit, stdout } from 'node:process';
import { text } from 'node:stream/consumers';

const args = argv.slice(2);
const after = (/** @type {string} */ name) => args[args.indexOf(name) + 1] ?? '';
const stdin = args[0] === 'login' ? await text(process.stdin) : undefined;
appendFileSync(env.STAND_IN_CALLS ?? '', `${JSON.stringify({ args, stdin })}\n`);

if (env.STAND_IN_FAILS === args[0] || env.STAND_IN_FAILS === args.slice(0, 2).join(' ')) {
  console.error('ERROR: the stand-in was told to fail here');
  exit(17);
}
// Docker builds from a folder, which has to hold its Dockerfile and whatever that copies.
if (args.includes('build') && env.STAND_IN_CONTEXT === 'checked') checkContext(after('--file'));
if (args[0] === 'login') stdout.write('Login Succeeded\n');
if (args.includes('build') && args.includes('--push')) await push();

/** @param {string} dockerfile */
function checkContext(dockerfile) {
  const copied = [...readFileSync(dockerfile, 'utf8').matchAll(/^COPY (?!--from)(.+) \S+$/gm)];
  for (const path of copied.flatMap(([, sources = '']) => sources.split(' '))) {
    if (path.endsWith('.sh')) accessSync(path, constants.X_OK);
    else accessSync(path);
  }
}

async function push() {
  const { ECRClient, PutImageCommand } = await import('@aws-sdk/client-ecr');
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
  await ecr.send(new PutImageCommand({ repositoryName, imageTag, imageManifest })).catch((error) => {
    if (error.name !== 'ImageAlreadyExistsException') throw error;
  });
}
