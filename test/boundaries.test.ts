import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { circles, FLOORS, importsOf, offences, ROOMS } from './support/import-rules.ts';
import { filesOfTheRepository } from './support/repository.ts';

describe('the import table', () => {
  it('is kept by every module of the repository', async () => {
    const modules = (await filesOfTheRepository()).filter((path) => /\.[mc]?[jt]sx?$/.test(path));
    const found = await Promise.all(modules.map(async (path) => offences(path, await readFile(path, 'utf8'))));
    expect(modules).toContain('core/errors.ts');
    expect(found.flat()).toEqual([]);
  });

  it.each([
    { path: 'core/a.ts', source: "import * as z from 'zod/mini'; import { createHash } from 'node:crypto';" },
    { path: 'core/recipes/a.ts', source: "import { usage } from '../errors.ts';" },
    { path: 'app/a.ts', source: "import { plan } from '../core/segments/plan.ts';" },
    { path: 'media/a.ts', source: "import { execa } from 'execa'; import '../core/errors.ts'; import 'node:fs';" },
    { path: 'adapters/aws/a.ts', source: "import '@aws-sdk/client-s3'; import '../../core/ports/clock.ts';" },
    { path: 'runtime/a.ts', source: "import '../media/process/ffmpeg.ts'; import '../adapters/local/sqlite.ts';" },
    { path: 'runtime/config.ts', source: 'export const at = process.env.REELMILL_HOME;' },
    { path: 'functions/a.ts', source: "import * as z from 'zod'; import '../app/submit-drop.ts';" },
    { path: 'cli/commands/a.ts', source: "import { Command } from 'commander'; import '../../runtime/ports.ts';" },
    { path: 'web/a.ts', source: "import '../core/montage/sequencer.ts'; import { h } from 'preact';" },
    { path: 'web/a.ts', source: "import type { Probe } from '../core/film/probe.ts';" },
    { path: 'web/a.ts', source: "import { type Probe } from '../core/film/probe.ts';" },
    { path: 'test/a.test.ts', source: "import { buildIfStale } from '../scripts/build.mjs'; process.env.CI;" },
    { path: 'core/a.ts', source: "// import '../app/a.ts'\nexport const text = \"import 'fs'; process.env.HOME\";" },
  ])('lets $path say: $source', ({ path, source }) => {
    expect(offences(path, source)).toEqual([]);
  });

  it.each([
    {
      path: 'core/film/a.ts',
      source: "import type { Recipe } from '../recipes/recipe.ts';",
      names: 'core/film may not',
    },
    { path: 'core/a.ts', source: "import { Job } from './job/job.ts';", names: 'core may not' },
    { path: 'core/cellar/a.ts', source: "import { usage } from '../errors.ts';", names: 'has no row' },
    { path: 'media/nut/a.ts', source: "import '../onnx/upscaler.ts';", names: 'media/nut may not' },
    { path: 'adapters/aws/a.ts', source: "import '../local/sqlite-job-store.ts';", names: 'adapters/aws may not' },
    { path: 'core/a.ts', source: "import * as z from 'zod';", names: 'zod' },
    { path: 'core/a.ts', source: "import { readFile } from 'node:fs/promises';", names: 'node:fs/promises' },
    { path: 'core/a.ts', source: "import { join } from 'path';", names: 'path' },
    { path: 'core/a.ts', source: "import '../app/run/run-job.ts';", names: 'app/run/run-job.ts' },
    {
      path: 'core/a.ts',
      source: "import type { Toolbox } from '../media/tools/toolbox.ts';",
      names: 'media/tools/toolbox.ts',
    },
    {
      path: 'core/a.ts',
      source: "export const later = () => import('../media/process/ffmpeg.ts');",
      names: 'media/process/ffmpeg.ts',
    },
    {
      path: 'core/a.ts',
      source: "export type T = import('../media/tools/toolbox.ts').Toolbox;",
      names: 'media/tools/toolbox.ts',
    },
    { path: 'core/a.ts', source: "export * from '../runtime/ports.ts';", names: 'runtime/ports.ts' },
    { path: 'core/a.ts', source: "export { ports } from '../runtime/ports.ts';", names: 'runtime/ports.ts' },
    { path: 'core/a.ts', source: 'export const load = (name: string) => import(name);', names: 'computes' },
    { path: 'app/a.ts', source: "import PQueue from 'p-queue';", names: 'p-queue' },
    { path: 'app/a.ts', source: "import '../adapters/local/sqlite.ts';", names: 'adapters/local/sqlite.ts' },
    { path: 'media/a.ts', source: "import '../app/run/run-job.ts';", names: 'app/run/run-job.ts' },
    { path: 'adapters/local/a.ts', source: "import '../../media/ffmpeg.ts';", names: 'media/ffmpeg.ts' },
    { path: 'runtime/a.ts', source: "import '../app/run/run-job.ts';", names: 'app/run/run-job.ts' },
    { path: 'functions/a.ts', source: "import '../adapters/aws/s3.ts';", names: 'adapters/aws/s3.ts' },
    { path: 'tasks/a.ts', source: "import { Command } from 'commander';", names: 'commander' },
    { path: 'cli/a.ts', source: "import { spawn } from 'node:child_process';", names: 'node:child_process' },
    { path: 'cli/a.ts', source: "import '../media/ffprobe.ts';", names: 'media/ffprobe.ts' },
    { path: 'web/a.ts', source: "import { readFile } from 'node:fs/promises';", names: 'node:fs/promises' },
    { path: 'web/a.ts', source: "import { codecString } from '../core/film/codec-string.ts';", names: 'core/film' },
    { path: 'web/a.ts', source: "import type { Job } from '../app/run/run-job.ts';", names: 'app/run/run-job.ts' },
    { path: 'runtime/a.ts', source: "import '../test/support/imports.ts';", names: 'nobody may import test' },
    { path: 'test/a.test.ts', source: "import '../bench/main.ts';", names: 'nobody may import bench' },
    { path: 'cli/a.ts', source: "import '../scripts/build.mjs';", names: 'nobody may import scripts' },
    { path: 'cli/a.ts', source: "import '../../elsewhere/a.ts';", names: 'outside of the repository' },
    { path: 'app/a.ts', source: 'export const home = process.env.HOME;', names: 'process.env' },
    { path: 'app/a.ts', source: "export const home = process['env']['HOME'];", names: 'process.env' },
    { path: 'app/a.ts', source: 'export const home = globalThis.process.env.HOME;', names: 'process.env' },
    {
      path: 'runtime/tools.ts',
      source: 'const { env } = process; export const home = env.HOME;',
      names: 'process.env',
    },
    { path: 'runtime/tools.ts', source: "import { env } from 'node:process';", names: 'process.env' },
    { path: 'runtime/tools.ts', source: "import { env as all } from 'node:process';", names: 'process.env' },
  ])('catches $path saying: $source', ({ path, source, names }) => {
    expect(offences(path, source)).toEqual([expect.stringContaining(names)]);
  });

  it('lets no files import each other in a loop, not even types', async () => {
    const paths = (await filesOfTheRepository()).filter((path) => path.endsWith('.ts'));
    const modules = new Map(
      await Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')] as const)),
    );
    expect(circles(modules)).toEqual([]);
  });

  it('finds such loops, each once', () => {
    const sources = { a: ['b'], b: ['c', 'd'], c: ['a'], d: ['d'], e: ['a', 'f'], f: [] };
    const modules = Object.entries(sources).map(
      ([name, imports]) =>
        [`core/${name}.ts`, imports.map((from) => `import type { X } from './${from}.ts';`).join('\n')] as const,
    );
    expect(circles(new Map(modules))).toEqual([['core/a.ts', 'core/b.ts', 'core/c.ts'], ['core/d.ts']]);
  });

  it('has a row for every room with code in it', async () => {
    const folders = (await filesOfTheRepository())
      .filter((path) => /\/.*\.tsx?$/.test(path))
      .map((path) => path.split('/')[0]);
    const rooms = [...Object.keys(ROOMS), 'test', 'bench', 'scripts', 'resources', 'docker'];
    expect(rooms).toEqual(expect.arrayContaining([...new Set(folders)]));
  });

  it('names in each row of the floors only rows above it, so that no folders import each other in a circle', () => {
    const rows = Object.entries(FLOORS);
    const above = rows.map((_, i) => rows.slice(0, i).map(([folder]) => folder));
    for (const [i, [folder, mayImport]] of rows.entries()) {
      expect({ folder, notAbove: mayImport.filter((other) => !above[i]?.includes(other)) }).toEqual({
        folder,
        notAbove: [],
      });
    }
  });

  it('names in each row of the floors nothing that the folder does not import', async () => {
    const paths = (await filesOfTheRepository()).filter((path) => /\.[jt]s$/.test(path));
    const imported = new Map<string, Set<string>>();
    for (const path of paths) {
      const targets = importsOf(path, await readFile(path, 'utf8')).map((target) => posix.dirname(target));
      const folder = imported.get(posix.dirname(path)) ?? new Set();
      imported.set(posix.dirname(path), new Set([...folder, ...targets]));
    }
    for (const [folder, mayImport] of Object.entries(FLOORS)) {
      expect({ folder, unused: mayImport.filter((other) => !imported.get(folder)?.has(other)) }).toEqual({
        folder,
        unused: [],
      });
    }
  });

  it('stands in docs/architecture.md as it is', async () => {
    const page = await readFile('docs/architecture.md', 'utf8');
    const rows = [...page.matchAll(/^\| `([^`]+)` \| ([^|]+) \| ([^|]*) \|$/gm)].map(
      ([, folder, holds, mayImport]) => ({
        folder,
        isDescribed: (holds ?? '').trim().length > 10,
        mayImport: [...(mayImport ?? '').matchAll(/`([^`]+)`/g)].map(([, other]) => other),
      }),
    );
    expect(rows).toEqual(
      Object.entries(FLOORS).map(([folder, mayImport]) => ({ folder, isDescribed: true, mayImport })),
    );
  });
});
