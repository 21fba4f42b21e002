import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { bytesAsked, piecesIn, plannedTasks } from '../support/planned-tasks.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const TASKS = 3;
const SETTINGS = { segmentSeconds: '8-10', preset: 'ultrafast', crf: '40', evenIfLarger: true };

/** Forty seconds of noise, with a keyframe, and so a fragment, every nine. */
const FILM = [
  ...['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=10:d=40,noise=alls=60:allf=t:all_seed=1'],
  ...['-f', 'lavfi', '-i', 'sine=d=40'],
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '16', '-bf', '2', '-g', '90', '-c:a', 'aac', '-f', 'nut'],
];
const ONE_INDEX = ['-movflags', '+dash+global_sidx+frag_keyframe'];
const FILMS = [
  { name: 'one.mp4', what: 'one index before all of them', args: ONE_INDEX },
  { name: 'each.mp4', what: 'an index before each of them', args: ['-movflags', '+dash+frag_keyframe'] },
  { name: 'end.mp4', what: 'an index at the end', args: ['-movflags', '+frag_keyframe+empty_moov'] },
  { name: 'timecode.mp4', what: 'one index, and a timecode', args: ['-timecode', '10:00:00:00', ...ONE_INDEX] },
];

describe('the tasks of a film in fragments of nine seconds', () => {
  let root: string;
  let stage: Awaited<ReturnType<typeof plannedTasks>>;

  beforeAll(async () => {
    root = await temporaryFolder();
    stage = await plannedTasks(root);
    const whole = join(root, 'film.nut');
    await execa('ffmpeg', ['-v', 'error', '-nostdin', ...FILM, whole]);
    for (const { name, args } of FILMS)
      await execa('ffmpeg', ['-v', 'error', '-nostdin', '-i', whole, '-c', 'copy', ...args, join(root, name)]);
  });
  afterAll(() => stage.close());

  it.each(FILMS)('with $what fetch only parts, and make the same pieces as of the whole', async ({ name }) => {
    const film = await readFile(join(root, name));
    const job = await stage.dropped(name, film, SETTINGS);
    expect(await job.run('plan')).toEqual({ status: 'done' });
    for (const ranges of await stage.shared(job, TASKS)) expect(bytesAsked(ranges)).toBeLessThan(0.9 * film.length);
    const whole = await stage.dropped(`whole-${name}`, film, SETTINGS);
    const [fetched = []] = await stage.shared(whole, 1); // nothing was planned, so that it fetches all
    expect(bytesAsked(fetched)).toBe(film.length);
    expect(await piecesIn(job.cache)).toEqual(await piecesIn(whole.cache));
  });
});
