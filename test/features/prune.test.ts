import { copyFile, mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { clip } from '../fixtures/make.ts';
import { makeClip } from '../support/clip.ts';
import { clockAt } from '../support/clock-at.ts';
import { heldFfmpeg } from '../support/held-ffmpeg.ts';
import { QUICK, reelmill, startReelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let out: string;
let film: string;
const piecesThere = async () =>
  (await readdir(join(out, '.reelmill/work/cache/pieces'), { recursive: true })).filter((name) => name.includes('.'));
const run = (...more: readonly string[]) =>
  reelmill(['run', film, '--json', '--recipe', 'preserve', '--out', out, ...QUICK, ...more]);

beforeAll(async () => {
  [out, film] = [await temporaryFolder(), join(await temporaryFolder(), 'film.mp4')];
  await copyFile(await clip('cfr'), film);
  expect((await run()).code).toBe(0);
});

it('removes what is asked for and nothing else, and says before what it would be', async () => {
  const before = await piecesThere();
  expect(before.length).toBeGreaterThan(1);
  await mkdir(join(out, '.reelmill/work/jobs/killed'), { recursive: true });
  await writeFile(join(out, '.reelmill/work/jobs/killed/half.mp4'), 'half a film');
  const dry = await reelmill(['prune', out, '--max-size', '0', '--orphaned', '--dry-run', '--json']);
  expect(dry.last).toMatchObject({ type: 'pruned', dryRun: true, files: before.length + 1 });
  expect(await piecesThere()).toEqual(before);
  expect((await reelmill(['prune', out, '--older-than', '30d', '--json'])).last).toMatchObject({ files: 0, bytes: 0 });
  expect(await reelmill(['prune', out, '--max-size', '0', '--orphaned'])).toMatchObject({ code: 0 });
  expect({ pieces: await piecesThere(), jobs: (await readdir(join(out, '.reelmill/work'))).includes('jobs') }).toEqual({
    pieces: [],
    jobs: false,
  });
  expect((await run()).last).toMatchObject({ status: 'unchanged' });
});

it('removes what a killed process had half written among the results, once an hour has passed', async () => {
  const half = join(out, '.reelmill', `.reelmill-tmp-${'0'.repeat(24)}`);
  await writeFile(half, 'half a manifest');
  await utimes(half, 1, 1); // a copy has its source's time before it has its name
  expect((await reelmill(['prune', out, '--orphaned', '--json'])).last).toMatchObject({ files: 0 });
  const later = await reelmill(['prune', out, '--orphaned', '--json'], {
    under: (await clockAt('+2h', await temporaryFolder())).under,
  });
  expect(later.last).toMatchObject({ files: 1, bytes: 15 });
  expect(await readdir(join(out, '.reelmill'))).not.toContain(basename(half));
});

it('removes what a run left that was killed in the middle, and nothing while a run goes on', async () => {
  const other = await temporaryFolder();
  const long = join(await temporaryFolder(), 'long.mp4');
  await makeClip(long, { seconds: 1 });
  const held = await heldFfmpeg('*long.mp4*libx265*');
  const running = startReelmill(['run', long, '--json', '--recipe', 'preserve', '--out', other, ...QUICK], held);
  await held.waits();
  expect(await reelmill(['prune', other, '--orphaned'])).toMatchObject({ code: 75 });
  running.child.kill('SIGKILL');
  await running.ended;
  const pruned = await reelmill(['prune', other, '--orphaned', '--json']);
  expect(pruned).toMatchObject({ code: 0, last: { type: 'pruned' } });
  expect(await readdir(join(other, '.reelmill/work'))).not.toContain('jobs');
});

it('keeps the pieces within the size that a run was given', async () => {
  await rm(join(out, 'film.mp4'), { force: true });
  expect((await run('--remake', '--cache', '1k')).last).toMatchObject({ status: 'done' });
  expect((await piecesThere()).filter((name) => name.endsWith('.nut'))).toEqual([]);
});

it.each([
  { what: 'nothing is named', args: [], code: 64, says: /say what to remove/ },
  { what: 'a size is none', args: ['--max-size', 'much'], code: 64, says: /--max-size much is not a size/ },
  { what: 'there is no work folder', args: ['--orphaned', '--work', '/no/such'], code: 66, says: /no job table/ },
])('is refused if $what', async ({ args, code, says }) => {
  expect(await reelmill(['prune', out, ...args])).toMatchObject({ code, stderr: expect.stringMatching(says) });
});
