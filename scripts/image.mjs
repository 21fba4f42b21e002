// Builds the image of a task: npm run image -- --tag docker.io/me/encode:1.0.0 [--image upscale] [--push] [--platform linux/arm64]
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildTask } from './build-task.mjs';
import { runHere } from './child.mjs';
import { ensureReady, ROOT } from './setup.mjs';
import { exitWith, SetupError } from './setup-error.mjs';

const usage =
  'npm run image -- --tag REGISTRY/NAME:VERSION [--image encode|upscale] [--target cuda] [--push] [--platform linux/amd64|linux/arm64]';

/** Each has a Dockerfile below docker/, and what it is built for. NVIDIA's libraries are there for one processor. */
const PLATFORMS = { encode: ['linux/amd64', 'linux/arm64'], upscale: ['linux/amd64'] };

await exitWith(async () => {
  await ensureReady({ need: ['packages'] });
  const { tag, image, target, push, platform } = options();
  await buildTask(image);
  const args = [
    ...['buildx', 'build', '--file', join('docker', image, 'Dockerfile'), '--tag', tag],
    ...(target ? ['--target', target] : []),
    ...(platform ? ['--platform', platform] : []),
    push ? '--push' : '--load',
    '.',
  ];
  return runHere('docker', args, { cwd: ROOT });
});

function options() {
  const text = /** @type {const} */ ({ type: 'string' });
  const flag = /** @type {const} */ ({ type: 'boolean' });
  const wrong = (/** @type {string} */ what) => new SetupError(`${what}; usage: ${usage}`, { exitCode: 64 });
  const { tag, image = 'encode', target, push, platform } = parsed();
  if (!tag) throw wrong('say what to call the image');
  if (image !== 'encode' && image !== 'upscale') throw wrong(`there is no image "${image}"`);
  const platforms = PLATFORMS[image];
  const built = platform ?? (platforms.length === 1 ? platforms[0] : undefined);
  if (built !== undefined && !platforms.includes(built)) throw wrong(`${image} is built for ${platforms.join(', ')}`);
  return { tag, image, target, push, platform: built };

  function parsed() {
    const options = { tag: text, image: text, target: text, push: flag, platform: text };
    try {
      return parseArgs({ options }).values;
    } catch (error) {
      throw wrong(error instanceof Error ? error.message : String(error));
    }
  }
}
