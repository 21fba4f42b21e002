import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { capture, runHere } from '../child.mjs';
import { ROOT } from '../setup.mjs';
import { SetupError } from '../setup-error.mjs';

const INSTALL = 'install Docker with its buildx plugin (https://docs.docker.com/engine/install/), then try again';

/** Throws one sentence unless there is a Docker that can build. */
export async function requireDocker() {
  const buildx = await capture('docker', ['buildx', 'version']).catch(() => undefined);
  if (buildx?.code !== 0) throw new SetupError(`Docker with buildx is not here: ${INSTALL}`);
  const engine = await capture('docker', ['version', '--format', '{{.Server.Version}}']);
  if (engine.code !== 0)
    throw new SetupError('Docker does not run here: start it, then try again', { output: engine.stderr });
}

/**
 * The password goes through standard input: everybody on this machine can read the arguments of a program.
 * @param {string} registry
 * @param {{ readonly user: string, readonly password: string }} login
 */
export async function logIn(registry, { user, password }) {
  const args = ['login', '--username', user, '--password-stdin', registry];
  const child = spawn('docker', args, { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.on('error', () => {}).end(password);
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new SetupError(`docker login ${registry} ended with ${code}: its words are above`);
}

/**
 * Builds the image of a task. Gives Docker's exit code.
 * @param {{ image: string, tag: string, target?: string | undefined, platform?: string | undefined, push?: boolean | undefined }} build
 */
export function buildImage({ image, tag, target, platform, push }) {
  const args = [
    ...['buildx', 'build', '--file', join('docker', image, 'Dockerfile'), '--tag', tag],
    ...(target ? ['--target', target] : []),
    ...(platform ? ['--platform', platform] : []),
    ...[push ? '--push' : '--load', '.'],
  ];
  return runHere('docker', args, { cwd: ROOT });
}
