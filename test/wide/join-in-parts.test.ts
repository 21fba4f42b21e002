import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { packFilm, plannedFilmKey, unpackFilm } from '../../core/segments/planned-film.ts';
import { bytesAsked, plannedTasks } from '../support/planned-tasks.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SETTINGS = { segmentSeconds: '10-20', preset: 'ultrafast', crf: '30', evenIfLarger: true };

/** So many pictures that samples of them are sought, each of 12 kB or so. */
const RAW = [
  ...['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=21', '-f', 'lavfi', '-i', 'sine=d=21'],
  ...['-c:v', 'rawvideo', '-pix_fmt', 'uyvy422', '-c:a', 'pcm_s16le', '-ar', '8000'],
];
/** Pictures that are decoded from others, some of which are shown later. */
const REORDERED = [
  ...[
    '-f',
    'lavfi',
    '-i',
    'testsrc2=s=96x64:r=25:d=21,noise=alls=60:allf=t:all_seed=1',
    '-f',
    'lavfi',
    '-i',
    'sine=d=21',
  ],
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '1', '-bf', '2', '-g', '12'],
];
const FILMS = [
  { name: 'film.mov', what: 'a QuickTime file', args: RAW },
  { name: 'film.mkv', what: 'Matroska', args: RAW },
  { name: 'film.mp4', what: 'an MP4 of H.264', args: REORDERED },
];

describe('the join of a film whose pieces are there', () => {
  let root: string;
  let stage: Awaited<ReturnType<typeof plannedTasks>>;
  let films: ReadonlyMap<string, Buffer>;

  beforeAll(async () => {
    root = await temporaryFolder();
    stage = await plannedTasks(root);
    const made = FILMS.map(async ({ name, args }) => {
      await execa('ffmpeg', ['-v', 'error', '-nostdin', ...args, join(root, name)]);
      return [name, await readFile(join(root, name))] as const;
    });
    films = new Map(await Promise.all(made));
  });
  afterAll(() => stage.close());

  const filmOf = (name: string): Buffer => films.get(name) ?? Buffer.alloc(0);

  /** A job whose plan and only task have run; or its task alone, which then reads the whole film. */
  async function encoded(name: string, { key = name, isPlanned = true } = {}) {
    const job = await stage.dropped(key, Buffer.concat([filmOf(name), nothing(name, key)]), SETTINGS);
    if (isPlanned) expect(await job.run('plan')).toEqual({ status: 'done' });
    await stage.shared(job, 1);
    return job;
  }

  /** Runs the join; returns the bytes of the source that it fetched, and the hashes of what it published. */
  async function joined({ job, run, fetched }: Awaited<ReturnType<typeof encoded>>) {
    stage.server.asked.length = 0;
    expect(await run('join')).toEqual({ status: 'done' });
    const bytes = bytesAsked(fetched());
    const results: string[] = [];
    for await (const { key } of stage.bucket.list(job.outputPrefix)) {
      if (!/\.(mov|mp4|mkv)$/.test(key)) continue;
      const file = await stage.bucket.fetch(key, new AbortController().signal);
      results.push(
        createHash('sha256')
          .update(await readFile(file.path))
          .digest('hex'),
      );
      await file.release();
    }
    return { bytes, results };
  }

  describe.each(FILMS)('from $what', ({ name }) => {
    let parts: Awaited<ReturnType<typeof joined>>;
    beforeAll(async () => {
      parts = await joined(await encoded(name));
    });

    it('fetches its sound and samples of its picture', () => {
      expect(parts.bytes).toBeLessThan(0.6 * filmOf(name).length);
    });

    it('makes what the whole makes', async () => {
      const whole = await joined(await encoded(name, { key: `whole-${name}`, isPlanned: false }));
      expect(whole.bytes).toBeGreaterThanOrEqual(filmOf(name).length);
      expect(parts.results).toHaveLength(1);
      expect(parts.results).toEqual(whole.results);
    });
  });

  it('fetches the whole where the sound is not where the plan found it', async () => {
    const job = await encoded('film.mov', { key: 'wrong.mov' });
    const key = plannedFilmKey(job.job.id);
    const plan = unpackFilm<object>((await stage.bucket.read(key)) ?? new Uint8Array());
    if (!plan) throw new Error('there is no plan');
    const sizes = plan.film.places.sizes.map((size) => size + 2000);
    const wrong = { ...plan, film: { ...plan.film, places: { ...plan.film.places, sizes } } };
    await stage.bucket.write(key, packFilm(wrong), 'application/octet-stream');
    expect((await joined(job)).bytes).toBeGreaterThan(filmOf('film.mov').length);
  });

  it('fetches the whole of a source that was replaced after the plan', async () => {
    const job = await encoded('film.mov', { key: 'replaced.mov' });
    await stage.bucket.write(job.job.source, filmOf('film.mkv'), 'video/quicktime');
    expect((await joined(job)).bytes).toBeGreaterThanOrEqual(filmOf('film.mkv').length);
  });
});

/** A box or an element that says nothing, as long as the key, so that each source is another one and no results are taken over. */
function nothing(film: string, key: string): Buffer {
  const said = Buffer.alloc(key.length);
  if (film.endsWith('.mkv')) return Buffer.concat([Buffer.from([0xec, 0x80 + said.length]), said]);
  const head = Buffer.from('....free');
  head.writeUInt32BE(head.length + said.length);
  return Buffer.concat([head, said]);
}
