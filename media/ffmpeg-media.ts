import { stat } from 'node:fs/promises';
import type { CodecName } from '../core/encode/codecs/codec-settings.ts';
import { fedArgs, segmentArgs } from '../core/encode/encode-args.ts';
import type { EncodeSpec } from '../core/encode/encode-spec.ts';
import type { Media, Source, Survey, WorkOptions } from '../core/ports/media.ts';
import { type Stage, stagesOf } from '../core/upscale/stages.ts';
import { readCodecString, readSoundCodecString } from './codec-string.ts';
import { compareFrames } from './compare-frames.ts';
import { copyWhole } from './copy-whole.ts';
import { decodeFully } from './decode-fully.ts';
import { encodingTool, versionsFor } from './encoding-tool.ts';
import { excerpt } from './excerpt.ts';
import { fragmentMap } from './fragment-map.ts';
import { frameSurvey } from './frame-survey.ts';
import { hashFile } from './hash-file.ts';
import { inspect } from './inspect.ts';
import { isInterlaced } from './interlace.ts';
import { inverseTelecine } from './inverse-telecine.ts';
import { join } from './join.ts';
import { likeness } from './likeness.ts';
import { readSubtitles } from './ocr/read-subtitles.ts';
import { askTesseract } from './ocr/tesseract.ts';
import { networkTools, type Upscalers } from './onnx/upscalers.ts';
import { packetSurvey, timesSurvey, withoutAdts, withSamples } from './packet-survey.ts';
import { proposeCrop } from './propose-crop.ts';
import { readSound } from './read-sound.ts';
import { meterFor, sampleQuality, scoreSample } from './sample-quality.ts';
import { segmentEncoder } from './segment-encoder.ts';
import { writeSidecars } from './sidecars.ts';
import { readSpherical } from './spherical-file.ts';
import { still } from './still.ts';
import { makeThumbnails } from './thumbnails.ts';
import type { Toolbox } from './toolbox.ts';

/** The Media port by ffmpeg and ffprobe. */
export function ffmpegMedia(toolbox: Toolbox, networks: Upscalers): Media {
  const ffmpeg = toolbox.ffmpeg.path;
  const { ffprobe } = toolbox;
  /** Sound as it can be compared from container to container. */
  async function comparable<Found extends Pick<Survey, 'streams'>>(
    source: Source,
    survey: Found,
    { signal }: WorkOptions,
  ): Promise<Found> {
    return withoutAdts(ffmpeg, source, await withSamples(ffmpeg, source, survey, signal), signal);
  }
  const toolsFor = (codec: CodecName) => ({ ffmpeg: encodingTool(toolbox, codec).path, ffprobe, feeder: ffmpeg });
  return {
    tools: (codec, signal) => versionsFor(toolbox, codec, signal),
    networkTools,
    hash: hashFile,
    inspect: (path, signal, damaged) => inspect(ffprobe, { path, damaged }, signal),
    survey: async (source, options) => comparable(source, await packetSurvey(ffprobe, source, options), options),
    surveyTimes: async (source, options) => comparable(source, await timesSurvey(ffprobe, source, options), options),
    surveyFrames: (source, options) => frameSurvey(ffmpeg, source, options),
    isInterlaced: (source, durationSeconds, signal) => isInterlaced(ffmpeg, source, durationSeconds, signal),
    proposeCrop: (source, durationSeconds, signal) => proposeCrop(ffmpeg, source, durationSeconds, signal),
    ...segmentEncoder(toolsFor, networks),
    join: (plan, options) => join(ffmpeg, plan, options),
    spherical: readSpherical,
    writeSidecars: (task, signal) => writeSidecars(ffmpeg, task, signal),
    ocrTool: async (signal) => (toolbox.tesseract === undefined ? undefined : askTesseract(toolbox.tesseract, signal)),
    readSubtitles: (task, signal) => readSubtitles(toolbox, task, signal),
    decodeFully: (path, options) => decodeFully(ffmpeg, path, options),
    compareFrames: (task, options) => compareFrames(ffmpeg, task, options),
    readSound: (task, signal) => readSound(ffmpeg, task, signal),
    measureQuality: (task, options) => sampleQuality(toolbox, task, options),
    qualityMetric: async (spec, source) => meterFor(toolbox, spec, source.format).metric,
    scoreSample: (task, signal) => scoreSample(toolbox, task, signal),
    codecString: (path, signal) => readCodecString(ffprobe, path, signal),
    soundCodecString: (path, signal) => readSoundCodecString(ffprobe, path, signal),
    likeness: (task, signal) =>
      likeness(toolbox.all.find(({ filters }) => filters.has('xpsnr')) ?? toolbox.ffmpeg, task, signal),
    still: (task, signal) => still(ffmpeg, task, signal),
    inverseTelecine: (source, output, signal) => inverseTelecine(ffmpeg, source, output, signal),
    excerpt: (source, to, signal) => excerpt(ffmpeg, source, to, signal),
    makeThumbnails: (task, signal) => makeThumbnails(ffmpeg, task, signal),
    fragments: fragmentMap,
    command: commandOf,
    copyFile: copyWhole,
    async fileInfo(path, signal) {
      return { bytes: (await stat(path)).size, sha256: await hashFile(path, { signal, onProgress: () => {} }) };
    },
  };
}

const commandOf = (spec: EncodeSpec): string[] =>
  stagesOf(spec).flatMap((stage, i) => [...(i > 0 ? [';'] : []), ...stageCommand(stage)]);

function stageCommand({ spec }: Stage): string[] {
  const window = { seekSeconds: undefined, skip: 0, lead: 0, frames: undefined };
  const first = ['ffmpeg', ...segmentArgs({ input: ['-i', 'INPUT'], stream: 0, window, spec })];
  if (!spec.enlarge) return first;
  const { model, scale, device } = spec.enlarge;
  return [...first, '|', `(${model}, ${scale} times as large, device=${device})`, '|', 'ffmpeg', ...fedArgs(spec)];
}
