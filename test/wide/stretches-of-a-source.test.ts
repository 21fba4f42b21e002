import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { packFilm, plannedFilmKey, unpackFilm } from '../../core/segments/planned-film.ts';
import { bytesAsked, piecesIn, plannedTasks } from '../support/planned-tasks.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const TASKS = 2;
const SETTINGS = { segmentSeconds: '1-2', preset: 'ultrafast', crf: '40', evenIfLarger: true };
const SECONDS = 7;

const PICTURE = ['-f', 'lavfi', '-i', `testsrc2=s=96x64:r=25:d=${SECONDS},noise=alls=60:allf=t:all_seed=1`];
const SOUND = ['-f', 'lavfi', '-i', `sine=d=${SECONDS}`, '-c:a', 'mp2'];
const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '4', '-bf', '2', '-g', '6'];
const MPEG2 = ['-c:v', 'mpeg2video', '-q:v', '2', '-bf', '2', '-g', '6'];

const FILMS = [
  { name: 'film.ts', what: 'a transport stream of H.264', args: X264 },
  {
    name: 'interlaced.ts',
    what: 'an interlaced transport stream of MPEG-2',
    args: [...MPEG2, '-flags', '+ildct+ilme', '-top', '1'],
  },
  { name: 'film.vob', what: 'a program stream', args: [...MPEG2, '-f', 'vob'] },
  { name: 'film.flv', what: 'an FLV', args: [...X264, '-c:a', 'aac', '-flvflags', 'add_keyframe_index'] },
  { name: 'film.mxf', what: 'an MXF', args: [...MPEG2, '-c:a', 'pcm_s16le', '-ar', '48000'] },
  { name: 'film.ogv', what: 'an Ogg', args: ['-c:v', 'libtheora', '-q:v', '9', '-g', '6', '-c:a', 'libvorbis'] },
  { name: 'film.wmv', what: 'a WMV', args: ['-c:v', 'wmv2', '-q:v', '2', '-g', '6', '-c:a', 'wmav2'] },
  { name: 'film.h264', what: 'a bare stream of H.264', args: [...X264, '-an'] },
  { name: 'film.avi', what: 'an AVI', args: ['-c:v', 'mpeg4', '-q:v', '2', '-bf', '2', '-g', '6'] },
];

const MPEG2_TS = { name: 'mpeg2.ts', args: MPEG2 };

describe('the tasks of a film that can only be read from its start', () => {
  let root: string;
  let stage: Awaited<ReturnType<typeof plannedTasks>>;
  let films: ReadonlyMap<string, Buffer>;

  beforeAll(async () => {
    root = await temporaryFolder();
    stage = await plannedTasks(root);
    const made = [...FILMS, MPEG2_TS].map(async ({ name, args }) => {
      await execa('ffmpeg', ['-v', 'error', '-nostdin', ...PICTURE, ...SOUND, ...args, join(root, name)]);
      return [name, await readFile(join(root, name))] as const;
    });
    films = new Map(await Promise.all(made));
  });
  afterAll(() => stage.close());

  const filmOf = (name: string): Buffer => films.get(name) ?? Buffer.alloc(0);

  let fillers = 0;
  /** The film with other bytes, packets of nothing at its end: what was made of the very same bytes would be taken over. */
  const anew = (film: Buffer): Buffer => {
    const empty = Buffer.alloc(188, 0xff);
    empty.writeUInt32BE(0x471fff10);
    return Buffer.concat([film, ...Array.from({ length: ++fillers }, () => empty)]);
  };

  async function planned(key: string, film: Uint8Array = anew(filmOf('film.ts'))) {
    const job = await stage.dropped(key, film, SETTINGS);
    expect(await job.run('plan')).toEqual({ status: 'done' });
    return job;
  }

  /** The pieces that one decode of the whole makes. */
  async function wholePieces(key: string, film: Uint8Array) {
    const whole = await stage.dropped(`whole-${key}`, film, SETTINGS);
    expect(await whole.run('all')).toEqual({ status: 'done' });
    return piecesIn(whole.cache);
  }

  it.each(FILMS)('fetch of $what only stretches, and make the same pieces as one decode of all', async ({ name }) => {
    const film = filmOf(name);
    const job = await planned(name, film);
    for (const ranges of await stage.shared(job, TASKS)) expect(bytesAsked(ranges)).toBeLessThan(0.9 * film.length);
    const pieces = await piecesIn(job.cache);
    expect(Object.keys(pieces).length).toBeGreaterThanOrEqual(4 * TASKS);
    expect(pieces).toEqual(await wholePieces(name, film));
  });

  it.each(['film.gif', 'film.y4m'])(
    'make the same pieces of %s, whether a stretch of it can be read or not',
    async (name) => {
      await execa('ffmpeg', ['-v', 'error', '-nostdin', ...PICTURE, join(root, name)]);
      const job = await planned(name, await readFile(join(root, name)));
      await stage.shared(job, TASKS);
      expect(await piecesIn(job.cache)).toEqual(await wholePieces(name, await readFile(join(root, name))));
    },
  );

  it('make the same of a bucket that answers no range', async () => {
    const job = await planned('no-ranges.ts');
    stage.server.setRefusing(true);
    await stage.shared(job, TASKS);
    stage.server.setRefusing(false);
    const others = await planned('ranges.ts');
    await stage.shared(others, TASKS);
    const pieces = Object.values(await piecesIn(job.cache));
    expect(pieces.length).toBeGreaterThan(0);
    expect(pieces).toEqual(Object.values(await piecesIn(others.cache)));
  });

  it('make nothing of a stretch that decodes to other frames than the plan found, and leave it to the join', async () => {
    const job = await planned('wrong.ts');
    const key = plannedFilmKey(job.job.id);
    const plan = unpackFilm<object>((await stage.bucket.read(key)) ?? new Uint8Array());
    if (!plan) throw new Error('there is no plan');
    const positions = plan.film.places.positions.map(() => filmOf('film.ts').length / 2);
    const wrong = { ...plan, film: { ...plan.film, places: { ...plan.film.places, positions } } };
    await stage.bucket.write(key, packFilm(wrong), 'application/octet-stream');
    await stage.shared(job, 1);
    expect(await piecesIn(job.cache)).toEqual({});
  });

  it('leave a film that was replaced after the plan to the join, and fetch nothing of it', async () => {
    const job = await planned('replaced.ts');
    await stage.bucket.write(job.job.source, filmOf('interlaced.ts'), 'video/mp2t');
    const fetched = await stage.shared(job, TASKS);
    expect(fetched.flat()).toEqual([]);
    expect(await piecesIn(job.cache)).toEqual({});
  });

  it.each([MPEG2_TS, { name: 'film.ts' }])(
    'leave what lies near damage of $name to the join, which makes the same pieces as one decode of all',
    async ({ name }) => {
      const film = Buffer.from(filmOf(name));
      const at = pictureBytes(film, 0.1 * film.length);
      film.fill(0x55, at, at + 150);
      const key = `damaged-${name}`;
      const job = await planned(key, film);
      await stage.shared(job, TASKS);
      const made = Object.keys(await piecesIn(job.cache)).length;
      expect(made).toBeGreaterThan(0);
      expect(await job.run('join')).toEqual({ status: 'done' });
      const pieces = await piecesIn(job.cache);
      expect(Object.keys(pieces).length).toBeGreaterThan(made);
      expect(Object.keys(pieces)).toEqual(Object.keys(await wholePieces(key, anew(film))));
    },
  );
});

/** Where in a transport stream the first payload of the picture behind a place begins in which no picture begins. */
function pictureBytes(film: Buffer, behind: number): number {
  const PICTURE = 0x0100;
  for (let at = Math.ceil(behind / 188) * 188; at < film.length; at += 188) {
    const isPlain = (film.readUInt8(at + 3) & 0x30) === 0x10;
    if (isPlain && film.readUInt16BE(at + 1) === PICTURE) return at + 20;
  }
  throw new Error('there is no picture');
}
