import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';
import { contentKey, imageContext, zipOf } from '../../../scripts/bootstrap/image-context.mjs';

const AMD = { platform: 'linux/amd64' };

describe('what an image is made from', () => {
  let root: string;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'reelmill-context-'));
    await cp(resolve('docker'), join(root, 'docker'), { recursive: true });
    await symlink(resolve('models'), join(root, 'models'));
    for (const name of ['package.json', 'package-lock.json', '.npmrc']) await cp(resolve(name), join(root, name));
    await cp(resolve('package.json'), join(root, 'dist/tasks/encode.mjs')); // any text stands in for a bundle
    for (const name of ['upscale.mjs', 'ort-worker.js']) await writeFile(join(root, 'dist/tasks', name), name);
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  it.each(['encode', 'upscale'] as const)(
    'holds everything that the Dockerfile of %s copies, and its recipe',
    async (image) => {
      const paths = (await imageContext(image, root)).map(({ path }) => path);
      const dockerfile = await readFile(join(root, 'docker', image, 'Dockerfile'), 'utf8');
      const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) =>
        sources.split(' '),
      );
      expect(copied.length).toBeGreaterThan(2);
      expect(copied.filter((path) => !paths.some((each) => each === path || each.startsWith(`${path}/`)))).toEqual([]);
      expect(paths).toEqual(expect.arrayContaining([`docker/${image}/Dockerfile`, 'docker/buildspec.yml']));
    },
  );

  it('is a zip of the same files', async () => {
    const entries = await imageContext('encode', root);
    const unzipped = unzipSync(zipOf(entries));
    expect(Object.keys(unzipped)).toEqual(entries.map(({ path }) => path));
    expect(Buffer.from(unzipped['docker/entry.sh'] ?? []).toString()).toBe(await readFile('docker/entry.sh', 'utf8'));
  });

  it('has the same key on another day and in another folder', async () => {
    const other = await mkdtemp(join(tmpdir(), 'reelmill-context-'));
    await cp(root, other, { recursive: true });
    const [here, there] = await Promise.all([imageContext('encode', root), imageContext('encode', other)]);
    expect(contentKey(there, AMD)).toBe(contentKey(here, AMD));
    await rm(other, { recursive: true });
  });

  it.each([
    ['another processor', { platform: 'linux/arm64' }, []],
    ['another target', { ...AMD, target: 'cuda' }, []],
    ['another bundle', AMD, [{ path: 'dist/tasks/encode.mjs', bytes: Buffer.from('changed') }]],
    ['a file more', AMD, [{ path: 'docker/more.sh', bytes: Buffer.from('') }]],
  ])('has another key for %s', async (_, of, more) => {
    const entries = await imageContext('encode', root);
    const changed = [...entries.filter(({ path }) => !more.some((each) => each.path === path)), ...more];
    expect(contentKey(changed, of)).not.toBe(contentKey(entries, AMD));
  });

  it('has a key that a registry takes as a tag', async () => {
    expect(contentKey(await imageContext('encode', root), AMD)).toMatch(/^[0-9a-f]{32}$/);
  });
});
