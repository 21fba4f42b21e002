import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ComparedFile, CompareTask, Pass } from '../../../core/quality/compare-args.ts';
import { isShifted, leadsOf } from '../../../core/quality/in-step.ts';
import { FILTER_OF, METRICS, type Metric, PERFECT } from '../../../core/quality/metric.ts';
import { passesFor } from '../../../core/quality/passes.ts';
import { summaryOf } from '../../../core/quality/score-summary.ts';
import { patchDisplayMatrix } from '../../../media/join/display-matrix.ts';
import { type MeasuredQuality, measureQuality } from '../../../media/measure/measure-quality.ts';
import { inputArguments } from '../../../media/probe/input-arguments.ts';
import { runProcess } from '../../../media/process/run-process.ts';
import type { Toolbox } from '../../../media/tools/toolbox.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { freshToolbox } from '../../support/toolbox.ts';

const never = new AbortController().signal;
const FRAMES = 60;
const FROM_START = { seekSeconds: undefined, skip: 0, frame: 0 };
let folder: string;
let toolbox: Toolbox;
let source: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  toolbox = await freshToolbox(never);
  source = await make(
    "the source: it's “quoted”, 100%.mkv",
    ['-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=25'],
    h264('yuv420p'),
  );
});

const { TMPDIR } = process.env;
afterEach(() => {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
});

/** Lossless, so that only what a test changes can make a difference; a keyframe every 12 frames. */
const h264 = (format: string) => [
  '-pix_fmt',
  format,
  '-c:v',
  'libx264',
  '-qp',
  '0',
  '-preset',
  'ultrafast',
  '-g',
  '12',
];

async function make(name: string, input: readonly string[], output: readonly string[]): Promise<string> {
  const path = join(folder, name);
  const args = ['-v', 'error', '-y', ...input, '-frames:v', `${FRAMES}`, '-an', ...output, `file:${path}`];
  await runProcess('ffmpeg', args, { signal: never });
  return path;
}

const fromSource = (name: string, output: readonly string[]) => make(name, ['-i', `file:${source}`], output);

const side = (path: string, filters: readonly string[] = []): ComparedFile => ({
  input: inputArguments(path),
  stream: 'v:0',
  filters,
});

const whole: readonly Pass[] = [
  {
    windows: [{ startFrame: 0, frames: FRAMES, lead: 0 }],
    reference: FROM_START,
    distorted: FROM_START,
  },
];

function measure(
  distorted: string,
  {
    metric = 'ssim',
    passes = whole,
    signal = never,
    ...task
  }: Partial<CompareTask> & {
    passes?: readonly Pass[];
    signal?: AbortSignal;
  } = {},
): Promise<MeasuredQuality> {
  const tool = toolbox.withFilter(FILTER_OF[metric]);
  const full: CompareTask = {
    metric,
    reference: side(source),
    distorted: side(distorted),
    pixelFormat: 'yuv420p',
    size: { width: 160, height: 120 },
    vmafModel: 'vmaf_v0.6.1',
    framesPerSecond: 25,
    threads: 2,
    ...task,
  };
  return measureQuality(tool?.path ?? '', full, passes, { signal, onProgress: () => {} });
}

const scoresOf = (likeness: MeasuredQuality) => likeness.scores.map(({ score }) => score);

/** SSIM is in every ffmpeg; what else is at hand is tried too. */
const atHand = (): readonly Metric[] => METRICS.filter((metric) => toolbox.withFilter(FILTER_OF[metric]));

describe('every metric of this machine', () => {
  it('gives a file the full score against itself, in every frame', async () => {
    for (const metric of atHand()) {
      const { scores } = await measure(source, { metric });
      expect(scores).toEqual(Array.from({ length: FRAMES }, (_, frame) => ({ frame, score: PERFECT[metric] })));
    }
  });

  it('gives a coarser encode a lower score, and an unrelated picture the lowest', async () => {
    const fine = await fromSource('fine.mp4', ['-c:v', 'libx265', '-crf', '20', '-x265-params', 'log-level=none']);
    const coarse = await fromSource('coarse.mp4', ['-c:v', 'libx265', '-crf', '34', '-x265-params', 'log-level=none']);
    const flipped = await fromSource('flipped.mkv', ['-vf', 'hflip,vflip', ...h264('yuv420p')]);
    for (const metric of atHand()) {
      const means = [];
      for (const path of [source, fine, coarse, flipped])
        means.push(summaryOf((await measure(path, { metric })).scores).mean);
      expect(means).toEqual([...means].sort((a, b) => b - a));
      expect(new Set(means).size).toBe(4);
    }
  });

  it('gives every so manyth frame the score that it has among all, with or without the other questions', async () => {
    const coarse = await fromSource('coarse3.mp4', ['-c:v', 'libx265', '-crf', '34', '-x265-params', 'log-level=none']);
    for (const metric of atHand()) {
      const all = await measure(coarse, { metric });
      const some = await measure(coarse, { metric, every: 7 });
      const alone = await measure(coarse, { metric, every: 7, scoresAlone: true });
      const wanted = all.scores.filter((_, i) => metric !== 'vmaf' || i % 7 === 0);
      expect(some.scores).toEqual(wanted);
      expect(some.closeness).toEqual(all.closeness);
      expect(alone).toEqual({ scores: wanted, closeness: undefined });
    }
  });

  it('refuses a film that lacks one frame, though that frame would have no score', async () => {
    const path = join(folder, 'short.mkv');
    const cut = ['-v', 'error', '-y', '-i', `file:${source}`, '-frames:v', `${FRAMES - 1}`];
    await runProcess('ffmpeg', [...cut, ...h264('yuv420p'), `file:${path}`], { signal: never });
    for (const metric of atHand())
      await expect(measure(path, { metric, every: 7 })).rejects.toMatchObject({ code: 'not-exact' });
  });

  it('gives a rendition that is a frame late or early a lower score, and shows that it is shifted', async () => {
    const late = await fromSource('late.mkv', ['-vf', 'tpad=start=1:start_mode=clone', ...h264('yuv420p')]);
    const early = await fromSource('early.mkv', [
      '-vf',
      'trim=start_frame=1,tpad=stop=1:stop_mode=clone,setpts=N/25/TB',
      ...h264('yuv420p'),
    ]);
    const coarse = await fromSource('coarse2.mp4', ['-c:v', 'libx265', '-crf', '34', '-x265-params', 'log-level=none']);
    const seen = async (path: string, metric: Metric) => {
      const { scores, closeness } = await measure(path, { metric });
      return { score: summaryOf(scores).mean, shifted: closeness && isShifted(leadsOf(closeness)) };
    };
    for (const metric of atHand()) {
      const right = await seen(coarse, metric);
      expect(right.shifted).toBe(false);
      for (const path of [late, early]) {
        const wrong = await seen(path, metric);
        expect(wrong.shifted).toBe(true);
        expect(wrong.score).toBeLessThan(PERFECT[metric]);
      }
    }
  });
});

describe('frames are paired by their number', () => {
  const windows = [
    { startFrame: 14, frames: 5, lead: 2 },
    { startFrame: 40, frames: 7, lead: 2 },
  ];
  /** As if the file were too long to be decoded from its start for this. */
  const times = Float64Array.from({ length: 10_000 }, (_, i) => i);
  const tickSeconds = 1 / 25;

  const keyframes = Uint32Array.from({ length: 10_000 / 12 }, (_, i) => i * 12);

  it.each([
    { does: 'by seeking', sequential: false, count: 2 },
    { does: 'by decoding from the start', sequential: true, count: 1 },
  ])('$does', async ({ sequential, count }) => {
    const reachable = { times, tickSeconds, fileStartSeconds: 0, keyframes, margin: 0 };
    const passes = passesFor(windows, { reference: reachable, distorted: reachable, sequential });
    expect(passes).toHaveLength(count);
    const { scores } = await measure(source, { passes });
    expect(scores.map(({ frame }) => frame)).toEqual([14, 15, 16, 17, 18, 40, 41, 42, 43, 44, 45, 46]);
    expect(scores.every(({ score }) => score === 1)).toBe(true);
  });

  it('in fragments that begin inside a GOP', async () => {
    const lossless = ['-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-qp', '0', '-g', '12', '-bf', '2'];
    const fragments = ['-movflags', 'cmaf+global_sidx', '-frag_duration', '120000', '-min_frag_duration', '120000'];
    const path = await fromSource('fragments.mp4', [...lossless, ...fragments]);
    const amid = [{ startFrame: 34, frames: 5, lead: 2 }];
    const scoresFrom = async (keyframes: Uint32Array) => {
      const reachable = { times, tickSeconds, fileStartSeconds: 0, keyframes, margin: 0 };
      const passes = passesFor(amid, { reference: reachable, distorted: reachable, sequential: false });
      return new Set(scoresOf(await measure(path, { passes })));
    };
    expect(await scoresFrom(keyframes)).toEqual(new Set([1]));
    const amidGops = Uint32Array.from(times, (_, frame) => frame);
    expect(await scoresFrom(amidGops)).not.toEqual(new Set([1])); // or this file would show nothing
  });

  it('whatever their timestamps are', async () => {
    const odd = "setpts='(N*N+7)/25/TB'";
    const path = await fromSource('odd.mkv', ['-vf', odd, '-fps_mode', 'passthrough', ...h264('yuv420p')]);
    expect(new Set(scoresOf(await measure(path)))).toEqual(new Set([1]));
  });

  it('in a piece that begins with the window', async () => {
    const piece = await fromSource('piece.nut', ['-vf', 'trim=start_frame=12', ...h264('yuv420p')]);
    const pass: Pass = {
      windows: windows.slice(0, 1),
      reference: FROM_START,
      distorted: { ...FROM_START, frame: 12 },
    };
    const { scores } = await measure(piece, { passes: [pass] });
    expect(scores.map(({ score }) => score)).toEqual([1, 1, 1, 1, 1]);
  });

  it('behind filters that look at frames around a window', async () => {
    const fields = ['-vf', 'interlace', '-flags', '+ildct', ...h264('yuv420p')];
    const interlaced = await make('fields.mkv', ['-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=50'], fields);
    const filters = ['bwdif=mode=send_frame:parity=auto:deint=all'];
    const made = await make('made.mkv', ['-i', `file:${interlaced}`], ['-vf', filters.join(), ...h264('yuv420p')]);
    const passes = passesFor(windows, {
      reference: { times, tickSeconds, fileStartSeconds: 0, keyframes, margin: 2 },
      distorted: { times, tickSeconds, fileStartSeconds: 0, keyframes, margin: 0 },
      sequential: false,
    });
    const { scores } = await measure(made, { reference: side(interlaced, filters), passes });
    expect(scores.map(({ score }) => score)).toEqual(Array.from({ length: 12 }, () => 1));
  });
});

describe('pixel formats are made equal', () => {
  it('for 10 bits made from 8', async () => {
    const path = await fromSource('ten.mkv', h264('yuv420p10le'));
    for (const metric of atHand()) {
      const { scores } = await measure(path, { metric, pixelFormat: 'yuv420p10le' });
      expect(new Set(scores.map(({ score }) => score))).toEqual(new Set([PERFECT[metric]]));
    }
  });

  it('for full range in 8 bits and in 10', async () => {
    const full = ['-vf', 'scale=out_range=full', '-color_range', 'pc'];
    const eight = await fromSource('full8.mkv', [...full, ...h264('yuvj420p')]);
    const ten = await make('full10.mkv', ['-i', `file:${eight}`], [...full, ...h264('yuv420p10le')]);
    const { scores } = await measure(ten, { reference: side(eight), pixelFormat: 'yuv420p10le' });
    expect(summaryOf(scores).min).toBeGreaterThan(0.999);
  });

  it('and a picture with a rotation is not turned', async () => {
    const turned = await fromSource('turned.mp4', h264('yuv420p'));
    await patchDisplayMatrix(turned, [0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000], never);
    expect(summaryOf((await measure(turned)).scores).min).toBe(1);
  });
});

it('works whatever the name of the temporary folder', async () => {
  const odd = join(folder, "it's: 100% [odd], \\");
  await mkdir(odd);
  process.env.TMPDIR = odd;
  for (const metric of atHand()) expect((await measure(source, { metric })).scores).toHaveLength(FRAMES);
});

it('measures a single frame', async () => {
  const passes = [{ windows: [{ startFrame: 0, frames: 1, lead: 0 }], reference: FROM_START, distorted: FROM_START }];
  for (const metric of atHand()) {
    expect(await measure(source, { metric, passes })).toEqual({
      scores: [{ frame: 0, score: PERFECT[metric] }],
      closeness: undefined,
    });
  }
});

it('fails as not-exact if a file ends before the window does', async () => {
  const short = await fromSource('short.mkv', ['-vf', 'trim=end_frame=50', ...h264('yuv420p')]);
  await expect(measure(short)).rejects.toMatchObject({ code: 'not-exact' });
  await expect(measure(source, { reference: side(short) })).rejects.toMatchObject({ code: 'not-exact' });
});

it('fails as not-exact if the sizes differ', async () => {
  const small = await fromSource('small.mkv', ['-vf', 'scale=80:60', ...h264('yuv420p')]);
  await expect(measure(small)).rejects.toMatchObject({ code: 'not-exact' });
  expect(summaryOf((await measure(small, { reference: side(source, ['scale=80:60']) })).scores).min).toBe(1);
});

it('stops when it is aborted', async () => {
  await expect(measure(source, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'interrupted' });
});
