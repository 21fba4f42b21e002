import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { bytesAsked, piecesIn, plannedTasks } from '../support/planned-tasks.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const TASKS = 3;
const SETTINGS = { segmentSeconds: '1-2', preset: 'ultrafast', crf: '40', evenIfLarger: true };
const SECONDS = 9;

const PICTURE = ['-f', 'lavfi', '-i', `testsrc2=s=96x64:r=25:d=${SECONDS},noise=alls=60:allf=t:all_seed=1`];
const SOUND = ['-f', 'lavfi', '-i', `sine=d=${SECONDS}`, '-c:a', 'mp2'];
const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '4', '-bf', '2', '-g', '6'];
const MPEG2 = ['-c:v', 'mpeg2video', '-q:v', '2', '-bf', '2', '-g', '6'];

const FILMS = [
  { name: 'film.ts', what: 'a transport stream of H.264', args: X264 },
  { name: 'interlaced.ts', what: 'an interlaced transport stream of MPEG-2', args: [...MPEG2, '-flags', '+ildct+ilme', '-top', '1'] },
  { name: 'film.m2ts', what: 'a transport stream with times before its packets', args: [...X264, '-mpegts_m2ts_mode', '1'] },
  { name: 'film.vob', what: 'a program stream', args: [...MPEG2, '-f', 'vob'] },
  { name: 'film.avi', what: 'an AVI', args: ['-c:v', 'mpeg4', '-q:v', '2', '-bf', '2', '-g', '6'] },
];

describe('the tasks of a film that can only be read from its start', () => {
  let root: string;
  let stage: Awaited<ReturnType<typeof plannedTasks>>;
  let films: ReadonlyMap<string, Buffer>;

  beforeAll(async () => {
    root = await temporaryFolder();
    stage = await plannedTasks(root);
    const made = FILMS.map(async ({ name, args }) => {
      await execa('ffmpeg', ['-v', 'error', '-nostdin', ...PICTURE, ...SOUND, ...args, join(root, name)]);
      return [name, await readFile(join(root, name))] as const;
    });
    films = new Map(await Promise.all(made));
  }, 60_000);
  afterAll(() => stage.close());

  const filmOf = (name: string): Buffer => films.get(name) ?? Buffer.alloc(0);

  it.each(FILMS)('fetch of $what only stretches, and make the same pieces as one decode of all', async ({ name }) => {
    const film = filmOf(name);
    const job = await stage.dropped(name, film, SETTINGS);
    expect(await job.run('plan')).toEqual({ status: 'done' });
    const fetched = await stage.shared(job, TASKS);
    console.log(name, film.length, fetched.map(bytesAsked));
    const pieces = await piecesIn(job.cache);
    const whole = await stage.dropped(`whole-${name}`, film, SETTINGS);
    expect(await whole.run('all')).toEqual({ status: 'done' });
    expect(pieces).toEqual(await piecesIn(whole.cache));
  }, 200_000);
});
