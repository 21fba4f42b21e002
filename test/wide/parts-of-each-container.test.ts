import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { OPEN_GOPS, reorderedNoise, TIMECODE } from '../fixtures/noise.ts';
import { bytesAsked, piecesIn, plannedTasks } from '../support/planned-tasks.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const TASKS = 3;
const SETTINGS = { segmentSeconds: '3-4', preset: 'ultrafast', crf: '40', evenIfLarger: true };

const GLOBAL_INDEX = ['-movflags', '+dash+global_sidx+frag_keyframe'];
/** Beside those of test/features/parts-of-a-source.test.ts. */
const FILMS = [
  {
    name: 'at-start.mov',
    what: 'a QuickTime file with its index at the beginning',
    args: [...TIMECODE, '-movflags', '+faststart'],
  },
  { name: 'fragmented.mp4', what: 'a fragmented MP4', args: [...TIMECODE, '-movflags', '+frag_keyframe+empty_moov'] },
  { name: 'dash.mp4', what: 'a fragmented MP4 with an index before all fragments', args: GLOBAL_INDEX },
  {
    name: 'live.mp4',
    what: 'a fragmented MP4 with an index before each fragment',
    args: ['-movflags', '+dash+frag_keyframe'],
  },
  { name: 'timecode.mp4', what: 'a fragmented MP4 with an index and a timecode', args: [...TIMECODE, ...GLOBAL_INDEX] },
  { name: 'open.mp4', what: 'open GOPs', args: [...TIMECODE, ...OPEN_GOPS] },
  {
    name: 'live.mkv',
    what: 'Matroska without Cues, of unknown length',
    args: ['-live', '1', '-cluster_time_limit', '400'],
  },
  { name: 'open.mkv', what: 'Matroska with open GOPs', args: [...TIMECODE, ...OPEN_GOPS] },
];

describe('the tasks of a film', () => {
  let stage: Awaited<ReturnType<typeof plannedTasks>>;

  beforeAll(async () => {
    stage = await plannedTasks(await temporaryFolder());
  });
  afterAll(() => stage.close());

  it.each(FILMS)('fetch of $what only parts, and make the same pieces as of the whole', async ({ name, args }) => {
    const film = await readFile(await makeClip(reorderedNoise(name, args)));
    const job = await stage.dropped(name, film, SETTINGS);
    expect(await job.run('plan')).toEqual({ status: 'done' });
    for (const ranges of await stage.shared(job, TASKS)) expect(bytesAsked(ranges)).toBeLessThan(0.85 * film.length);
    const made = await piecesIn(job.cache);
    expect(Object.keys(made).length).toBeGreaterThanOrEqual(2 * TASKS);
    const whole = await stage.dropped(`whole-${name}`, film, SETTINGS);
    expect((await stage.shared(whole, 1)).map(bytesAsked)).toEqual([film.length]); // it knows nothing of a plan
    expect(made).toEqual(await piecesIn(whole.cache));
  });
});
