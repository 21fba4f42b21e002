import { mkdir, open, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import { ffmpegPreamble } from '../../core/ffmpeg-preamble.ts';
import { gapsTold, shownFrames } from '../../core/film/image-sequence.ts';
import { refuseLargePicture } from '../../core/film/limits.ts';
import {
  commonFormat,
  formatTold,
  type PictureKind,
  pictureKind,
  refuseOtherSizes,
  type SequencePicture,
} from '../../core/film/sequence-pictures.ts';
import type { PackedSequence, SequenceTask } from '../../core/ports/file-maker.ts';
import { readFailure } from '../../core/system-failure.ts';
import { formatRational, type Rational } from '../../core/units.ts';
import { MAX_PIXELS } from '../probe/input-arguments.ts';
import { runFfmpeg } from '../process/ffmpeg.ts';
import { writeFailure } from '../process/write-failure.ts';
import { framesAt } from './frames-at.ts';

type Programs = { readonly ffmpeg: string; readonly ffprobe: string };

/**
 * Writes a sequence of pictures as a film, each picture one frame; their bytes are copied unless they differ in format or are
 * OpenEXR. Returns undefined for any path that means no sequence. Throws `bad-input` at gaps that are not accepted, and for
 * pictures that differ in kind or size, or do not decode.
 */
export async function packSequence(
  programs: Programs,
  { path, output, frameRate, gaps }: SequenceTask,
  signal: AbortSignal,
): Promise<PackedSequence | undefined> {
  const found = await framesAt(path);
  if (!found) return undefined;
  const { folder, pattern, frames } = found;
  const names = shownFrames(pattern, frames, gaps);
  const kind = await kindOfAll(
    folder,
    frames.map(({ name }) => name),
    signal,
  );
  const links = `${output}.frames`;
  try {
    await writeFailure(linkAll(folder, names, { links, kind }), links);
    const input = sequenceInput(frameRate, kind);
    const pictures = await picturesOf(programs.ffprobe, { input, links, names }, signal);
    refuseOtherSizes(pictures);
    const format = commonFormat(pictures);
    await runFfmpeg(programs.ffmpeg, packArgs(input, format, resolve(output)), {
      signal,
      cwd: links,
      writes: output,
      blame: 'bad-input',
      doing: 'putting the pictures into a film',
    });
    const told = [gapsTold(frames, gaps), ...formatTold(pictures, kind)].filter((each) => each !== undefined);
    return { frames: names.length, kind, told };
  } finally {
    await rm(links, { recursive: true, force: true });
  }
}

/** Returns the kind that all these pictures are of, by their first bytes. Throws `bad-input`. */
export async function kindOfAll(folder: string, names: readonly string[], signal: AbortSignal): Promise<PictureKind> {
  let all: PictureKind | undefined;
  for (const name of names) {
    signal.throwIfAborted();
    const kind = pictureKind(await headOf(join(folder, name)));
    if (!kind) throw new ServiceError('bad-input', `${name} is no PNG, JPEG, TIFF, DPX or OpenEXR picture`);
    if (all && kind !== all)
      throw new ServiceError(
        'bad-input',
        `${name} is a ${kind} picture, and ${names[0]} is ${all}; a sequence is of one kind`,
      );
    all = kind;
  }
  if (!all) throw new Error('a sequence without pictures');
  return all;
}

async function headOf(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw readFailure(error, path);
  }
}

/** ffmpeg takes the codec from the ending of a name, so a picture is called what its bytes are. */
const ENDINGS: Readonly<Record<PictureKind, string>> = {
  png: 'png',
  mjpeg: 'jpg',
  tiff: 'tif',
  dpx: 'dpx',
  exr: 'exr',
};

/** Numbers the pictures anew in a folder of ours, so that no name of theirs reaches ffmpeg, and gaps are as they are to be. */
async function linkAll(
  folder: string,
  names: readonly string[],
  { links, kind }: { readonly links: string; readonly kind: PictureKind },
): Promise<void> {
  await rm(links, { recursive: true, force: true });
  await mkdir(links, { recursive: true });
  for (const [i, name] of names.entries())
    await symlink(resolve(folder, name), join(links, `${String(i + 1).padStart(8, '0')}.${ENDINGS[kind]}`));
}

const sequenceInput = (frameRate: Rational, kind: PictureKind): readonly string[] => [
  ...['-protocol_whitelist', 'file', '-format_whitelist', 'image2', '-max_pixels', `${MAX_PIXELS}`],
  ...(kind === 'exr' ? ['-apply_trc', 'iec61966_2_1'] : []),
  ...[
    '-f',
    'image2',
    '-framerate',
    formatRational(frameRate),
    '-start_number',
    '1',
    '-i',
    `file:%08d.${ENDINGS[kind]}`,
  ],
];

/** Decodes every picture once. */
async function picturesOf(
  ffprobe: string,
  {
    input,
    links,
    names,
  }: { readonly input: readonly string[]; readonly links: string; readonly names: readonly string[] },
  signal: AbortSignal,
): Promise<readonly SequencePicture[]> {
  const found = new Map<number, Omit<SequencePicture, 'name'>>();
  await runFfmpeg(
    ffprobe,
    ['-v', 'error', ...input, '-show_entries', 'frame=pts,width,height,pix_fmt', '-of', 'csv=p=0'],
    {
      signal,
      cwd: links,
      blame: 'bad-input',
      doing: 'decoding the pictures of the sequence',
      onStdoutLine(line) {
        const [, pts, width, height, pixelFormat] = /^(\d+),(\d+),(\d+),(\w+)/.exec(line) ?? [];
        if (pixelFormat === undefined) return;
        refuseLargePicture(Number(width), Number(height));
        found.set(Number(pts), { width: Number(width), height: Number(height), pixelFormat });
      },
    },
  );
  return names.map((name, i) => {
    const picture = found.get(i);
    if (!picture) throw new ServiceError('bad-input', `${name} does not decode; render it again`);
    return { name, ...picture };
  });
}

function packArgs(input: readonly string[], format: string | undefined, output: string): string[] {
  const codec =
    format === undefined ? ['-c:v', 'copy'] : ['-c:v', 'ffv1', '-level', '3', '-g', '1', '-pix_fmt', format];
  return [
    ...ffmpegPreamble(),
    ...['-y', ...input, '-map', '0:v:0', '-fps_mode', 'passthrough', ...codec],
    ...['-fflags', '+bitexact', '-f', 'mov', `file:${output}`],
  ];
}
