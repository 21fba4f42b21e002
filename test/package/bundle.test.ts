import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Metafile } from 'esbuild';
import { bundle } from '../../scripts/build.mjs';
import { licences } from '../../scripts/package/licences.mjs';
import { partOf } from '../../scripts/package/part.mjs';

let metafile: Metafile;

beforeAll(async () => {
  ({ metafile } = await bundle('cli', process.cwd(), { external: ['libsql', 'sharp', 'onnxruntime-node'] }));
});

/** The files in what is loaded at once with the chunk that a source file begins. */
function filesLoadedWith(source: string): readonly string[] {
  const all = Object.entries(metafile.outputs);
  const first = all.find(([, { entryPoint }]) => entryPoint === source)?.[0];
  const loaded = new Set<string>();
  for (const queue = [first]; queue.length > 0; ) {
    const path = queue.pop();
    if (path === undefined || loaded.has(path)) continue;
    loaded.add(path);
    const imports = metafile.outputs[path]?.imports ?? [];
    queue.push(...imports.flatMap((each) => (each.kind === 'import-statement' && !each.external ? [each.path] : [])));
  }
  const inputs = [...loaded].flatMap((path) => Object.entries(metafile.outputs[path]?.inputs ?? {}));
  return inputs.flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : []));
}

const packagesLoadedWith = (source: string): Set<string> =>
  new Set(filesLoadedWith(source).flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []));

describe('the bundle of the package', () => {
  it('loads little for the help: neither schemas nor programs nor networks', () => {
    expect([...packagesLoadedWith('cli/main.ts')]).toEqual(['commander']);
  });

  it.each(['run', 'watch', 'watch-library', 'plan', 'retry', 'jobs'])('loads nothing of AWS for %s', (command) => {
    const packages = packagesLoadedWith(`cli/commands/${command}.ts`);
    expect(packages).toContain('zod');
    expect([...packages].filter((name) => /^@(aws-sdk|smithy)\//.test(name))).toEqual([]);
  });

  it('loads the parts of zod that are used, and none of its fifty languages', () => {
    const zod = filesLoadedWith('cli/commands/run.ts').filter((path) => path.includes('node_modules/zod/'));
    expect(zod).not.toEqual([]);
    expect(zod.filter((path) => path.includes('/locales/'))).toEqual([]);
  });

  it('has the licence of every package in it', async () => {
    const text = await licences(Object.keys(metafile.inputs), process.cwd());
    for (const name of ['commander', 'execa', 'zod', 'nodemailer', 'protobufjs'])
      expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
    expect(text.split(`\n${'-'.repeat(80)}\n\n`).filter((each) => !/^\S+ \d+\.\d+\.\d+\S* \(\S/.test(each))).toEqual(
      [],
    );
  });
});

describe('what is fetched at first need', () => {
  it('has the versions and hashes of the lock file, and of everything that it needs', async () => {
    const files = await partOf('onnxruntime-node', process.cwd());
    const { packages } = JSON.parse(files['package-lock.json']);
    const locked = JSON.parse(await readFile('package-lock.json', 'utf8')).packages;
    const { '': project, ...rest } = packages;
    expect(project.dependencies).toEqual({ 'onnxruntime-node': locked['node_modules/onnxruntime-node'].version });
    for (const [path, { version, integrity, dependencies = {} }] of Object.entries<Record<string, object>>(rest)) {
      expect({ path, version, integrity }).toEqual({
        path,
        version: locked[path].version,
        integrity: locked[path].integrity,
      });
      for (const name of Object.keys(dependencies))
        expect(Object.keys(rest).some((each) => each.endsWith(`node_modules/${name}`))).toBe(true);
    }
  });
});
