import type { EncodeSpec } from '../core/codecs/encode-spec.ts';
import type { CodecName } from '../core/codecs/index.ts';
import { fedArgs, segmentArgs } from '../core/encode/encode-args.ts';
import { type EncodeStep, encodeSteps } from '../core/encode/encode-steps.ts';
import type { FileMaker } from '../core/ports/file-maker.ts';
import { packSequence } from './animation/pack-sequence.ts';
import { unfold } from './animation/unfold.ts';
import { excerpt } from './encode/excerpt.ts';
import { inverseTelecine } from './encode/inverse-telecine.ts';
import { segmentEncoder } from './encode/segment-encoder.ts';
import { captionsOf } from './join/captions.ts';
import { copyWhole } from './join/copy-whole.ts';
import { join } from './join/join.ts';
import { readTexts } from './join/read-texts.ts';
import { writeSidecars } from './join/sidecars.ts';
import { writeCameraTrailer } from './join/write-camera-trailer.ts';
import { writeDashcamBlocks } from './join/write-dashcam-blocks.ts';
import { writeDashcamGpx } from './join/write-dashcam-gpx.ts';
import { writeGpx } from './join/write-gpx.ts';
import { writeSound } from './join/write-sound.ts';
import { readSubtitles } from './ocr/read-subtitles.ts';
import { askTesseract } from './ocr/tesseract.ts';
import type { Upscalers } from './onnx/upscalers.ts';
import { still } from './pictures/still.ts';
import { jpegs, stillPair, stills } from './pictures/stills.ts';
import { makeThumbnails } from './pictures/thumbnails.ts';
import { joinPrograms } from './recordings/join-programs.ts';
import { repackFlv } from './recordings/repack-flv.ts';
import { writeOnOneClock } from './recordings/write-on-one-clock.ts';
import { encodingTool, versionsFor } from './tools/encoding-tool.ts';
import { joiningTool } from './tools/joining-tool.ts';
import type { Toolbox } from './tools/toolbox.ts';

/** Returns a maker of files that uses ffmpeg, tesseract and, where pictures are enlarged, the networks. */
export function ffmpegMaker(toolbox: Toolbox, networks: Upscalers): FileMaker {
  const ffmpeg = toolbox.ffmpeg.path;
  const { ffprobe } = toolbox;
  const toolsFor = (codec: CodecName) => ({ ffmpeg: encodingTool(toolbox, codec).path, ffprobe, feeder: ffmpeg });
  return {
    tools: (codec, signal) => versionsFor(toolbox, codec, signal),
    networkTools: networks.tools,
    command: commandOf,
    packSequence: (task, signal) => packSequence({ ffmpeg, ffprobe }, task, signal),
    joinPrograms: async (task, signal) => (await joinPrograms(task, signal)) ?? (await repackFlv(ffmpeg, task, signal)),
    writeOnOneClock,
    unfold: (path, output, signal) => unfold(ffmpeg, path, output, signal),
    ...segmentEncoder(toolsFor, networks),
    join: async (plan, options) => join({ ...joiningTool(toolbox, plan), ffprobe }, plan, options),
    writeSidecars: (task, signal) => writeSidecars({ ffmpeg, ffprobe }, task, signal),
    writeGpx: (task, signal) => writeGpx(ffmpeg, task, signal),
    writeDashcamGpx,
    writeDashcamBlocks,
    writeCameraTrailer,
    ocrTool: async (signal) => (toolbox.tesseract === undefined ? undefined : askTesseract(toolbox.tesseract, signal)),
    readSubtitles: (task, signal) => readSubtitles(toolbox, task, signal),
    still: (task, signal) => still(ffmpeg, task, signal),
    stills: (task, signal) => stills(ffmpeg, task, signal),
    stillPair: (pair, signal) => stillPair(ffmpeg, pair, signal),
    jpegs,
    makeThumbnails: (task, signal) => makeThumbnails(ffmpeg, task, signal),
    inverseTelecine: (task, signal) => inverseTelecine(ffmpeg, task, signal),
    excerpt: (source, to, signal) => excerpt(ffmpeg, source, to, signal),
    writeSound: (task, signal) => writeSound(ffmpeg, task, signal),
    readTexts: (task, signal) => readTexts(ffmpeg, task, signal),
    readCaptions: (source, folder, signal) =>
      captionsOf(
        { ffmpeg, ffprobe },
        { source, path: `${folder}/captions-${source.stream}` },
        { signal, blame: 'bad-input', doing: `reading the captions of stream ${source.stream}` },
      ),
    copyFile: copyWhole,
  };
}

const commandOf = (spec: EncodeSpec): string[] =>
  encodeSteps(spec).flatMap((step, i) => [...(i > 0 ? [';'] : []), ...stepCommand(step)]);

function stepCommand({ spec }: EncodeStep): string[] {
  const window = { seekSeconds: undefined, skip: 0, lead: 0, frames: undefined };
  const first = ['ffmpeg', ...segmentArgs({ input: ['-i', 'INPUT'], stream: 0, window, spec, beside: 'ALPHA' })];
  if (!spec.enlarge) return first;
  const { model, scale, device } = spec.enlarge;
  return [...first, '|', `(${model}, ${scale} times as large, device=${device})`, '|', 'ffmpeg', ...fedArgs(spec)];
}
