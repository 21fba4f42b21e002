import { copyFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { FAILURES } from '../../core/errors.ts';
import { manifestSchema } from '../../core/job/manifest.ts';
import { RECIPES } from '../../core/recipes/index.ts';
import { preserve } from '../../core/recipes/preserve.ts';
import { clip, fileOf } from '../fixtures/make.ts';
import { sha256 } from '../support/hash.ts';
import { QUICK, type ReelmillRun, reelmill, runOf, runReelmill, startReelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const LARGER = [...QUICK, '--set', 'evenIfLarger=true'];

describe('run --json', () => {
  let source: string;
  let done: Awaited<ReturnType<typeof runReelmill>>;
  beforeAll(async () => {
    source = await clip('manyTracks');
    done = await runReelmill(source, { out: await temporaryFolder(), set: LARGER });
  });

  it('tells what happens, one object a line, and ends with what became of it', () => {
    const types = done.events.map(({ type }) => type);
    expect(types[0]).toBe('job.queued');
    for (const type of ['job.planned', 'progress', 'segment.done', 'rendition.done']) expect(types).toContain(type);
    expect(types.filter((type) => /^job\.(done|failed)$/.test(type))).toEqual(['job.done']);
    expect(done.last).toMatchObject({ type: 'job.done', status: 'done', manifest: join(done.folder, 'manifest.json') });
  });

  it('tells every segment once', () => {
    const segments = done.events.filter(({ type }) => type === 'segment.done');
    expect(segments.map(({ index }) => index).sort()).toEqual([0, 1]);
    expect(segments.every(({ of, frames, bytes }) => of === 2 && Number(frames) > 0 && Number(bytes) > 0)).toBe(true);
  });

  it('tells progress that only grows, up to all of it', () => {
    const encode = done.events.filter(({ type, phase }) => type === 'progress' && phase === 'encode');
    const frames = encode.map((event) => Number(event.done));
    expect(frames).toEqual([...frames].sort((a, b) => a - b));
    expect(encode.at(-1)).toMatchObject({ done: 50, total: 50, unit: 'frames' });
  });

  it('writes a manifest with every field of the contract', async () => {
    const { job, recipe, status, source: from, renditions, streams, cost, timings } = done.manifest;
    expect({ job, recipe, status }).toEqual({ job: done.last?.job, recipe: 'preserve', status: 'done' });
    expect(from).toEqual({
      path: 'many-tracks.mkv',
      bytes: (await stat(source)).size,
      sha256: await sha256(source),
      durationSeconds: expect.closeTo(2, 0),
      streams: expect.arrayContaining([
        expect.objectContaining({
          index: 0,
          type: 'video',
          codec: 'h264',
          width: 160,
          height: 120,
          pixelFormat: 'yuv420p',
        }),
        expect.objectContaining({
          index: 1,
          type: 'audio',
          codec: 'aac',
          language: 'eng',
          channels: 1,
          sampleRate: 44_100,
        }),
      ]),
    });
    expect(from.streams).toHaveLength(6);
    const path = join(done.folder, 'preserve.mp4');
    expect(renditions).toHaveLength(1);
    expect(renditions[0]).toMatchObject({
      name: 'preserve',
      path: 'preserve.mp4',
      bytes: (await stat(path)).size,
      sha256: await sha256(path),
      parent: 'source',
      codec: 'hevc',
      codecString: expect.stringMatching(/^hvc1\.1\.6\.L\d+/),
      width: 160,
      height: 120,
      frames: 50,
      durationSeconds: expect.closeTo(2, 0),
      command: expect.arrayContaining(['ffmpeg', 'libx265', 'ultrafast']),
      tool: expect.stringContaining('libx265'),
      segments: { total: 2, encoded: 2, reused: 0 },
      quality: {
        metric: expect.stringMatching(/^(vmaf|xpsnr|ssim)$/),
        mean: expect.any(Number),
        min: expect.any(Number),
      },
    });
    expect(renditions[0]?.checks.length).toBeGreaterThan(6);
    for (const check of renditions[0]?.checks ?? []) {
      expect(check).toEqual({ name: expect.stringMatching(/./), passed: true, detail: expect.stringMatching(/./) });
    }
    expect(streams.map(({ index, fate }) => [index, fate])).toEqual([
      [0, 'converted'],
      [1, 'kept'],
      [2, 'kept'],
      [3, 'converted'],
      [4, 'kept'],
      [5, 'kept'],
    ]);
    for (const { why } of streams) expect(why).toMatch(/\w{2,}/);
    expect(cost.estimatedUsd).toBeGreaterThan(0);
    expect(timings.total).toBeGreaterThan(0);
    expect(timings.total).toBeGreaterThanOrEqual(timings.encode);
  });

  it('writes a manifest that its own schema knows every field of', () => {
    expect(Object.keys(manifestSchema.parse(done.manifest)).sort()).toEqual(Object.keys(done.manifest).sort());
  });

  it('says nothing but sentences on stderr', () => {
    expect(done.stderr).toMatch(/^\[1\/1\] \S+ .* -> /m);
    expect(done.stderr).not.toContain('"type":');
  });
});

describe('run without --json', () => {
  it('says nothing on stdout', async () => {
    const out = await temporaryFolder();
    const args = ['run', await clip('cfr'), '--recipe', 'preserve', '--out', out, ...LARGER];
    const { code, events, stderr } = await reelmill(args);
    expect({ code, events }).toEqual({ code: 0, events: [] });
    expect(stderr).toMatch(
      /^\[1\/1\] \S+ .* -> [\s\S]*^1 film in .*\n {2}done {7}1 .*\n {2}reports: .*\n {2}work folder, /m,
    );
  });
});

describe('several files', () => {
  it('are all tried, and the exit code is the first failure', async () => {
    const out = await temporaryFolder();
    const files = ['/no/such/file.mp4', await fileOf('text.mp4', 'This is not a video.\n'), await clip('cfr')];
    const { code, events } = await reelmill(runOf(files, { out, set: LARGER }));
    expect(code).toBe(66);
    expect(ends(events)).toEqual(['no-input', 'not-video', 'done']);
  });

  it('given twice are done once', async () => {
    const file = await clip('cfr');
    const { code, events } = await reelmill(runOf([file, file], { out: await temporaryFolder(), set: LARGER }));
    expect({ code, ends: ends(events) }).toEqual({ code: 0, ends: ['done', 'unchanged'] });
  });

  it('of one name from two folders both come out', async () => {
    const [out, one, other] = await Promise.all([temporaryFolder(), temporaryFolder(), temporaryFolder()]);
    for (const folder of [one, other]) await copyFile(await clip('cfr'), join(folder, 'clip.mp4'));
    const files = [one, other].map((folder) => join(folder, 'clip.mp4'));
    const { code, events } = await reelmill(runOf(files, { out, set: LARGER, layout: 'files' }));
    expect({ code, ends: ends(events) }).toEqual({ code: 0, ends: ['done', 'done'] });
    expect((await readdir(out)).filter((name) => name.endsWith('.mp4'))).toHaveLength(2);
  });
});

const ends = (events: ReelmillRun['events']) =>
  events.filter(({ type }) => /^job\.(done|failed)$/.test(type)).map(({ status, code }) => status ?? code);

describe('a usage error', () => {
  const settings = preserve.settings.join('|');

  it.each([
    { what: 'no command', args: [], says: /run.*watch.*plan.*jobs.*recipes.*doctor/s },
    { what: 'an unknown command', args: ['encode'], says: /unknown command 'encode'/ },
    {
      what: 'an unknown option',
      args: [...runOf(['a.mp4'], { out: 'out' }).slice(0, -2), '--fast', 'a.mp4'],
      says: /unknown option '--fast'/,
    },
    {
      what: 'no file',
      args: ['run', '--recipe', 'preserve', '--out', 'out'],
      says: /missing required argument 'file'/,
    },
    {
      what: 'no recipe',
      args: ['run', 'a.mp4', '--out', 'out'],
      says: /--recipe.*\(see reelmill run --help; reelmill recipes lists what can be made\)/s,
    },
    {
      what: 'no option that a command below another needs',
      args: ['storage', 'restore'],
      says: /--from.*\(see reelmill storage restore --help\)/s,
    },
    { what: 'no folder', args: ['run', 'a.mp4', '--recipe', 'preserve'], says: /--out/ },
    {
      what: 'an unknown recipe',
      args: runOf(['a.mp4'], { out: 'out', recipe: 'conserve' }),
      says: new RegExp(`no recipe "conserve"; there are: ${RECIPES.map(({ id }) => id).join(', ')}`),
    },
    {
      what: 'an unknown setting',
      args: runOf(['a.mp4'], { out: 'out', set: ['--set', 'speed=9'] }),
      says: new RegExp(`no setting "speed".*(${settings})`),
    },
    {
      what: 'a value out of range',
      args: runOf(['a.mp4'], { out: 'out', set: ['--set', 'crf=5'] }),
      says: /crf=5 is out of range; it takes 10-40/,
    },
    {
      what: 'a setting without a value',
      args: runOf(['a.mp4'], { out: 'out', set: ['--set', 'crf'] }),
      says: /write it as --set crf=25/,
    },
    {
      what: 'a setting given twice',
      args: runOf(['a.mp4'], { out: 'out', set: ['--set', 'crf=24', '--set', 'crf=25'] }),
      says: /crf is given twice/,
    },
    {
      what: 'a setting of hostile name',
      args: runOf(['a.mp4'], { out: 'out', set: ['--set', '__proto__=1'] }),
      says: /no setting "__proto__"/,
    },
    { what: 'no job of that id', args: ['show', 'abc', '--work', 'work'], says: /no job "abc"/ },
    { what: 'an id that is none', args: ['show', 'xyz', '--work', 'work'], says: /ids are hexadecimal/ },
    {
      what: 'a plan of nothing',
      args: ['plan', '--recipe', 'preserve'],
      says: /--size 4096x1728 --fps 25 --minutes 128/,
    },
    {
      what: 'a plan for a picture without any pixels',
      args: ['plan', '--size', '0x0', '--fps', '25', '--minutes', '1', '--recipe', 'preserve'],
      says: /--size 4096x1728 --fps 25 --minutes 128/,
    },
  ])('is 64 and says what there is: $what', async ({ args, says }) => {
    const { code, stderr } = await reelmill(args, { cwd: await temporaryFolder() });
    expect(stderr).toMatch(says);
    expect(code).toBe(64);
  });

  it('ends --json with a line for programs, too', async () => {
    const { code, last } = await reelmill(runOf(['a.mp4'], { out: 'out', recipe: 'conserve' }), {
      cwd: await temporaryFolder(),
    });
    expect({ code, last }).toEqual({
      code: 64,
      last: { type: 'job.failed', code: 'usage', reason: expect.any(String) },
    });
  });
});

describe('plan', () => {
  it('says what would be done, and does nothing', async () => {
    const work = await temporaryFolder();
    const args = ['plan', await clip('vfr'), '--recipe', 'preserve', '--json', ...QUICK];
    const { code, last } = await reelmill(args, { cwd: work });
    expect({ code, last }).toMatchObject({ code: 0, last: { type: 'plan', recipe: 'preserve' } });
    expect(last?.renditions).toMatchObject([
      { name: 'preserve', width: 160, height: 120, frames: 50, segments: 3, reused: 0 },
    ]);
  });

  it('ends with the whole bill on AWS, the same that storage job has', async () => {
    const figures = ['--size', '1920x1080', '--fps', '25', '--minutes', '90', '--recipe', 'preserve'];
    const { last } = await reelmill(['plan', ...figures, '--json']);
    const { last: priced } = await reelmill(['storage', 'job', ...figures, '--json']);
    const { disks, region, asOf } = priced as Record<string, unknown>;
    expect(last?.onAws).toEqual({ ...(priced?.spot as object), disks, region, asOf });
    const { stdout } = await startReelmill(['plan', ...figures]).ended;
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /as a job on AWS, on Spot, about \$\d+\.\d+ in all \(us-east-1, prices of \d{4}-\d\d\): processors \$[\d.]+, memory \$[\d.]+, disk \$[\d.]+, public address \$[\d.]+/,
    );
  });

  it.each([
    { preset: 'medium', says: /; 38 containers share 120 segments$/m },
    {
      preset: 'slower',
      says: /; 120 containers share 120 segments, one each: shorter ones \(--set segmentSeconds=5-15\) are there sooner$/m,
    },
  ])(
    'says by how many containers a film is made, and what would end sooner, at preset=$preset',
    async ({ preset, says }) => {
      const figures = ['--size', '1920x1080', '--fps', '24', '--minutes', '120', '--recipe', 'preserve'];
      const { stdout } = await startReelmill(['plan', ...figures, '--set', `preset=${preset}`]).ended;
      expect(stdout).toMatch(says);
    },
  );

  it('works from figures alone', async () => {
    const args = ['plan', '--size', '4096x1728', '--fps', '25', '--minutes', '128', '--recipe', 'downscale', '--json'];
    const { last } = await reelmill(args);
    expect(last?.renditions).toMatchObject([{ width: 3414, height: 1440, frames: 192_000 }]);
  });
});

describe('the exit codes', () => {
  it('are those of the contract', () => {
    const codes = Object.fromEntries(Object.entries(FAILURES).map(([code, { exit }]) => [code, exit]));
    expect(codes).toMatchObject({
      ...{ usage: 64, 'bad-input': 65, truncated: 65, 'not-video': 65, 'over-limit': 65, 'no-input': 66, bug: 70 },
      ...{ 'cannot-write': 73, 'disk-full': 73, reclaimed: 75, busy: 75, 'out-of-memory': 75, interrupted: 130 },
    });
  });
});
