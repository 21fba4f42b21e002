import { ServiceError } from '../errors.ts';
import { bitDepth, hasAlpha } from './pixel-format.ts';

/** A picture of a sequence as its decoder sees it. */
export type SequencePicture = {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: string;
};

/** Kinds of pictures by ffmpeg's names of their codecs. */
export type PictureKind = 'png' | 'mjpeg' | 'tiff' | 'dpx' | 'exr';

/** Returns the kind of a picture by its first bytes; its name says nothing. Undefined for anything else. */
export function pictureKind(head: Uint8Array): PictureKind | undefined {
  const text = String.fromCharCode(...head.subarray(0, 8));
  return MARKS.find(([mark]) => text.startsWith(mark))?.[1];
}

const MARKS: readonly (readonly [string, PictureKind])[] = [
  ['\x89PNG\r\n\x1a\n', 'png'],
  ['\xff\xd8\xff', 'mjpeg'],
  ['II*\0', 'tiff'],
  ['MM\0*', 'tiff'],
  ['SDPX', 'dpx'],
  ['XPDS', 'dpx'],
  ['\x76\x2f\x31\x01', 'exr'],
];

/** Throws `bad-input`, which names the first picture of another size than the first one's. */
export function refuseOtherSizes(pictures: readonly SequencePicture[]): void {
  const [first] = pictures;
  const other = pictures.find(({ width, height }) => width !== first?.width || height !== first.height);
  if (!first || !other) return;
  throw new ServiceError(
    'bad-input',
    `${other.name} is ${other.width}x${other.height}, and ${first.name} is ${first.width}x${first.height}; all pictures of a sequence must have one size`,
  );
}

/**
 * Returns the lossless format that holds all pictures, if they have several formats or one that no film holds (floating
 * point); undefined if they can be put into a film as they are. Programs write grey or palettes where a picture has no colour.
 */
export function commonFormat(pictures: readonly SequencePicture[]): string | undefined {
  const formats = [...new Set(pictures.map(({ pixelFormat }) => pixelFormat))];
  if (formats.length < 2 && !formats.some((format) => format.includes('f32'))) return undefined;
  const isDeep = formats.some((format) => bitDepth(format) > 8);
  const isSeenThrough = formats.some(hasAlpha);
  if (formats.every((format) => /^gray/.test(format))) return isDeep ? 'gray16le' : 'gray';
  if (isDeep) return isSeenThrough ? 'gbrap16le' : 'gbrp16le';
  return isSeenThrough ? 'bgra' : 'bgr0';
}

/** Returns what people are told of pictures that were brought to one format. */
export function formatTold(pictures: readonly SequencePicture[], kind: PictureKind): readonly string[] {
  const [first] = pictures;
  const other = pictures.find(({ pixelFormat }) => pixelFormat !== first?.pixelFormat);
  return [
    ...(kind === 'exr' ? ["the linear light of OpenEXR is brought to sRGB's curve, in 16 bits"] : []),
    ...(first && other
      ? [
          `the pictures differ: ${other.name} is ${other.pixelFormat}, and ${first.name} is ${first.pixelFormat}; all are brought to what holds both`,
        ]
      : []),
  ];
}
