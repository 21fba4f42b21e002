import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { load } from 'js-yaml';
import * as z from 'zod';

const FOLDER = '.github/workflows';

const step = z.object({ uses: z.string().optional(), run: z.string().optional() });
const job = z.object({
  uses: z.string().optional(),
  needs: z.union([z.string(), z.array(z.string())]).optional(),
  'timeout-minutes': z.number().optional(),
  environment: z.string().optional(),
  permissions: z.record(z.string(), z.string()).optional(),
  strategy: z.object({ matrix: z.record(z.string(), z.unknown()) }).optional(),
  steps: z.array(step).optional(),
});
const workflow = z.object({
  name: z.string(),
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(z.string(), job),
});

const read = async () => {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.yml'));
  return Promise.all(names.map(async (name) => ({ file: name, text: await readFile(join(FOLDER, name), 'utf8') })));
};
const parsed = async () => (await read()).map(({ file, text }) => ({ file, text, ...workflow.parse(load(text)) }));
const jobsOf = async () =>
  (await parsed()).flatMap(({ file, jobs }) => Object.entries(jobs).map(([name, each]) => ({ file, name, ...each })));

describe('the workflows on GitHub', () => {
  it('pin every action of others by its commit, and say which version that is', async () => {
    for (const { file, text } of await read()) {
      const uses = [...text.matchAll(/^\s*-? ?uses: (.*)$/gm)].map(([, what]) => what ?? '');
      const loose = uses.filter(
        (what) => !what.startsWith('./') && !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(what),
      );
      expect([file, loose]).toEqual([file, []]);
    }
  });

  it('may read the repository and nothing else, but where a job takes a role', async () => {
    for (const { file, permissions } of await parsed())
      expect([file, permissions]).toEqual([file, { contents: 'read' }]);
    const more = (await jobsOf()).filter((each) => each.permissions);
    for (const { permissions } of more) expect(permissions).toEqual({ contents: 'read', 'id-token': 'write' });
  });

  it('give every job of theirs an end', async () => {
    const endless = (await jobsOf()).filter((each) => !each.uses && each['timeout-minutes'] === undefined);
    expect(endless.map(({ file, name }) => `${file} ${name}`)).toEqual([]);
  });

  it('put nothing that others write into a shell', async () => {
    const scripts = (await jobsOf()).flatMap(({ steps = [] }) => steps.flatMap(({ run }) => run ?? []));
    expect(scripts).not.toEqual([]);
    // An expression inside of `run` is pasted in as text; through `env` it is a value.
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  });

  it('keep no long-lived key of AWS', async () => {
    for (const { text } of await read()) expect(text).not.toMatch(/AWS_SECRET_ACCESS_KEY|aws-secret-access-key/);
  });

  it('release through check, image, test and prod, in this order, and to npm when the images are there', async () => {
    const release = (await parsed()).find(({ file }) => file === 'release.yml');
    expect(Object.entries(release?.jobs ?? {}).map(([name, { needs, uses }]) => [name, needs, uses])).toEqual([
      ['check', undefined, './.github/workflows/check.yml'],
      ['image', 'check', './.github/workflows/image.yml'],
      ['test', 'image', './.github/workflows/deploy.yml'],
      ['prod', ['image', 'test'], './.github/workflows/deploy.yml'],
      ['npm', 'image', undefined],
    ]);
  });

  it('publish to npm with provenance, and only a version that the changelog has', async () => {
    const release = (await parsed()).find(({ file }) => file === 'release.yml');
    const npm = release?.jobs.npm;
    expect(npm?.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    const scripts = (npm?.steps ?? []).flatMap(({ run }) => run ?? []);
    expect(scripts.at(-1)).toBe('npm publish --provenance --access public');
    expect(scripts.some((script) => script.includes('CHANGELOG.md'))).toBe(true);
  });

  it('try the packed command on Linux, macOS and Windows', async () => {
    const check = (await parsed()).find(({ file }) => file === 'check.yml');
    const { strategy, steps = [] } = check?.jobs.command ?? {};
    expect(strategy?.matrix.system).toEqual([
      expect.stringMatching(/^ubuntu-/),
      expect.stringMatching(/^macos-/),
      expect.stringMatching(/^windows-/),
    ]);
    expect(steps.flatMap(({ run }) => run ?? []).join('\n')).toMatch(
      /npm pack [\s\S]*npm install --global [\s\S]*reelmill run /,
    );
  });

  it('run only commands that the package has', async () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(await readFile('package.json', 'utf8')));
    const run = (await read()).flatMap(({ text }) =>
      [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name ?? ''),
    );
    expect(run).toEqual(expect.arrayContaining(['deploy', 'smoke', 'lint:cloudformation']));
    expect(run.filter((name) => !(name in scripts))).toEqual([]);
  });
});
