import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
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
 * Builds the image of a task. Gives the exit code and, where it was pushed, the digest under which the registry has it.
 * @param {{ image: string, tag: string, target?: string | undefined, platform?: string | undefined, push?: boolean | undefined }} build
 * @returns {Promise<{ code: number, digest: string | undefined }>}
 */
export async function buildImage({ image, tag, target, platform, push }) {
  const folder = await mkdtemp(join(tmpdir(), 'reelmill-image-'));
  const metadata = join(folder, 'metadata.json');
  try {
    const args = [
      ...['buildx', 'build', '--file', join('docker', image, 'Dockerfile'), '--tag', tag],
      ...(target ? ['--target', target] : []),
      ...(platform ? ['--platform', platform] : []),
      ...['--metadata-file', metadata, push ? '--push' : '--load', '.'],
    ];
    const code = await runHere('docker', args, { cwd: ROOT });
    return { code, digest: code === 0 ? await digestIn(metadata) : undefined };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {string} metadata  what buildx writes of what it made */
async function digestIn(metadata) {
  const text = await readFile(metadata, 'utf8').catch(() => '{}');
  const digest = JSON.parse(text)['containerimage.digest'];
  return typeof digest === 'string' ? digest : undefined;
}
