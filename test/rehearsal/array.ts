import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { type Manifest, manifestSchema } from '../../core/job/manifest.ts';
import { startProgram } from '../support/started-program.ts';
import { manifestOf, type Rehearsal } from './acts.ts';
import { exitCodes, throughWorkflow } from './long-films.ts';
import { expectEqual, expectTrue, linesOf } from './steps.ts';

/** Four minutes of noise, of which each second has about as many bytes: some 40 MB, encoded in seconds. */
const FILM = [
  ...['-f', 'lavfi', '-i', 'testsrc2=s=128x80:r=25:d=240,noise=alls=60:allf=t:all_seed=1', '-movflags', '+faststart'],
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '30', '-bf', '2', '-g', '12'],
];
/** What its header says instead: a film as short as it is would not be divided. */
const CLAIMED_SECONDS = 80_000;
const SETTINGS = { segmentSeconds: '30-40', preset: 'slow', crf: '40', evenIfLarger: 'true' };
const TASKS = 3;
/** What the tasks together may fetch of a source, and an index for each besides. */
const MOST = 1.1;

/** The tasks of an array, at the same time, one of which loses its machine without a warning. */
export async function array(rehearsal: Rehearsal): Promise<void> {
  const { step, stage, folder } = rehearsal;
  const path = join(folder, 'array.mp4');
  const { job, log } = await step(
    `${TASKS} containers at once share the segments of a film, and one whose machine is gone is started again`,
    async () => {
      await makeFilm(path);
      const settings = Object.fromEntries(Object.entries(SETTINGS).map(([name, value]) => [`reelmill-${name}`, value]));
      const run = await throughWorkflow(
        rehearsal,
        { name: 'array.mp4', path, settings },
        { losses: { 1: ['SIGKILL'] } },
      );
      const ended = run.log.map(({ step: name, ends }) => [name, ends.map(exitCodes)]);
      const expected = [
        ['plan', [[0]]],
        [`segment x${TASKS}`, [[0], [null, 0], [0]]],
        ['join', [[0]]],
      ];
      expectEqual(ended, expected, 'how the containers ended');
      return run;
    },
  );
  await step('together they have fetched the source once, a tenth of it, and an index for each', async () => {
    const { bytes, index } = await sizesOf(path);
    const tasks = log[1]?.ends ?? [];
    const [all, finished] = [tasks.flat(), tasks.flatMap((ends) => ends.slice(-1))].map((ends) =>
      ends.reduce((sum, { fetchedBytes }) => sum + fetchedBytes, 0),
    );
    const most = MOST * bytes + TASKS * index;
    expectTrue((finished ?? 0) <= most, `the tasks have fetched ${finished} bytes instead of ${most} at most`);
    const [lost, again] = tasks[1] ?? [];
    const share = lost?.fetchedBytes ?? 0;
    expectTrue((all ?? 0) <= most + share, `with the lost one they have fetched ${all} bytes of ${bytes}`);
    expectTrue((again?.fetchedBytes ?? 0) <= share, 'the one that was started again has fetched more than before');
  });
  await step('the join encodes nothing, and what comes out is what this machine makes, byte for byte', async () => {
    const [rendition] = (await manifestOf(stage, job)).renditions;
    expectTrue((rendition?.segments.total ?? 0) >= 2 * TASKS, `${rendition?.segments.total} segments`);
    expectEqual(rendition?.segments.encoded, 0, 'what the join had to encode');
    const [here] = (await madeHere(rehearsal, path)).renditions;
    expectEqual([rendition?.sha256, rendition?.bytes], [here?.sha256, here?.bytes], 'the film');
  });
}

async function makeFilm(path: string): Promise<void> {
  await execa('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...FILM, path]);
  const film = await readFile(path);
  const header = film.indexOf('mvhd') + 'mvhd'.length;
  film.writeUInt32BE(CLAIMED_SECONDS * film.readUInt32BE(header + 12), header + 16); // ISO/IEC 14496-12, 8.2.2
  await writeFile(path, film);
}

/** The bytes of an MP4, and those of them that are no media. */
async function sizesOf(path: string): Promise<{ readonly bytes: number; readonly index: number }> {
  const file = await readFile(path);
  let [at, index] = [0, 0];
  while (at < file.length) {
    const [size, type] = [file.readUInt32BE(at), file.toString('latin1', at + 4, at + 8)];
    if (type !== 'mdat') index += size;
    at += size;
  }
  return { bytes: file.length, index };
}

async function madeHere({ stage, folder }: Rehearsal, path: string): Promise<Manifest> {
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const args = [join('dist', 'cli.js'), 'run', path, '--recipe', 'preserve', '--out', join(folder, 'here'), '--json'];
  const { code, stdout, stderr } = await startProgram(process.execPath, [...args, ...settings]).ended;
  stage.ran({ what: 'reelmill run', exitCode: code, lastLines: linesOf(stderr) });
  const { manifest } = JSON.parse(linesOf(stdout).at(-1) ?? '{}');
  return manifestSchema.parse(JSON.parse(await readFile(manifest, 'utf8')));
}
