import { join, resolve } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import { type Gaps, shownFrames } from '../../core/film/image-sequence.ts';
import { refuseLargePicture } from '../../core/film/limits.ts';
import type { PictureKind } from '../../core/film/sequence-pictures.ts';
import { MAX_PIXELS } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { framesAt } from './frames-at.ts';
import { kindOfAll } from './pack-sequence.ts';

/** What a sequence of pictures tells without being decoded: the size of its first picture, and how many are shown. */
export type SequenceHead = {
  readonly bytes: number;
  readonly frames: number;
  readonly width: number;
  readonly height: number;
};

/** Reads the first picture of a sequence; undefined for a path that means none. Throws `bad-input` as `packSequence` does. */
export async function sequenceHead(
  ffprobe: string,
  { path, gaps }: { readonly path: string; readonly gaps: Gaps },
  signal: AbortSignal,
): Promise<SequenceHead | undefined> {
  const found = await framesAt(path);
  if (!found) return undefined;
  const shown = shownFrames(found.pattern, found.frames, gaps);
  const [first = ''] = shown;
  const kind = await kindOfAll(found.folder, [first], signal);
  let size: Pick<SequenceHead, 'width' | 'height'> | undefined;
  await runFfmpeg(ffprobe, headArgs(join(found.folder, first), kind), {
    signal,
    blame: 'bad-input',
    doing: `reading the picture ${first}`,
    onStdoutLine(line) {
      const [, width, height] = /^(\d+),(\d+)/.exec(line) ?? [];
      if (height !== undefined) size = { width: Number(width), height: Number(height) };
    },
  });
  if (!size) throw new ServiceError('bad-input', `${first} does not decode; render it again`);
  refuseLargePicture(size.width, size.height);
  return { bytes: found.bytes, frames: shown.length, ...size };
}

const DEMUXERS: Readonly<Record<PictureKind, string>> = {
  png: 'png_pipe',
  mjpeg: 'jpeg_pipe',
  tiff: 'tiff_pipe',
  dpx: 'dpx_pipe',
  exr: 'exr_pipe',
};

/** The demuxer is that of the picture's bytes, whatever its name says. */
const headArgs = (path: string, kind: PictureKind): readonly string[] => [
  ...['-v', 'error', '-protocol_whitelist', 'file', '-format_whitelist', DEMUXERS[kind]],
  ...['-max_pixels', `${MAX_PIXELS}`, '-f', DEMUXERS[kind], '-i', `file:${resolve(path)}`],
  ...['-show_entries', 'stream=width,height', '-of', 'csv=p=0'],
];
