import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CHECK_SAMPLING, framesTaken, type SampleWindow, sampleWindows, scoredEvery } from '../core/quality/sample.ts';
import { sampleError } from '../core/quality/sample-error.ts';
import { type FrameScore, summaryOf } from '../core/quality/score-summary.ts';
import { minuteOf1080p } from './clips.ts';
import { type Measurement, median, type ResultRow } from './measurement.ts';
import { cacheFolder, ffmpeg, mustRun, once, toolWithVmaf } from './run.ts';

/** Shows how far the quality of sampled frames is from that of all frames, against the error that the manifest states. */
export const sampled: Measurement = {
  name: 'sampled',
  about:
    "VMAF of every frame of whole clips (x265 ultrafast, CRF 28, at most 640 wide), and of the frames that verification measures, with the windows at 40 different places: the largest distance of a sample's mean from the mean of all frames, the error that is stated, and how often the distance is within it. The error is stated for 95 of 100 samples.",
  async measure(options) {
    const rows: ResultRow[] = [];
    const inside: number[] = [];
    const minute = await minuteOf1080p({ ...options, clip: undefined });
    const clips = [
      ['a minute of the demo clip', minute],
      ...options.given.map((clip) => [basename(clip), clip]),
    ] as const;
    for (const [name = '', clip = ''] of clips) {
      const scores = await scoresOf(clip);
      const trials = placesOf(sampleWindows(scores.length, CHECK_SAMPLING), scores.length).map((windows) =>
        trialOf(windows, scores),
      );
      const within = trials.filter(({ distance, stated }) => distance <= stated).length / trials.length;
      inside.push(within);
      rows.push({
        what: `${name}: ${scoredOf(sampleWindows(scores.length, CHECK_SAMPLING), scores).length} of ${scores.length} frames`,
        found: `VMAF ${summaryOf(scores).mean.toFixed(2)}; off by ${Math.max(...trials.map(({ distance }) => distance)).toFixed(2)} at most, ${median(trials.map(({ distance }) => distance)).toFixed(2)} at the median; stated ${median(trials.map(({ stated }) => stated)).toFixed(2)}; within it ${percent(within)}`,
      });
    }
    const mean = inside.reduce((a, b) => a + b, 0) / inside.length;
    rows.push({
      what: 'samples whose distance is within the stated error, all clips',
      goal: 'at least 95 %',
      found: percent(mean),
      met: mean >= 0.95,
    });
    return rows;
  },
};

const PLACES = 40;

/** Returns the windows at many places: moved together by even steps of their distance, as far as they stay within the film. */
function placesOf(windows: readonly SampleWindow[], frameCount: number): readonly (readonly SampleWindow[])[] {
  const distance = frameCount / windows.length;
  return Array.from({ length: PLACES }, (_, i) => {
    const by = Math.round((i / PLACES - 0.5) * distance);
    return windows.map((window) => ({
      ...window,
      startFrame: Math.min(frameCount - window.frames, Math.max(0, window.startFrame + by)),
    }));
  });
}

/** The scores that verification measures: every so manyth of the frames that it compares, but not those that lead to a window. */
function scoredOf(windows: readonly SampleWindow[], scores: readonly FrameScore[]): readonly FrameScore[] {
  const every = scoredEvery(windows);
  const isCounted = (frame: number) =>
    windows.some(({ startFrame, frames }) => frame >= startFrame && frame < startFrame + frames);
  return framesTaken(windows)
    .filter((frame, place) => place % every === 0 && isCounted(frame))
    .flatMap((frame) => scores[frame] ?? []);
}

function trialOf(windows: readonly SampleWindow[], scores: readonly FrameScore[]) {
  const measured = scoredOf(windows, scores);
  return {
    distance: Math.abs(summaryOf(measured).mean - summaryOf(scores).mean),
    stated: sampleError(windows, measured, scores.length) ?? Number.POSITIVE_INFINITY,
  };
}

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;

async function scoresOf(clip: string): Promise<readonly FrameScore[]> {
  const log = await once(`sampled-${basename(clip)}.json`, async (to) => {
    const [source, output] = await Promise.all(
      ['source', 'output'].map(async (name) => join(await cacheFolder(), `sampled-${name}.mkv`)),
    );
    const scaled = "scale='min(iw,640)':-2:flags=lanczos,format=yuv420p";
    const passed = ['-fps_mode', 'passthrough'];
    await ffmpeg('-i', clip, '-an', '-vf', scaled, ...passed, '-c:v', 'ffv1', `${source}`);
    const x265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-crf', '28', '-x265-params', 'log-level=error'];
    await ffmpeg('-i', `${source}`, ...x265, ...passed, `${output}`);
    const graph = `[0:v]settb=1/1000,setpts=N[a];[1:v]settb=1/1000,setpts=N[b];[a][b]libvmaf=n_threads=2:log_fmt=json:log_path=${to}`;
    const inputs = ['-i', `${output}`, '-i', `${source}`];
    await mustRun(toolWithVmaf(), ['-v', 'error', '-nostdin', ...inputs, '-filter_complex', graph, '-f', 'null', '-']);
  });
  const { frames } = JSON.parse(await readFile(log, 'utf8'));
  return frames.map(({ metrics }: { metrics: { vmaf: number } }, frame: number) => ({ frame, score: metrics.vmaf }));
}
