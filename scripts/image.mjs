// Builds the image of the encoding task: npm run image -- --tag docker.io/me/encode:1.0.0 [--push] [--platform linux/arm64]
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildTask } from './build-task.mjs';
import { runHere } from './child.mjs';
import { ensureReady, ROOT } from './setup.mjs';
import { exitWith, SetupError } from './setup-error.mjs';

const usage = 'npm run image -- --tag REGISTRY/NAME:VERSION [--push] [--platform linux/amd64|linux/arm64]';

await exitWith(async () => {
  await ensureReady({ need: ['packages'] });
  const { tag, push, platform } = options();
  await buildTask('encode');
  const where = platform ? ['--platform', platform] : [];
  const then = push ? ['--push'] : ['--load'];
  const args = [
    'buildx',
    'build',
    '--file',
    join('docker', 'encode', 'Dockerfile'),
    '--tag',
    tag,
    ...where,
    ...then,
    '.',
  ];
  return runHere('docker', args, { cwd: ROOT });
});

function options() {
  const text = /** @type {const} */ ({ type: 'string' });
  const flag = /** @type {const} */ ({ type: 'boolean' });
  try {
    const { values } = parseArgs({ options: { tag: text, push: flag, platform: text } });
    if (values.tag) return { ...values, tag: values.tag };
  } catch (error) {
    throw new SetupError(`${error instanceof Error ? error.message : error}; usage: ${usage}`, { exitCode: 64 });
  }
  throw new SetupError(`say what to call the image: ${usage}`, { exitCode: 64 });
}
