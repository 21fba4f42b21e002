import { stat } from 'node:fs/promises';
import type { EncodeSpec } from '../core/codecs/encode-spec.ts';
import type { CodecName } from '../core/codecs/index.ts';
import { fedArgs, segmentArgs } from '../core/encode/encode-args.ts';
import { type EncodeStep, encodeSteps } from '../core/encode/encode-steps.ts';
import type { Media, Source, Survey, WorkOptions } from '../core/ports/media.ts';
import { unfold } from './animation/unfold.ts';
import { excerpt } from './encode/excerpt.ts';
import { inverseTelecine } from './encode/inverse-telecine.ts';
import { segmentEncoder } from './encode/segment-encoder.ts';
import { copyWhole } from './join/copy-whole.ts';
import { join } from './join/join.ts';
import { writeSidecars } from './join/sidecars.ts';
import { readSpherical } from './join/spherical-file.ts';
import { compareFrames } from './measure/compare-frames.ts';
import { decodeFully } from './measure/decode-fully.ts';
import { likeness } from './measure/likeness.ts';
import { meterFor, sampleQuality, scoreSample } from './measure/sample-quality.ts';
import { readSubtitles } from './ocr/read-subtitles.ts';
import { askTesseract } from './ocr/tesseract.ts';
import type { Upscalers } from './onnx/upscalers.ts';
import { still } from './pictures/still.ts';
import { makeThumbnails } from './pictures/thumbnails.ts';
import { readCodecString, readSoundCodecString } from './probe/codec-string.ts';
import { frameSurvey } from './probe/frame-survey.ts';
import { hashFile } from './probe/hash-file.ts';
import { inspect } from './probe/inspect.ts';
import { isInterlaced } from './probe/interlace.ts';
import { packetSurvey, timesSurvey, withoutAdts, withSamples } from './probe/packet-survey.ts';
import { pictureShapes } from './probe/picture-shapes.ts';
import { proposeCrop } from './probe/propose-crop.ts';
import { readSound } from './probe/read-sound.ts';
import { fragmentMap } from './structure/fragment-map.ts';
import { encodingTool, versionsFor } from './tools/encoding-tool.ts';
import type { Toolbox } from './tools/toolbox.ts';

/** Implements the Media port with ffmpeg and ffprobe. */
export function ffmpegMedia(toolbox: Toolbox, networks: Upscalers): Media {
  const ffmpeg = toolbox.ffmpeg.path;
  const { ffprobe } = toolbox;
  /** Returns the survey with sound hashed so that it can be compared between containers. */
  async function comparable<Surveyed extends Pick<Survey, 'streams'>>(
    source: Source,
    survey: Surveyed,
    { signal }: WorkOptions,
  ): Promise<Surveyed> {
    return withoutAdts(ffmpeg, source, await withSamples(ffmpeg, source, survey, signal), signal);
  }
  const toolsFor = (codec: CodecName) => ({ ffmpeg: encodingTool(toolbox, codec).path, ffprobe, feeder: ffmpeg });
  return {
    tools: (codec, signal) => versionsFor(toolbox, codec, signal),
    networkTools: networks.tools,
    hash: hashFile,
    inspect: (path, signal, damaged) => inspect(ffprobe, { path, damaged }, signal),
    survey: async (source, options) => comparable(source, await packetSurvey(ffprobe, source, options), options),
    surveyTimes: async (source, options) => comparable(source, await timesSurvey(ffprobe, source, options), options),
    surveyFrames: (source, options) => frameSurvey(ffmpeg, source, options),
    unfold: (path, output, signal) => unfold(ffmpeg, path, output, signal),
    pictureShapes: (source, signal) => pictureShapes(ffmpeg, source, signal),
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
  encodeSteps(spec).flatMap((stage, i) => [...(i > 0 ? [';'] : []), ...stageCommand(stage)]);

function stageCommand({ spec }: EncodeStep): string[] {
  const window = { seekSeconds: undefined, skip: 0, lead: 0, frames: undefined };
  const first = ['ffmpeg', ...segmentArgs({ input: ['-i', 'INPUT'], stream: 0, window, spec })];
  if (!spec.enlarge) return first;
  const { model, scale, device } = spec.enlarge;
  return [...first, '|', `(${model}, ${scale} times as large, device=${device})`, '|', 'ffmpeg', ...fedArgs(spec)];
}
