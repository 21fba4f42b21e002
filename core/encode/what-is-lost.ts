import { type EncodeSpec, isLossless } from '../codecs/encode-spec.ts';
import type { RenditionSpec } from '../codecs/rendition-spec.ts';
import type { PictureStream, Probe, VideoFacts } from '../film/probe.ts';
import { toNumber } from '../units.ts';
import { type Padding, paddingTold } from './padding.ts';
import type { NotesPlan } from './plan-notes.ts';

type LossyPlan = {
  readonly rendition: RenditionSpec;
  readonly spec: EncodeSpec;
  /** Properties of the picture that the rendition's format cannot hold. */
  readonly losses: readonly string[];
  /** What is added to the picture, which is told too, though nothing is lost by it. */
  readonly padding?: Padding | undefined;
  readonly framesTold?: readonly string[];
  readonly notes?: NotesPlan;
  /** The picture as it is read, and the source's streams: of a film that was made of the source, only these name its codec. */
  readonly source: { readonly main: PictureStream; readonly probe?: Pick<Probe, 'streams'> };
};

/**
 * Returns what a rendition loses of its source's picture, each in a sentence with the setting that keeps it. It is known before
 * anything is encoded. Renditions for editing and for the stage lose what they lose on purpose, so only what their
 * formats cannot hold is told of them.
 */
export function whatIsLost({
  rendition,
  spec,
  losses,
  padding,
  framesTold = [],
  notes,
  source: { main, probe },
}: LossyPlan): readonly string[] {
  const cannotHold = [
    ...(rendition.stays === undefined ? [] : [rendition.stays]),
    ...losses.map(
      (loss) => `${rendition.name} cannot hold ${loss} of ${main.video.pixelFormat}${keeperOf(loss, rendition)}`,
    ),
    ...(padding ? [paddingTold(rendition.name, padding)] : []),
    ...framesTold,
    ...(rendition.parent === 'source' ? (notes?.told ?? []) : []),
  ];
  const isToBeWatched = rendition.delivery === 'archive' || rendition.delivery === 'stream';
  if (rendition.parent !== 'source' || !isToBeWatched) return cannotHold;
  return [
    ...cannotHold,
    ...(isLossless(spec) ? [] : masterLoss({ ...main, codec: probe?.streams[main.index]?.codec ?? main.codec })),
    ...(rendition.delivery === 'stream' ? tooManyFrames(main.video) : []),
  ];
}

function keeperOf(loss: string, { delivery }: RenditionSpec): string {
  if (loss !== 'the alpha channel') return '';
  return delivery === 'edit' ? '; profile=4444 keeps it' : '; recipe vj with codec=hapalpha keeps it';
}

const EVERY_PIXEL = 'recipe preserve with lossless=true keeps every pixel';

function masterLoss({ codec, video }: PictureStream): readonly string[] {
  const lossless = LOSSLESS[codec] ?? (video.isLossless ? 'lossless H.264' : undefined);
  if (lossless !== undefined)
    return [`the source is lossless (${lossless}) and what is made of it is not: ${EVERY_PIXEL}`];
  const master = MASTERS[codec];
  if (master === undefined) return [];
  return [
    `the source is a master for editing (${master}) and what is made of it is for watching: keep the source${video.isXyz ? '' : `, or ${EVERY_PIXEL}`}`,
  ];
}

/** Codecs that always keep every pixel of what they were given, by ffprobe's names. */
const LOSSLESS: Readonly<Record<string, string>> = {
  ffv1: 'FFV1',
  huffyuv: 'HuffYUV',
  ffvhuff: 'HuffYUV',
  utvideo: 'Ut Video',
  magicyuv: 'MagicYUV',
  lagarith: 'Lagarith',
  sheervideo: 'SheerVideo',
  rawvideo: 'uncompressed',
  v210: 'uncompressed',
  v210x: 'uncompressed',
  v308: 'uncompressed',
  v408: 'uncompressed',
  v410: 'uncompressed',
  r210: 'uncompressed',
  r10k: 'uncompressed',
  y41p: 'uncompressed',
  yuv4: 'uncompressed',
  png: 'PNG',
  apng: 'PNG',
  qtrle: 'QuickTime Animation',
  bmp: 'BMP',
  tiff: 'TIFF',
  targa: 'Targa',
  dpx: 'DPX',
  exr: 'OpenEXR',
};

/** Codecs of masters, which lose little and are made to be worked on. */
const MASTERS: Readonly<Record<string, string>> = {
  prores: 'ProRes',
  dnxhd: 'DNxHD',
  cfhd: 'CineForm',
  jpeg2000: 'JPEG 2000',
  vc3: 'VC-3',
};

/** Screens and decoders of what is streamed are made for up to 60 frames a second. */
const FASTEST_STREAM = 60.5;

function tooManyFrames({ averageFrameRate, baseFrameRate }: VideoFacts): readonly string[] {
  const rate = toNumber(averageFrameRate ?? baseFrameRate ?? { num: 0, den: 1 });
  return rate > FASTEST_STREAM
    ? [
        `the source has ${Math.round(rate)} frames a second, and all of them are kept: players of streams may not keep up; recipe preserve is for the archive`,
      ]
    : [];
}
