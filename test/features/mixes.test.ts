import { access, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { clip } from '../fixtures/make.ts';
import { manifestAt, QUICK, reelmill, runOf } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const LARGER = [...QUICK, '--set', 'evenIfLarger=true'];

let source: string;
beforeAll(async () => {
  source = await clip('cfr');
});

describe('one drop for several recipes', () => {
  it('is one job and one manifest each, of pieces that are made once', async () => {
    const out = await temporaryFolder();
    const run = await reelmill(runOf([source], { out, recipe: 'preserve,downscale', set: LARGER }));
    expect(run).toMatchObject({ code: 0 });
    const ends = run.events.filter(({ type }) => type === 'job.done');
    expect(ends.map(({ status, manifest }) => ({ status, manifest }))).toEqual([
      { status: 'done', manifest: join(out, 'preserve', 'cfr.mp4', 'manifest.json') },
      { status: 'done', manifest: join(out, 'downscale', 'cfr.mp4', 'manifest.json') },
    ]);
    const [preserve, downscale] = await Promise.all(ends.map(({ manifest }) => manifestAt(String(manifest))));
    expect(preserve?.renditions[0]?.segments).toMatchObject({ total: 2, encoded: 2, reused: 0 });
    expect(downscale?.renditions[0]?.segments).toMatchObject({ total: 2, encoded: 0, reused: 2 });
    expect(downscale?.job).not.toBe(preserve?.job);

    const again = await reelmill(runOf([source], { out, recipe: 'preserve,downscale', set: LARGER }));
    expect(again.events.filter(({ type }) => type === 'job.done').map(({ status }) => status)).toEqual([
      'unchanged',
      'unchanged',
    ]);
  });

  it('gives each recipe the settings it takes, and refuses one that none takes', async () => {
    const ask = (set: readonly string[]) =>
      reelmill(['plan', source, '--json', '--recipe', 'preserve', '--recipe', 'vj', ...set]);
    const planned = await ask(['--set', 'crf=28', '--set', 'codec=hapq']);
    expect(planned.events).toMatchObject([
      { type: 'plan', recipe: 'preserve', renditions: [{ name: 'preserve' }] },
      { type: 'plan', recipe: 'vj', renditions: [{ name: 'hapq' }] },
    ]);
    expect(await ask(['--set', 'profile=lt'])).toMatchObject({
      code: 64,
      last: { code: 'usage', reason: expect.stringContaining('"profile"') },
    });
  });

  it.each([
    { recipe: 'preserve,ladr', says: /no recipe "ladr"; there are: preserve/ },
    { recipe: 'preserve,', says: /no recipe ""/ },
    { recipe: 'preserve,preserve', says: /--recipe preserve is given twice/ },
  ])('--recipe $recipe is refused before anything is read', async ({ recipe, says }) => {
    const run = await reelmill(runOf([source], { out: await temporaryFolder(), recipe }));
    expect(run).toMatchObject({ code: 64, last: { type: 'job.failed', reason: expect.stringMatching(says) } });
    expect(run.events).toHaveLength(1);
  });

  it('that one recipe cannot take is made by the others, and fails as the first of them did', async () => {
    const run = await reelmill(
      runOf([await clip('alpha')], {
        out: await temporaryFolder(),
        recipe: 'vj,preserve',
        set: [...LARGER, '--set', 'codec=dxv'],
      }),
    );
    expect(
      run.events.flatMap(({ type, code, status }) => (type.startsWith('job.') ? [code ?? status ?? type] : [])),
    ).toEqual(['job.queued', 'usage', 'job.queued', 'job.planned', 'done']);
    expect(run.code).toBe(64);
  });
});

describe('a watched folder with mixes', () => {
  const drop = async (root: string, key: string, bytes?: string) => {
    await mkdir(dirname(join(root, key)), { recursive: true });
    await (bytes === undefined ? copyFile(source, join(root, key)) : writeFile(join(root, key), bytes));
  };
  const watch = (root: string) => reelmill(['watch', root, '--once', '--json']);

  it('makes every recipe of a mix in a folder of its own', async () => {
    const root = await temporaryFolder();
    const recipes = { small: { extends: 'downscale', settings: { preset: 'ultrafast', evenIfLarger: true } } };
    await drop(root, 'recipes.json', JSON.stringify({ recipes, mixes: { both: ['small', 'mezzanine'] } }));
    await drop(root, 'input/both/a/clip.mp4');
    expect(await watch(root)).toMatchObject({ code: 0 });
    const at = (recipe: string) => manifestAt(join(root, 'output/both/a/clip.mp4', recipe, 'manifest.json'));
    expect(await at('small')).toMatchObject({ recipe: 'small', renditions: [{ path: 'downscale.mp4' }] });
    expect(await at('mezzanine')).toMatchObject({ recipe: 'mezzanine', renditions: [{ path: '422.mov' }] });
    const again = await watch(root);
    expect(again.events.flatMap(({ status }) => status ?? [])).toEqual(['unchanged', 'unchanged']);
  });

  it('says of a prefix that asks for nothing known what there is, until it is', async () => {
    const root = await temporaryFolder();
    await drop(root, 'input/both/clip.mp4');
    await drop(root, 'input/clip.mp4');
    const refused = await watch(root);
    expect(refused).toMatchObject({ code: 64 });
    expect(refused.stderr).toMatch(/input\/both\/clip\.mp4: no recipe "both"; there are: preserve/);
    expect(refused.stderr).toMatch(/input\/clip\.mp4.* names no recipe/);
    const record = join(root, 'failed/both/clip.mp4.json');
    expect(JSON.parse(await readFile(record, 'utf8'))).toMatchObject({ code: 'usage', source: 'input/both/clip.mp4' });

    await drop(root, 'recipes.json', JSON.stringify({ mixes: { both: ['mezzanine'] } }));
    const taken = await watch(root);
    expect(taken.events.at(-1)).toMatchObject({ type: 'job.done', status: 'done' });
    await expect(access(record)).rejects.toThrow();
  });
});

describe('a watched folder whose files are wanted more and less', () => {
  it('makes what is wanted, tells what waits, and makes that when it is asked for', async () => {
    const root = await temporaryFolder();
    const settings = { preset: 'ultrafast', onDemandBelow: 50 };
    await mkdir(join(root, 'input/web'), { recursive: true });
    await writeFile(join(root, 'recipes.json'), JSON.stringify({ recipes: { web: { extends: 'ladder', settings } } }));
    for (const name of ['a.mp4', 'b.mp4']) await copyFile(source, join(root, 'input/web', name));
    const watch = () => reelmill(['watch', root, '--once', '--json']);
    const sources = ({ events }: Awaited<ReturnType<typeof watch>>) =>
      events.flatMap(({ type, source: name }) => (type === 'job.queued' ? [name] : []));

    const first = await watch();
    expect(first).toMatchObject({ code: 0 });
    expect(first.stderr).toMatch(/sd waits until it is asked for \(priority 0\): reelmill ask [0-9a-f]{12} sd/);
    expect([...sources(first)].sort()).toEqual(['input/web/a.mp4', 'input/web/b.mp4']);

    const last = first.events.findLast(({ type }) => type === 'job.done');
    const { job, source: wanted } = await manifestAt(String(last?.manifest));
    const work = ['--work', join(root, '.reelmill', 'work')];
    const refused = await reelmill(['ask', job, 'hd8k', '--json', ...work]);
    expect(refused).toMatchObject({
      code: 64,
      last: { reason: expect.stringContaining('there are: 4k, 1440p, hd, sd') },
    });
    expect(await reelmill(['ask', job, 'sd', '--downloads', '1e3', '--json', ...work])).toMatchObject({ code: 64 });
    const asked = await reelmill(['ask', job, 'sd', '--downloads', '3', '--json', ...work]);
    expect(asked.events.flatMap(({ type, name }) => (type === 'rendition.done' ? [name] : []))).toEqual(['sd']);

    const [next, ...others] = sources(await watch());
    expect(next).toBe(`input/web/${basename(wanted.path)}`);
    expect(others).toHaveLength(1);
  });
});
