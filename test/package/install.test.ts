import { existsSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../support/clip.ts';
import { eventsIn } from '../support/reelmill.ts';
import { type StandInRegistry, standInRegistry } from '../support/stand-in-registry.ts';
import { type Ended, startProgram } from '../support/started-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MOST_BYTES = 70_000_000;
const OTHER_MACHINES = ['./bin/*/darwin', './bin/*/win32', './bin/*/linux/arm64'];

let folder = '';
let tarball = '';
let registry: StandInRegistry;

/** A new user's environment: nothing of this checkout's npm, an empty home, and only the stand-in for the registry. */
const environment = (more: Record<string, string> = {}): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  HOME: join(folder, 'home'),
  npm_config_registry: registry.url,
  npm_config_cache: join(folder, 'npm-cache'),
  npm_config_update_notifier: 'false',
  npm_config_fetch_retries: '0',
  ...more,
});

const started = (program: string, args: readonly string[], more?: Record<string, string>) =>
  startProgram(program, args, { cwd: join(folder, 'videos'), env: environment(more) }).ended;

async function succeeds(program: string, args: readonly string[], more?: Record<string, string>): Promise<Ended> {
  const ended = await started(program, args, more);
  if (ended.code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${ended.code}: ${ended.stderr}`);
  return ended;
}

const prefix = () => join(folder, 'prefix');
const installed = () => join(prefix(), 'lib', 'node_modules', 'reelmill');
const reelmill = (args: readonly string[], more?: Record<string, string>) =>
  started(join(prefix(), 'bin', 'reelmill'), args, more);

const run = (recipe: string, file: string, more?: Record<string, string>) =>
  reelmill(['run', file, '--recipe', recipe, '--out', 'archive', '--set', 'preset=ultrafast', '--json'], more);

const parts = () => join(folder, 'home', '.cache', 'reelmill', 'parts');

beforeAll(async () => {
  folder = await realpath(await temporaryFolder());
  registry = await standInRegistry(OTHER_MACHINES);
  await mkdir(join(folder, 'home'), { recursive: true });
  await makeClip(join(folder, 'videos', 'a holiday', 'clip.mp4'), { seconds: 1, size: '64x48' });
  const packed = await succeeds('npm', ['pack', '--json', '--pack-destination', folder, resolve('.')]);
  const [{ filename }] = JSON.parse(packed.stdout.slice(packed.stdout.indexOf('[')));
  tarball = join(folder, filename);
  await succeeds('npm', ['install', '--global', '--prefix', prefix(), tarball]);
});
afterAll(() => registry.close());

describe('the packed command, installed into an empty prefix', () => {
  it('takes at most 70 MB, and nothing that only development needs', async () => {
    expect(await bytesIn(prefix())).toBeLessThan(MOST_BYTES);
    expect(existsSync(join(installed(), 'node_modules', 'onnxruntime-node'))).toBe(false);
    const { devDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
    expect([...registry.fetched].filter((name) => name in devDependencies)).toEqual([]);
  });

  it('does the main job from another folder', async () => {
    const { code, stdout, stderr } = await run('preserve', 'a holiday/clip.mp4');
    const last = eventsIn(stdout).at(-1);
    expect({ code, last, stderr }).toMatchObject({ code: 0, last: { type: 'job.done', status: 'done' } });
    const manifest = JSON.parse(await readFile(String(last?.manifest), 'utf8'));
    expect(manifest.renditions).toMatchObject([{ codec: 'hevc', frames: 24 }]);
  });

  it('runs by npx, without being installed', async () => {
    const { stdout } = await succeeds('npx', ['--yes', '--package', tarball, 'reelmill', 'recipes', '--json']);
    expect(eventsIn(stdout)).toContainEqual(expect.objectContaining({ type: 'recipe', id: 'preserve' }));
  });

  it('could be published as it is', async () => {
    const { stdout } = await succeeds('npm', ['publish', tarball, '--dry-run', '--json', '--access', 'public']);
    const files: readonly { readonly path: string }[] = JSON.parse(stdout.slice(stdout.indexOf('{'))).reelmill.files;
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['bin/reelmill.mjs', 'lib/cli.js', 'lib/LICENCES.txt', 'CHANGELOG.md']),
    );
    expect(
      paths.filter((path) => !/^(bin|docs|lib|models)\/|^(CHANGELOG|README|LICENSE|package)\b/.test(path)),
    ).toEqual([]);
  });

  it('runs from a checkout that is installed as it is', async () => {
    const linked = join(folder, 'linked');
    await succeeds('npm', ['install', '--global', '--prefix', linked, resolve('.')]);
    expect((await lstat(join(linked, 'lib', 'node_modules', 'reelmill'))).isSymbolicLink()).toBe(true);
    expect((await succeeds(join(linked, 'bin', 'reelmill'), ['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('onnxruntime, which is fetched at first need', () => {
  it('is refused, and nothing of it kept, where the bytes are not those that this version was made with', async () => {
    const { code, stderr } = await run('upscale', 'a holiday/clip.mp4');
    expect({ code, stderr }).toEqual({
      code: 69,
      stderr: expect.stringContaining('npm could not fetch onnxruntime-node'),
    });
    expect(stderr).toContain('with a network, run "reelmill fetch onnxruntime-node" and then try again');
    expect(await readdir(parts())).toEqual([]);
  });

  it('is asked for in one sentence where there is no network', async () => {
    const { code, stderr } = await reelmill(['fetch', 'onnxruntime-node'], {
      npm_config_registry: 'http://127.0.0.1:9',
    });
    expect(code).toBe(69);
    expect(stderr.trim().split('\n').at(-1)).toMatch(
      /^reelmill: npm could not fetch onnxruntime-node 1\.\d+\.\d+ \(.+\); with a network, run "reelmill fetch onnxruntime-node" and then try again$/,
    );
  });

  it('is fetched with progress, once, and enlarges', async () => {
    await expectPackagesOf(registry);
    const { code, stdout, stderr } = await run('upscale', 'a holiday/clip.mp4');
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('fetching onnxruntime-node 1.') });
    const manifest = JSON.parse(await readFile(String(eventsIn(stdout).at(-1)?.manifest), 'utf8'));
    expect(manifest.renditions).toMatchObject([{ width: 128, height: 96, frames: 24 }]);
    expect(await reelmill(['fetch', 'onnxruntime-node'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('is here already'),
    });
  });
});

/** The stand-in's packages are packed anew and so have other hashes than the real ones: they are put into the lock file. */
async function expectPackagesOf({ integrityOf }: StandInRegistry): Promise<void> {
  const path = join(installed(), 'lib', 'parts', 'onnxruntime-node', 'package-lock.json');
  const lock = JSON.parse(await readFile(path, 'utf8'));
  for (const [place, entry] of Object.entries<Record<string, unknown>>(lock.packages)) {
    if (place !== '') entry.integrity = await integrityOf(place);
  }
  await writeFile(path, JSON.stringify(lock));
}

async function bytesIn(root: string): Promise<number> {
  const files = await readdir(root, { recursive: true, withFileTypes: true });
  const sizes = files
    .filter((each) => each.isFile())
    .map(async (each) => (await lstat(join(each.parentPath, each.name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
