import { copyFile, mkdir, readdir, readFile, rename, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { clip } from '../fixtures/make.ts';
import { sha256 } from '../support/hash.ts';
import { manifestAt, QUICK, type ReelmillRun, reelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ends = ({ events }: ReelmillRun) =>
  events.filter(({ type }) => /^job\.(done|failed)$/.test(type)).map(({ status, code }) => status ?? code);

const filesBelow = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !path.startsWith('.reelmill/work/'))
    .sort();

/** A person's folder: nested, with a broken film, subtitles, notes, a link that leads in a circle and the results inside. */
describe('a folder of films', () => {
  let lib: string;
  let out: string;
  let first: ReelmillRun;
  const run = (...more: readonly string[]) =>
    reelmill([
      'run',
      lib,
      '--json',
      '--recipe',
      'preserve',
      '--out',
      out,
      ...QUICK,
      '--set',
      'evenIfLarger=true',
      ...more,
    ]);
  beforeAll(async () => {
    lib = join(await temporaryFolder(), 'Videos');
    out = join(lib, 'smaller');
    await mkdir(join(lib, '2019/Ünïted'), { recursive: true });
    const film = await clip('cfr');
    await copyFile(film, join(lib, '2019/street.mov'));
    await copyFile(await clip('vfr'), join(lib, '2019/street.mkv'));
    await writeFile(join(lib, '2019/street.eng.srt'), '1\n00:00:00,000 --> 00:00:00,900\nHello\n');
    await writeFile(join(lib, '2019/Ünïted/broken.mp4'), 'This is not a video.\n');
    await writeFile(join(lib, 'notes.txt'), 'to do');
    await symlink('..', join(lib, '2019/loop'));
    await utimes(join(lib, '2019/street.mov'), 1_557_000_000, 1_557_000_000);
    first = await run('--others', 'copy');
  });

  it('comes out under its own names, with its tree, and all that is not a film in one hidden folder', async () => {
    expect(ends(first)).toEqual(['done', 'done', 'not-video']);
    expect(first.code).toBe(65);
    expect(await filesBelow(out)).toEqual([
      '.reelmill/failed/preserve/2019/Ünïted/broken.mp4.json',
      '.reelmill/index.html',
      '.reelmill/preserve/2019/street.mkv/manifest.json',
      '.reelmill/preserve/2019/street.mkv/report.html',
      '.reelmill/preserve/2019/street.mkv/report.jpg',
      '.reelmill/preserve/2019/street.mov/manifest.json',
      '.reelmill/preserve/2019/street.mov/report.html',
      '.reelmill/preserve/2019/street.mov/report.jpg',
      '2019/street.eng.srt',
      '2019/street.mov.eng.srt',
      '2019/street.mov.mp4',
      '2019/street.mp4',
      'notes.txt',
    ]);
    expect(first.stderr).toContain('1 file that is no video was copied');
  });

  it('keeps the times of change of its films', async () => {
    expect((await stat(join(out, '2019/street.mov.mp4'))).mtimeMs).toBe(1_557_000_000_000);
  });

  it('is described by manifests whose paths lead from them to the films', async () => {
    const folder = join(out, '.reelmill/preserve/2019/street.mov');
    const { renditions, sidecars, source } = await manifestAt(join(folder, 'manifest.json'));
    expect(source.path).toBe('2019/street.mov');
    expect(renditions.map(({ path }) => path)).toEqual(['../../../../2019/street.mov.mp4']);
    for (const { path, sha256: hash } of [...renditions, ...sidecars])
      expect(await sha256(join(folder, path))).toBe(hash);
    expect(await readFile(join(folder, 'report.html'), 'utf8')).toContain('href="./../../../../2019/street.mov.mp4"');
  });

  it('is planned before a minute is spent: what is done is left out, and what was learnt here counts', async () => {
    const args = [
      'plan',
      lib,
      '--recipe',
      'preserve',
      '--json',
      ...QUICK,
      '--set',
      'evenIfLarger=true',
      '--exclude',
      'smaller/',
    ];
    const [afresh, known] = [await reelmill(args), await reelmill([...args, '--out', out])];
    expect(afresh.last).toMatchObject({ type: 'plan.library', films: 2, unreadable: 1, unchanged: 0, learntFrom: 0 });
    expect(known.last).toMatchObject({ type: 'plan.library', unreadable: 1, learntFrom: 2 });
    const { films, unchanged, bytesBefore, bytesAfter, seconds, otherSeconds, diskBytes } = { ...known.last };
    expect(Number(films) + Number(unchanged)).toBe(2);
    expect(afresh.last?.bytesBefore).toBe((await stat(await clip('cfr'))).size + (await stat(await clip('vfr'))).size);
    for (const figure of [afresh.last?.seconds, afresh.last?.otherSeconds, afresh.last?.diskBytes])
      expect(figure).toBeGreaterThan(0);
    expect([bytesBefore, bytesAfter, seconds, otherSeconds, diskBytes].every((each) => Number(each) >= 0)).toBe(true);
  });

  it('is left alone by a second run, and one edited film is made anew at its place', async () => {
    expect(ends(await run())).toEqual(['unchanged', 'unchanged', 'not-video']);
    await copyFile(await clip('vfr'), join(lib, '2019/street.mov'));
    const edited = await run('--include', '*.mov');
    expect(ends(edited)).toEqual(['done']);
    expect(await filesBelow(join(out, '2019'))).toContain('street.mov.mp4');
  });

  it('gets back what was damaged, moves its results with the layout, and finds its jobs by the folder of results', async () => {
    await writeFile(join(out, '2019/street.mp4'), 'spoilt');
    expect(ends(await run('--include', '*.mkv'))).toEqual(['done']);
    const jobs = await reelmill(['jobs', out, '--json']);
    expect(jobs.events.map(({ source }) => source).sort()).toEqual([
      '2019/street.mkv',
      '2019/street.mov',
      '2019/Ünïted/broken.mp4',
    ]);
    const [job] = jobs.events.filter(({ source }) => source === '2019/street.mkv');
    expect((await reelmill(['retry', String(job?.id), out, '--json'])).last).toMatchObject({ status: 'unchanged' });
    const moved = await run('--include', '*.mkv', '--layout', 'folders');
    expect(moved.events.map(({ type }) => type)).toContain('job.taken');
    expect(await filesBelow(join(out, 'preserve'))).toEqual([
      '2019/street.mkv/manifest.json',
      '2019/street.mkv/preserve.eng.srt',
      '2019/street.mkv/preserve.mp4',
      '2019/street.mkv/report.html',
      '2019/street.mkv/report.jpg',
    ]);
    expect(await filesBelow(out)).not.toContain('2019/street.mp4');
  });
});

describe('a folder of results', () => {
  it('whose results lie among its films does not take them for sources', async () => {
    const films = join(await temporaryFolder(), 'films');
    await mkdir(films);
    await copyFile(await clip('cfr'), join(films, 'street.mov'));
    await copyFile(await clip('cfr'), join(films, 'same.mp4'));
    const again = () =>
      reelmill([
        'run',
        films,
        '--json',
        '--recipe',
        'preserve',
        '--out',
        films,
        ...QUICK,
        '--set',
        'evenIfLarger=true',
      ]);
    expect(ends(await again())).toEqual(['done', 'done']);
    const there = await filesBelow(films);
    expect(there.filter((path) => !path.startsWith('.reelmill'))).toEqual([
      'same.mp4',
      'same.preserve.mp4',
      'street.mov',
      'street.mp4',
    ]);
    expect(ends(await again())).toEqual(['unchanged', 'unchanged']);
    expect(await filesBelow(films)).toEqual(there);
    const plan = async (...more: readonly string[]) =>
      (await reelmill(['plan', films, '--recipe', 'downscale', '--json', ...more])).last;
    for (const more of [[], ['--out', films], ['--out', join(films, 'more')]])
      expect(await plan(...more)).toMatchObject({ films: 2, unchanged: 0 });
  });

  it('of an earlier version has its work folder taken over by renaming it', async () => {
    const out = await temporaryFolder();
    const file = await clip('cfr');
    const run = () => reelmill(['run', file, '--json', '--recipe', 'preserve', '--out', out, ...QUICK]);
    expect(ends(await run())).toEqual(['done']);
    await rename(join(out, '.reelmill/work'), join(out, '.work'));
    const again = await run();
    expect({ ends: ends(again), names: await readdir(join(out, '.reelmill')) }).toMatchObject({
      ends: ['unchanged'],
      names: expect.arrayContaining(['work']),
    });
    expect(again.stderr).toContain('.work of an earlier version is now');
  });

  it('is refused if it is none, instead of showing an empty table', async () => {
    const { code, stderr } = await reelmill(['jobs', '--work', '/no/such/folder']);
    expect({ code, stderr }).toEqual({
      code: 66,
      stderr: expect.stringContaining('there is no job table in /no/such/folder'),
    });
  });
});
