/** The memory layout of one plane of a raw frame: rows from top to bottom without padding, samples little-endian. */
type RawPlane = {
  /** The plane's width is the picture's width divided by `across`, its height the picture's divided by `down`, both rounded up. */
  readonly across: 1 | 2;
  readonly down: 1 | 2;
  /** Samples at each position: 2 for nv12's chroma, 3 for rgb24. */
  readonly samples: 1 | 2 | 3 | 4;
};

type RawFormat = {
  /** Significant bits of a sample; samples of more than 8 bits lie in the low bits of two bytes. */
  readonly depth: number;
  readonly planes: readonly RawPlane[];
  /** The format's tag in NUT (FFmpeg's raw.c), as a little-endian number. */
  readonly fourcc: number;
};

/**
 * The pixel formats frames may cross a pipe in, by ffmpeg's names. p010le is not here: NUT has no tag for it (ffmpeg
 * writes it as 15-bit RGB and then cannot read it); ask ffmpeg for yuv420p10le, which holds the same samples.
 */
export const RAW_FORMATS = {
  yuv420p: { depth: 8, planes: yuv(2, 2), fourcc: fourcc('I420') },
  yuv422p: { depth: 8, planes: yuv(2, 1), fourcc: fourcc('Y42B') },
  yuv444p: { depth: 8, planes: yuv(1, 1), fourcc: fourcc('444P') },
  yuv420p10le: { depth: 10, planes: yuv(2, 2), fourcc: fourcc('Y3', 11, 10) },
  yuv422p10le: { depth: 10, planes: yuv(2, 1), fourcc: fourcc('Y3', 10, 10) },
  yuv444p10le: { depth: 10, planes: yuv(1, 1), fourcc: fourcc('Y3', 0, 10) },
  yuv420p12le: { depth: 12, planes: yuv(2, 2), fourcc: fourcc('Y3', 11, 12) },
  yuv422p12le: { depth: 12, planes: yuv(2, 1), fourcc: fourcc('Y3', 10, 12) },
  yuv444p12le: { depth: 12, planes: yuv(1, 1), fourcc: fourcc('Y3', 0, 12) },
  yuv420p16le: { depth: 16, planes: yuv(2, 2), fourcc: fourcc('Y3', 11, 16) },
  yuv422p16le: { depth: 16, planes: yuv(2, 1), fourcc: fourcc('Y3', 10, 16) },
  yuv444p16le: { depth: 16, planes: yuv(1, 1), fourcc: fourcc('Y3', 0, 16) },
  yuva420p: { depth: 8, planes: [...yuv(2, 2), whole(1)], fourcc: fourcc('Y4', 11, 8) },
  yuva444p: { depth: 8, planes: [...yuv(1, 1), whole(1)], fourcc: fourcc('Y4', 0, 8) },
  yuva420p10le: { depth: 10, planes: [...yuv(2, 2), whole(1)], fourcc: fourcc('Y4', 11, 10) },
  yuva444p10le: { depth: 10, planes: [...yuv(1, 1), whole(1)], fourcc: fourcc('Y4', 0, 10) },
  nv12: { depth: 8, planes: [whole(1), { across: 2, down: 2, samples: 2 }], fourcc: fourcc('NV12') },
  gray: { depth: 8, planes: [whole(1)], fourcc: fourcc('Y800') },
  gray10le: { depth: 10, planes: [whole(1)], fourcc: fourcc('Y1', 0, 10) },
  gray12le: { depth: 12, planes: [whole(1)], fourcc: fourcc('Y1', 0, 12) },
  gray16le: { depth: 16, planes: [whole(1)], fourcc: fourcc('Y1', 0, 16) },
  gbrp: { depth: 8, planes: yuv(1, 1), fourcc: fourcc('G3', 0, 8) },
  gbrp10le: { depth: 10, planes: yuv(1, 1), fourcc: fourcc('G3', 0, 10) },
  gbrp12le: { depth: 12, planes: yuv(1, 1), fourcc: fourcc('G3', 0, 12) },
  gbrp16le: { depth: 16, planes: yuv(1, 1), fourcc: fourcc('G3', 0, 16) },
  rgb24: { depth: 8, planes: [whole(3)], fourcc: fourcc('RGB', 24) },
  rgba: { depth: 8, planes: [whole(4)], fourcc: fourcc('RGBA') },
  rgba64le: { depth: 16, planes: [whole(4)], fourcc: fourcc('RBA', 64) },
} as const satisfies Record<string, RawFormat>;

export type RawPixelFormat = keyof typeof RAW_FORMATS;

export const RAW_PIXEL_FORMATS = Object.keys(RAW_FORMATS).filter(isRawPixelFormat);

const BY_FOURCC = new Map(RAW_PIXEL_FORMATS.map((name) => [RAW_FORMATS[name].fourcc, name]));

/** Whether this is the name of a pixel format whose planes we read and write ourselves. */
export function isRawPixelFormat(name: string): name is RawPixelFormat {
  return Object.hasOwn(RAW_FORMATS, name);
}

/** Returns the pixel format that a FourCC of NUT names; undefined for one that we do not read. */
export const pixelFormatOfTag = (tag: number): RawPixelFormat | undefined => BY_FOURCC.get(tag);

/** Returns width and height of a plane, in sample positions. */
export function planeSize(plane: RawPlane, width: number, height: number) {
  return { width: Math.ceil(width / plane.across), height: Math.ceil(height / plane.down) };
}

const bytesPerSample = (format: RawPixelFormat): 1 | 2 => (RAW_FORMATS[format].depth > 8 ? 2 : 1);

/** Returns the byte range [start, end) of each plane of a frame. */
export function planeRanges(format: RawPixelFormat, width: number, height: number) {
  let start = 0;
  return RAW_FORMATS[format].planes.map((plane) => {
    const size = planeSize(plane, width, height);
    const end = start + size.width * size.height * plane.samples * bytesPerSample(format);
    const range = { start, end };
    start = end;
    return range;
  });
}

/** Returns the size of one frame in bytes, with its planes end to end, as ffmpeg's rawvideo writes them. */
export const frameBytes = (format: RawPixelFormat, width: number, height: number): number =>
  planeRanges(format, width, height).at(-1)?.end ?? 0;

function whole(samples: RawPlane['samples']): RawPlane {
  return { across: 1, down: 1, samples };
}

function yuv(across: 1 | 2, down: 1 | 2): readonly RawPlane[] {
  return [whole(1), { across, down, samples: 1 }, { across, down, samples: 1 }];
}

function fourcc(letters: string, ...numbers: number[]): number {
  const bytes = [...letters].map((letter) => letter.charCodeAt(0)).concat(numbers);
  return bytes.reduceRight((tag, byte) => tag * 256 + byte, 0);
}
