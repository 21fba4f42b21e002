import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { boxesOf, withBox } from '../../core/bytes/boxes.ts';
import { box, u32 } from '../fixtures/craft.ts';
import { markedMovie } from '../fixtures/marked-movie.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { piecesIn, plannedTasks } from '../support/planned-tasks.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SETTINGS = { segmentSeconds: '1-2', preset: 'ultrafast', crf: '40', evenIfLarger: true };
const FRAMES = 100;
const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=4,noise=alls=60:allf=t:all_seed=1'];
const SOUND = ['-f', 'lavfi', '-i', 'sine=d=4', '-c:a', 'mp2'];
const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '20', '-bf', '0', '-g', '6'];

/** Picture 40 has the time of the one before, from where on decoders take the times of decoding, which are two pictures earlier. */
const TIMES = 'setts=dts=DTS-7200:pts=if(eq(N\\,40)\\,PREV_INPTS\\,PTS)';

describe('a transport stream that shows three pictures at one time, as damage makes them', () => {
  let root: string;
  let stages: readonly Awaited<ReturnType<typeof plannedTasks>>[];

  beforeAll(async () => {
    root = await temporaryFolder();
    stages = await Promise.all([plannedTasks(join(root, 'whole')), plannedTasks(join(root, 'shared'))]);
  });
  afterAll(() => Promise.all(stages.map((stage) => stage.close())));

  it('is made with each of them a tick later, by one run and by tasks the same', async () => {
    const [whole, shared] = stages;
    if (!whole || !shared) throw new Error('there is no stage');
    const name = 'three.ts';
    const path = join(root, name);
    await execa('ffmpeg', ['-v', 'error', '-nostdin', ...PICTURE, ...SOUND, ...X264, '-bsf:v', TIMES, path]);
    expect(differences(await timesOf(path, 'packet'))).toContain(0);
    const film = await readFile(path);

    const alone = await whole.dropped(name, film, SETTINGS);
    expect(await alone.run('all')).toEqual({ status: 'done' });
    const job = await shared.dropped(name, film, SETTINGS);
    expect(await job.run('plan')).toEqual({ status: 'done' });
    await shared.shared(job, 2);
    expect(Object.keys(await piecesIn(job.cache)).length).toBeGreaterThan(0);
    expect(await job.run('join')).toEqual({ status: 'done' });

    const key = `${job.job.outputPrefix}/preserve.mp4`;
    const [one, other] = [await whole.bucket.read(key), await shared.bucket.read(key)];
    expect(one).toBeDefined();
    expect(other).toEqual(one);
    const made = join(root, `${name}.mp4`);
    await writeFile(made, one ?? '');
    const shown = differences(await timesOf(made, 'frame'));
    expect(shown).toHaveLength(FRAMES - 1);
    expect(Math.min(...shown)).toBe(1);
  });
});

describe.each(['mp4', 'mkv'])('an MP4 of which three pictures last no time, in %s', (container) => {
  it('is made with each of them, and the manifest says how many are moved, and how far', async () => {
    const folder = await temporaryFolder();
    const plain = join(folder, 'plain.mp4');
    await execa('ffmpeg', ['-v', 'error', '-nostdin', ...PICTURE, ...X264, plain]);
    const film = await markedMovie(plain, join(folder, 'film.mp4'), { edit: withoutTime });
    const made = await milledFile(film, { ...QUICK, evenIfLarger: 'true', container });
    expect(made.manifest.warnings).toEqual([
      '2 pictures have the time of another one, and a film shows one at a time: they follow that one, at most 0.156 ms later than the source says',
    ]);
    expect(made.manifest.renditions[0]).toMatchObject({ frames: FRAMES });
    expect(made.manifest.renditions[0]?.checks).toContainEqual({
      name: 'every frame at its time',
      passed: true,
      detail: expect.stringMatching(/; 2 of them behind another one that has their time in the source$/),
    });
  });
});

/** A table of times by which the pictures 10 to 12 are shown at one time. */
function withoutTime(moov: Buffer): Buffer {
  const [movie] = boxesOf(moov, 0, moov.length);
  if (!movie) throw new Error('no movie box');
  const runs = [10, 512, 2, 0, FRAMES - 12, 512];
  return withBox(moov, movie, ['trak', 'mdia', 'minf', 'stbl', 'stts'], () =>
    box('stts', u32(0), u32(3), ...runs.map(u32)),
  );
}

/** The times of the picture's packets or frames, in ticks. */
async function timesOf(path: string, what: 'packet' | 'frame'): Promise<readonly number[]> {
  const { stdout } = await execa('ffprobe', [
    ...['-v', 'error', '-select_streams', 'v:0', '-show_entries', `${what}=pts`, '-of', 'csv=p=0', path],
  ]);
  return stdout.split('\n').flatMap((line) => (/^\d/.test(line) ? [Number.parseInt(line, 10)] : []));
}

const differences = (times: readonly number[]): readonly number[] =>
  times.slice(1).map((time, i) => time - (times[i] ?? 0));
