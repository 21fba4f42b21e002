import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CompareTask, Pass } from '../../../core/quality/compare-args.ts';
import { FILTER_OF, METRICS, type Metric } from '../../../core/quality/metric.ts';
import { measureQuality, type ShareFrames } from '../../../media/measure/measure-quality.ts';
import { shareFrames } from '../../../media/measure/share-frames.ts';
import { inputArguments } from '../../../media/probe/input-arguments.ts';
import { runProcess } from '../../../media/process/run-process.ts';
import type { Toolbox } from '../../../media/tools/toolbox.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { freshToolbox } from '../../support/toolbox.ts';

const never = new AbortController().signal;
const FRAMES = 60;
const FROM_START = { seekSeconds: undefined, skip: 0, frame: 0 };
const SMALL = 'scale=96:72:flags=lanczos';
let toolbox: Toolbox;
let folder: string;
let source: string;
let renditions: { readonly large: string; readonly small: string };

beforeAll(async () => {
  toolbox = await freshToolbox(never);
});

beforeEach(async () => {
  folder = await temporaryFolder();
  const made = await temporaryFolder();
  const make = async (name: string, input: readonly string[], output: readonly string[]) => {
    const path = join(made, name);
    const frames = ['-frames:v', `${FRAMES}`, '-g', '12', '-pix_fmt', 'yuv420p', '-preset', 'ultrafast'];
    await runProcess('ffmpeg', ['-v', 'error', ...input, ...frames, ...output, path], { signal: never });
    return path;
  };
  source = await make('source.mkv', ['-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=25'], ['-qp', '0']);
  renditions = {
    large: await make('large.mp4', ['-i', source], ['-crf', '30']),
    small: await make('small.mp4', ['-i', source], ['-vf', SMALL, '-crf', '32']),
  };
});

const whole: readonly Pass[] = [
  { windows: [{ startFrame: 0, frames: FRAMES, lead: 0 }], reference: FROM_START, distorted: FROM_START },
];

/** Two windows, each reached by a seek of its own: the source and the renditions have keyframes at the same places. */
const sought = (): readonly Pass[] =>
  [
    { startFrame: 20, keyframe: 12 },
    { startFrame: 45, keyframe: 36 },
  ].map(({ startFrame, keyframe }) => ({
    windows: [{ startFrame, frames: 6, lead: 2 }],
    ...seekOf(keyframe, startFrame - 2),
  }));

/** The arguments of a seek to the frame behind a keyframe, from which a window of the wanted frame begins. */
function seekOf(keyframe: number, wanted: number): Pick<Pass, 'reference' | 'distorted'> {
  const start = {
    ...{ seekSeconds: (keyframe + 0.5) * 0.04, fileStartSeconds: 0 },
    ...{ skip: wanted - keyframe - 1, frame: wanted },
  };
  return { reference: start, distorted: start };
}

const taskOf = (which: 'large' | 'small', metric: Metric): CompareTask => ({
  metric,
  reference: { input: inputArguments(source), stream: 'v:0', filters: which === 'small' ? [SMALL] : [] },
  distorted: { input: inputArguments(renditions[which]), stream: 'v:0', filters: [] },
  pixelFormat: 'yuv420p',
  size: which === 'small' ? { width: 96, height: 72 } : { width: 160, height: 120 },
  ...{ vmafModel: 'vmaf_v0.6.1', framesPerSecond: 25, threads: 2 },
});

type Asked = { readonly metric: Metric; readonly passes: readonly Pass[]; readonly share?: ShareFrames };

function measured(which: 'large' | 'small', { metric, passes, share }: Asked) {
  const ffmpeg = toolbox.withFilter(FILTER_OF[metric])?.path ?? '';
  const options = { signal: never, onProgress: () => {}, ...(share && { share }) };
  return measureQuality(ffmpeg, taskOf(which, metric), passes, options);
}

function sharing(metric: Metric, passes: readonly Pass[], where = folder) {
  const together = { folder: where, specs: [] };
  const [large, small] = [taskOf('large', metric), taskOf('small', metric)].map((compared) => ({ compared, passes }));
  if (!large || !small) throw new Error('two renditions are compared');
  return { large: shareFrames(together, large, [small]), small: shareFrames(together, small, [large]) };
}

describe('renditions of one source that are measured together', () => {
  it('get what each gets alone, by every metric of this machine, and leave nothing behind', async () => {
    for (const metric of METRICS.filter((each) => toolbox.withFilter(FILTER_OF[each])))
      for (const passes of [whole, sought()]) {
        const share = sharing(metric, passes);
        const alone = [await measured('large', { metric, passes }), await measured('small', { metric, passes })];
        const together = await Promise.all([
          measured('large', { metric, passes, share: share.large }),
          measured('small', { metric, passes, share: share.small }),
        ]);
        expect(together).toEqual(alone);
        expect(await readdir(folder)).toEqual([]);
      }
  });

  it('decode it once: the second is measured when the source is gone', async () => {
    const asked = { metric: 'ssim', passes: sought() } as const;
    const [first, second] = [await measured('large', asked), await measured('small', asked)];
    const share = sharing('ssim', asked.passes);
    expect(await measured('small', { ...asked, share: share.small })).toEqual(second);
    await rm(source);
    expect(await measured('large', { ...asked, share: share.large })).toEqual(first);
    expect(await readdir(folder)).toEqual([]);
  });

  it('decode it each, where nothing can be kept', async () => {
    const asked = { metric: 'ssim', passes: whole } as const;
    const share = sharing('ssim', whole, join(folder, 'missing'));
    expect(await measured('large', { ...asked, share: share.large })).toEqual(await measured('large', asked));
    expect(await measured('small', { ...asked, share: share.small })).toEqual(await measured('small', asked));
  });

  it('fails with the words of a comparison alone, where a rendition has too few frames', async () => {
    const passes = [{ ...whole[0], windows: [{ startFrame: 0, frames: FRAMES + 5, lead: 0 }] } as Pass];
    const asked = { metric: 'ssim', passes } as const;
    const share = sharing('ssim', passes);
    const told = await measured('large', asked).catch((error: Error) => error.message);
    await expect(measured('large', { ...asked, share: share.large })).rejects.toThrow(`${told}`);
    expect(await readdir(folder)).toEqual([]);
  });
});
