import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { execa } from 'execa';

export type BarcodedClip = {
  readonly path: string;
  /** 0 to 15: told by the first four bars; eight more tell the number of the frame. */
  readonly clip: number;
  readonly frames: number;
  readonly size?: { readonly width: number; readonly height: number };
  /** What ffmpeg is told of the container. */
  readonly flags?: string;
  readonly sound?: boolean;
  readonly bitRate?: string;
  /** Frames a second. */
  readonly rate?: number;
};

export const BARS = 16;
export const FRAME_RATE = 25;
/** Fragments of half a second, an index in front, each track apart from the others is not asked for. */
export const FRAGMENTED = '+frag_keyframe+cmaf+global_sidx+default_base_moof';

/** A film whose frames say which they are: bars from left to right, white for 1, after a white and a black one. */
export async function barcodedClip({
  path,
  clip,
  frames,
  size,
  flags = FRAGMENTED,
  sound = true,
  bitRate,
  rate: framesASecond = FRAME_RATE,
}: BarcodedClip) {
  const { width, height } = size ?? { width: 160, height: 90 };
  await mkdir(dirname(path), { recursive: true });
  const seconds = frames / framesASecond;
  const tone = ['-f', 'lavfi', '-i', `sine=f=${300 + 60 * clip}:r=48000:d=${seconds}`];
  const rate =
    bitRate === undefined
      ? ['-crf', '20']
      : ['-b:v', bitRate, '-minrate', bitRate, '-maxrate', bitRate, '-bufsize', bitRate];
  await execa(
    'ffmpeg',
    [
      ...[
        '-v',
        'error',
        '-y',
        '-f',
        'rawvideo',
        '-pix_fmt',
        'yuv420p',
        '-s',
        `${width}x${height}`,
        '-r',
        `${framesASecond}`,
        '-i',
        'pipe:0',
      ],
      ...(sound ? tone : []),
      ...[
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-tune',
        'zerolatency',
        '-g',
        '12',
        '-pix_fmt',
        'yuv420p',
        ...rate,
      ],
      ...['-c:a', 'aac', '-b:a', '64k', '-movflags', flags, path],
    ],
    { input: Readable.from(framesOf({ clip, frames, width, height, noise: bitRate !== undefined })) },
  );
}

function* framesOf({
  clip,
  frames,
  width,
  height,
  noise,
}: {
  clip: number;
  frames: number;
  width: number;
  height: number;
  noise: boolean;
}) {
  const grain = noise ? grainOf((width * height) / 2 + 997 * frames) : undefined;
  for (let frame = 0; frame < frames; frame++) {
    const bits = [1, 0, ...bitsOf(clip, 4), ...bitsOf(frame, 8), 0, 1];
    const row = Buffer.from(Array.from({ length: width }, (_, x) => (bits[Math.floor((x * BARS) / width)] ? 220 : 30)));
    const picture = Buffer.alloc((width * height * 3) / 2, 128);
    for (let y = 0; y < height; y++) row.copy(picture, y * width);
    const half = Math.ceil(height / 2) * width;
    grain?.copy(picture, half, 997 * frame, 997 * frame + width * height - half);
    yield picture;
  }
}

/** The same grain each time. */
function grainOf(length: number): Buffer {
  let seed = 1;
  const next = () => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    return seed >> 16;
  };
  return Buffer.from(Array.from({ length }, next));
}

const bitsOf = (value: number, count: number) =>
  Array.from({ length: count }, (_, i) => (value >> (count - 1 - i)) & 1);
