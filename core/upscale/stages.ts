import type { EncodeCommon, EncodeSpec } from '../encode/encode-spec.ts';

/** One process chain of a segment, from a piece to the next. */
export type Stage = { readonly spec: EncodeSpec; readonly enlarges: boolean };

/** In order; the last one makes the piece. A rendition without a diet has one, and streams. */
export function stagesOf(spec: EncodeSpec): readonly Stage[] {
  const { diet, enlarge, ...plain } = spec;
  if (!enlarge || (!diet?.pre && !diet?.mezzanine)) return [{ spec, enlarges: enlarge !== undefined }];
  const { slower, ...unmoved } = plain;
  const { width, height } = enlarge.from;
  const pre: Stage | undefined = diet.pre && {
    spec: { ...common(unmoved), ...MEZZANINES[diet.pre](enlarge.from.pixelFormat), size: { width, height } },
    enlarges: false,
  };
  const filtered = pre ? { filters: spec.filters.filter(isMark), margin: 0 } : {};
  const enlarged = { ...plain, ...filtered, enlarge };
  if (!diet.mezzanine) return [...(pre ? [pre] : []), { spec: enlarged, enlarges: true }];
  const whole = { width: width * enlarge.scale, height: height * enlarge.scale };
  const mezzanine: Stage = {
    spec: {
      ...common(enlarged),
      ...MEZZANINES[diet.mezzanine](spec.pixelFormat),
      enlarge: { ...enlarge, finish: [] },
      size: whole,
    },
    enlarges: true,
  };
  const { sar, colour } = spec;
  const marks = [
    ...enlarge.finish,
    `setsar=${sar.num}/${sar.den}`,
    ...(colour.range === 'pc' ? ['setparams=range=pc'] : []),
    ...spec.filters.filter(isMark),
  ];
  return [...(pre ? [pre] : []), mezzanine, { spec: { ...unmoved, filters: marks, margin: 0 }, enlarges: false }];
}

/** Says what frames are, and changes nothing in them. */
const isMark = (filter: string) => filter.startsWith('setparams=');

type Codec = Pick<Extract<EncodeSpec, { codec: 'prores' }>, 'codec' | 'profile' | 'pixelFormat'>;
type Intra = Pick<Extract<EncodeSpec, { codec: 'x265-intra' }>, 'codec' | 'quality' | 'preset' | 'pixelFormat'>;

const prores =
  (profile: Codec['profile']) =>
  (_: string): Codec => ({ codec: 'prores', profile, pixelFormat: 'yuv422p10le' });

/** At least ten bits, chroma as it is. */
const hevcIntra = (pixelFormat: string): Intra => ({
  codec: 'x265-intra',
  quality: { crf: 18 },
  preset: 'fast',
  pixelFormat: `${/^yuvj?4\d\dp/.exec(pixelFormat)?.[0].replace('yuvj', 'yuv') ?? 'yuv444p'}${pixelFormat.includes('12') ? '12le' : '10le'}`,
});

const MEZZANINES = {
  proreslt: prores('lt'),
  prores422: prores('422'),
  prores422hq: prores('hq'),
  'hevc-intra': hevcIntra,
} as const;

function common(spec: EncodeCommon): EncodeCommon {
  const { frameRate, size, pixelFormat, sar, colour, masterDisplay, contentLight, filters, margin, tools } = spec;
  return {
    ...{ frameRate, size, pixelFormat, sar, colour, masterDisplay, contentLight, filters, margin, tools },
    ...(spec.enlarge && { enlarge: spec.enlarge }),
    ...(spec.slower && { slower: spec.slower }),
  };
}
