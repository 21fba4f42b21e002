import type { EncodeCommon } from '../codecs/encode-common.ts';
import type { EncodeSpec } from '../codecs/encode-spec.ts';
import { rawPixelFormat } from './encode-args.ts';

/** One encode step of a segment: a chain of processes from the source or a piece to the next piece. */
export type EncodeStep = { readonly spec: EncodeSpec; readonly enlarges: boolean };

/** The encode steps of a segment, in order. The last makes the final piece; a spec without intermediates has one step. */
export function encodeSteps(spec: EncodeSpec): readonly EncodeStep[] {
  const { intermediates, enlarge, ...plain } = spec;
  if (!enlarge || (!intermediates?.pre && !intermediates?.mezzanine))
    return [{ spec, enlarges: enlarge !== undefined }];
  const { timeFactor, ...unmoved } = plain;
  const { width, height, pixelFormat } = enlarge.from;
  const marks = spec.filters.filter(isMark);
  const preCodec = intermediates.pre && MEZZANINES[intermediates.pre](pixelFormat);
  const pre: EncodeStep | undefined = preCodec && {
    spec: {
      ...common(unmoved),
      ...preCodec,
      filters: [...spec.filters, ...sameLevels(spec, preCodec.pixelFormat)],
      size: { width, height },
    },
    enlarges: false,
  };
  const filtered = pre ? { filters: [...marks, ...sameLevels(spec, pixelFormat)], margin: 0 } : {};
  const enlarged = { ...plain, ...filtered, enlarge };
  if (!intermediates.mezzanine) return [...(pre ? [pre] : []), { spec: enlarged, enlarges: true }];
  const whole = { width: width * enlarge.scale, height: height * enlarge.scale };
  const codec = MEZZANINES[intermediates.mezzanine](spec.pixelFormat);
  const mezzanine: EncodeStep = {
    spec: {
      ...common(enlarged),
      ...codec,
      enlarge: { ...enlarge, finish: sameLevels(spec, codec.pixelFormat) },
      size: whole,
    },
    enlarges: true,
  };
  const { sar, colour } = spec;
  const filters = [
    ...sameLevels(spec, spec.pixelFormat),
    ...enlarge.finish.flatMap((filter) => [UNSAID, filter]),
    `setsar=${sar.num}/${sar.den}`,
    ...(colour.range === 'pc' ? ['setparams=range=pc'] : []),
    ...marks,
  ];
  return [
    ...(pre ? [pre] : []),
    mezzanine,
    { spec: { ...unmoved, pixelFormat: rawPixelFormat(spec), filters, margin: 0 }, enlarges: false },
  ];
}

/**
 * The filters that convert to another pixel format and keep every level. Without them ffmpeg would make a full range limited
 * and take any grey picture for full range. Colour in limited range needs no filters.
 */
function sameLevels({ colour: { range }, pixelFormat }: EncodeSpec, into: string): readonly string[] {
  if (range !== 'pc' && !pixelFormat.startsWith('gray')) return [];
  const format = `format=${rawPixelFormat({ pixelFormat: into })}`;
  return ['setparams=range=pc', 'scale=in_range=pc:out_range=pc', format, `setparams=range=${range ?? 'unknown'}`];
}

/** Marks the range as unknown, as it is for frames out of a network, so that the next filter does not convert it. */
const UNSAID = 'setparams=range=unknown';

/** Whether a filter only sets properties of frames and changes no pixel. */
const isMark = (filter: string) => filter.startsWith('setparams=');

type ProresPart = Pick<Extract<EncodeSpec, { codec: 'prores' }>, 'codec' | 'profile' | 'pixelFormat'>;
type NvencIntraPart = Pick<Extract<EncodeSpec, { codec: 'hevc-nvenc-intra' }>, 'codec' | 'quality' | 'pixelFormat'>;
type X265IntraPart = Pick<Extract<EncodeSpec, { codec: 'x265-intra' }>, 'codec' | 'quality' | 'preset' | 'pixelFormat'>;

const prores =
  (profile: ProresPart['profile']) =>
  (_: string): ProresPart => ({ codec: 'prores', profile, pixelFormat: 'yuv422p10le' });

/** All-intra HEVC by x265 with the source's chroma, in at least 10 bits. */
const hevcIntra = (pixelFormat: string): X265IntraPart => ({
  codec: 'x265-intra',
  quality: { crf: 18 },
  preset: 'fast',
  pixelFormat: `${/^(yuvj?4\d\dp|gray)/.exec(pixelFormat)?.[0].replace('yuvj', 'yuv') ?? 'yuv444p'}${pixelFormat.includes('12') ? '12le' : '10le'}`,
});

/** All-intra HEVC by NVENC, in 4:2:0 and 10 bits. */
const hevcIntraByCard = (_: string): NvencIntraPart => ({
  codec: 'hevc-nvenc-intra',
  quality: { crf: 18 },
  pixelFormat: 'yuv420p10le',
});

const MEZZANINES = {
  proreslt: prores('lt'),
  prores422: prores('422'),
  prores422hq: prores('hq'),
  'hevc-intra': hevcIntra,
  'hevc-nvenc-intra': hevcIntraByCard,
} as const;

function common(spec: EncodeCommon): EncodeCommon {
  const { frameRate, size, pixelFormat, sar, colour, masterDisplay, contentLight, filters, margin, tools } = spec;
  return {
    frameRate,
    size,
    pixelFormat,
    sar,
    colour,
    masterDisplay,
    contentLight,
    filters,
    margin,
    tools,
    ...(spec.enlarge && { enlarge: spec.enlarge }),
    ...(spec.ticks !== undefined && { ticks: spec.ticks }),
    ...(spec.interlacedParts && { interlacedParts: spec.interlacedParts }),
    ...(spec.shapedParts && { shapedParts: spec.shapedParts }),
    ...(spec.timeFactor && { timeFactor: spec.timeFactor }),
  };
}
