import { constants, copyFile, stat } from 'node:fs/promises';
import type { CodecName } from '../core/encode/codecs/codec.ts';
import { segmentArgs } from '../core/encode/encode-args.ts';
import type { Media } from '../core/ports/media.ts';
import { readCodecString, readSoundCodecString } from './codec-string.ts';
import { compareFrames } from './compare-frames.ts';
import { decodeFully } from './decode-fully.ts';
import { encodeSegment } from './encode-segment.ts';
import { encodingTool, versionsFor } from './encoding-tool.ts';
import { feedSegments } from './feed-segments.ts';
import { fragmentMap } from './fragment-map.ts';
import { frameSurvey } from './frame-survey.ts';
import { hashFile } from './hash-file.ts';
import { inspect } from './inspect.ts';
import { isInterlaced } from './interlace.ts';
import { join } from './join.ts';
import { packetSurvey, withoutAdts } from './packet-survey.ts';
import { meterFor, sampleQuality, scoreSample } from './sample-quality.ts';
import { writeSidecars } from './sidecars.ts';
import { makeThumbnails } from './thumbnails.ts';
import type { Toolbox } from './toolbox.ts';
import { writeFailure } from './write-failure.ts';

/** The Media port by ffmpeg and ffprobe. */
export function ffmpegMedia(toolbox: Toolbox): Media {
  const ffmpeg = toolbox.ffmpeg.path;
  const { ffprobe } = toolbox;
  const toolsFor = (codec: CodecName) => ({ ffmpeg: encodingTool(toolbox, codec).path, ffprobe, feeder: ffmpeg });
  return {
    tools: (codec, signal) => versionsFor(toolbox, codec, signal),
    hash: hashFile,
    inspect: (path, signal) => inspect(ffprobe, path, signal),
    async survey(source, options) {
      const survey = await packetSurvey(ffprobe, source, options);
      return withoutAdts(ffmpeg, source, survey, options.signal);
    },
    surveyFrames: (source, options) => frameSurvey(ffmpeg, source, options),
    isInterlaced: (source, durationSeconds, signal) => isInterlaced(ffmpeg, source, durationSeconds, signal),
    encodeSegment: (task, output, options) => encodeSegment(toolsFor(task.spec.codec), task, output, options),
    async feedSegments(tasks, sink, options) {
      const [first] = tasks;
      if (first) await feedSegments(toolsFor(first.spec.codec), tasks, sink, options);
    },
    join: (plan, options) => join(ffmpeg, plan, options),
    writeSidecars: (task, signal) => writeSidecars(ffmpeg, task, signal),
    decodeFully: (path, options) => decodeFully(ffmpeg, path, options),
    compareFrames: (task, options) => compareFrames(ffmpeg, task, options),
    measureQuality: (task, options) => sampleQuality(toolbox, task, options),
    qualityMetric: async (spec, source) => meterFor(toolbox, spec, source.format).metric,
    scoreSample: (task, signal) => scoreSample(toolbox, task, signal),
    codecString: (path, signal) => readCodecString(ffprobe, path, signal),
    soundCodecString: (path, signal) => readSoundCodecString(ffprobe, path, signal),
    makeThumbnails: (task, signal) => makeThumbnails(ffmpeg, task, signal),
    fragments: fragmentMap,
    command: (spec) => [
      'ffmpeg',
      ...segmentArgs({
        input: ['-i', 'INPUT'],
        stream: 0,
        window: { seekSeconds: undefined, lead: 0, frames: undefined },
        spec,
      }),
    ],
    copyFile: (from, to) => writeFailure(copyFile(from, to, constants.COPYFILE_FICLONE), to),
    async fileInfo(path, signal) {
      return { bytes: (await stat(path)).size, sha256: await hashFile(path, { signal, onProgress: () => {} }) };
    },
  };
}
