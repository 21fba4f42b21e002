import { mainVideo } from '../core/film/probe.ts';
import type { Measurer } from '../core/ports/measurer.ts';
import { compareFrames } from './measure/compare-frames.ts';
import { decodeFully } from './measure/decode-fully.ts';
import { likeness } from './measure/likeness.ts';
import { lookOnce } from './measure/look-once.ts';
import { meterFor, sampleQuality } from './measure/sample-quality.ts';
import { scoreSamples } from './measure/score-samples.ts';
import { readSounds } from './probe/read-sounds.ts';
import type { Toolbox } from './tools/toolbox.ts';

/** Returns a measurer that decodes with ffmpeg and scores with the best metric among the installed ones. */
export function ffmpegMeasurer(toolbox: Toolbox): Measurer {
  const ffmpeg = toolbox.ffmpeg.path;
  return {
    decodeFully: (path, options, show) => decodeFully(ffmpeg, path, options, { show }),
    compareFrames: (task, options) => compareFrames(ffmpeg, task, options),
    readSounds: (tasks, signal) => readSounds(ffmpeg, tasks, signal),
    lookOnce: (task, options, show) => lookOnce(toolbox, task, options, show),
    measureQuality: (task, options) => sampleQuality(toolbox, task, options),
    qualityMetric: async (spec, probe) =>
      meterFor(toolbox, spec, { probe, stream: mainVideo(probe)?.index ?? 0 }).metric,
    scoreSamples: (task, signal) => scoreSamples(toolbox, task, signal),
    likeness: (task, signal) =>
      likeness(toolbox.all.find(({ filters }) => filters.has('xpsnr')) ?? toolbox.ffmpeg, task, signal),
  };
}
