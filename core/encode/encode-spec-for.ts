import type { Codec } from '../codecs/codec.ts';
import type { EncodeCommon } from '../codecs/encode-common.ts';
import type { EncodeSpec } from '../codecs/encode-spec.ts';
import { CODECS, type CodecName, type SpecOf } from '../codecs/index.ts';
import { intermediatesOf } from '../codecs/intermediates.ts';
import type { RenditionSpec } from '../codecs/rendition-spec.ts';
import { usage } from '../errors.ts';
import { COLOUR_FIELDS } from '../film/colour-codes.ts';
import type { CropArea } from '../film/crop-area.ts';
import { fitted, padded, type Size, setSar } from '../film/frame-size.ts';
import { hasAlpha, isRgb, LOST_ALPHA, type PixelFormatChoice } from '../film/pixel-format.ts';
import type { Colour, VideoFacts } from '../film/probe.ts';
import { fullRangeFormat, isKnownToScale, scaleFilter, withoutUnknownMatrix } from '../film/scale-filter.ts';
import { asEquirectangular, sphereLayout } from '../film/sphere-layout.ts';
import { shownColour } from '../filters/assumed-colour.ts';
import { type ColourPlan, streamedPicture, TO_LIMITED_RANGE } from '../filters/colour.ts';
import type { Deinterlacing } from '../filters/deinterlacing.ts';
import { layOnBlack } from '../filters/on-black.ts';
import { restoredPicture } from '../filters/restoration.ts';
import { isMadeUpright, uprightPicture } from '../filters/upright.ts';
import type { Delivery } from '../settings/delivery.ts';
import type { Settings } from '../settings/settings.ts';
import type { Rational } from '../units.ts';
import { formatRational, toNumber } from '../units.ts';
import { type Enlargement, enlargedSize } from '../upscale/enlargement.ts';
import { networkPicture } from './network-picture.ts';
import { type Padding, paddingOf } from './padding.ts';
import { refuseTooSmall } from './smallest-picture.ts';

export type SpecInput = {
  readonly rendition: RenditionSpec;
  readonly settings: Partial<Settings>;
  readonly video: VideoFacts;
  readonly frameRate: Rational;
  /** 2 where every second picture is taken, and so on, from the first one; `frameRate` is that of the result. Undefined where all are taken. */
  readonly every?: number | undefined;
  /** What becomes of the source's fields, if something does. */
  readonly deinterlacing?: Deinterlacing | undefined;
  /** The picture without black bars, if they were looked for. */
  readonly crop?: CropArea | undefined;
  readonly timeFactor?: Rational | undefined;
  readonly tools: Readonly<Record<string, string>>;
};

/** The spec of a rendition of one source, which properties of the picture the rendition loses, and what is added to it. */
export type SpecFor = {
  readonly spec: EncodeSpec;
  readonly losses: readonly string[];
  readonly padding?: Padding | undefined;
};

/** Returns what determines the bytes of a rendition's pictures: its codec, quality, size, rate, colours and filters. */
export const encodeSpecFor = (input: SpecInput): SpecFor => specOf(input.rendition.codec, input);

function specOf<Name extends CodecName>(name: Name, input: SpecInput) {
  const { rendition, settings } = input;
  const restored = restoredPicture(
    input.video,
    rendition.enlarge ? input : { settings: {}, deinterlacing: input.deinterlacing },
  );
  const sphere = asEquirectangular(sizeOf(restored), layoutOf(input));
  const restoration = { ...restored, ...sphere.size, filters: [...restored.filters, ...sphere.filters] };
  const video = asShown({ ...input.video, colour: restoration.colour }, input);
  const codec = CODECS[name];
  const scaled = fitted(restoration, rendition.fit ?? {});
  const isScaled = differs(scaled, restoration);
  const upright = isMadeUpright(rendition.delivery) && uprightPicture(scaled, video.displayMatrix, codec.block);
  const shown = upright || scaled;
  const framesPerSecond = toNumber(input.frameRate);
  const own = codec.settings({ rendition, settings, video, framesPerSecond, size: padded(shown, '', codec.block) });
  const encoded = encodedPicture(codec, own, { video, delivery: rendition.delivery });
  const { enlarge } = rendition;
  const { pixelFormat, losses, colour, ...plan } = enlarge
    ? networkPicture(encoded, encoded, restoration.height)
    : encoded;
  const filters = inFormat(plan.filters, { video, colour, pixelFormat });
  const given = enlarge ? scaled : padded(shown, pixelFormat, codec.block);
  const size = enlarge
    ? enlargedSize(given, enlarge, rendition.delivery === 'edit' ? undefined : settings.height)
    : given;
  const sizeIs = enlarge ? 'the enlarged picture would be' : isScaled ? `${rendition.name} would be` : 'the picture is';
  // an enlarged picture becomes a film in the end, whatever its intermediates are
  refuseTooSmall(size, enlarge && rendition.delivery === 'edit' ? 'x265' : name, sizeIs);
  const common: EncodeCommon = {
    frameRate: formatRational(input.frameRate),
    size,
    pixelFormat,
    sar: shown.sar,
    colour,
    masterDisplay: codec.carriesHdr ? masterDisplayOf(codec, video) : undefined,
    contentLight: codec.carriesHdr ? video.hdr.contentLight : undefined,
    filters: [
      ...(video.evenRate ? [evenTimes(video.evenRate)] : []),
      ...restoration.filters,
      input.every !== undefined && `framestep=${input.every}`,
      ...withoutUnknownMatrix(video.colour, video.pixelFormat),
      ...(losses.includes(LOST_ALPHA) ? layOnBlack(video) : []),
      isScaled && scaleFilter(scaled, rangeOf(video)),
      ...filters,
      ...(input.deinterlacing?.pictures === 0 ? ['scale=interl=1', `format=${pixelFormat}`] : []), // each field's chroma by itself
      ...(upright ? upright.filters : []),
      differs(given, shown) && pad(given, pixelFormat),
      // pixels that are nearly square become square at the same size, too
      (isScaled || !isSameShape(scaled.sar, restoration.sar)) && setSar(scaled.sar),
    ].filter((filter) => filter !== false),
    ...(enlarge && {
      enlarge: { ...enlarge, from: { ...sizeOf(given), pixelFormat }, finish: finishing(size, given, enlarge) },
    }),
    ...(enlarge && intermediatesOf(settings, rendition, pixelFormat)),
    ...(input.timeFactor && { timeFactor: input.timeFactor }),
    ...(video.evenRate && { ticks: `1/${video.evenRate.num}` }),
    ...fieldsOf(input),
    ...(input.video.shapedParts && { shapedParts: input.video.shapedParts }),
    margin: restoration.margin,
    tools: input.tools,
  };
  if (common.fieldsFirst) refuseFields(codec, rendition, isScaled);
  const spec: SpecOf<Name> = { codec: name, ...own, ...common };
  const { title, block, alpha } = codec;
  const padding = { pixelFormat, decodedFormat: codec.decodedFormat(spec), codec: title, block, alpha };
  return { spec, losses, padding: paddingOf(shown, given, padding) };
}

/** Gives picture n of a decode its time by counting. Every piece counts its times from its first. */
const evenTimes = ({ num, den }: Rational): string => `settb=1/${num},setpts=${den}*N`;

type EncodedPicture = PixelFormatChoice & ColourPlan;

/** The format and colour that a codec gives a picture. What is streamed is brought to what players decode before. */
function encodedPicture<Own>(
  { pixelFormat, colour, isForAllScreens }: Pick<Codec<Own>, 'pixelFormat' | 'colour' | 'isForAllScreens'>,
  own: Own,
  { video, delivery }: { readonly video: VideoFacts; readonly delivery: Delivery },
): EncodedPicture {
  const isBrought = delivery === 'stream' && !isForAllScreens;
  const { video: picture, filters } = isBrought ? streamedPicture(video) : { video, filters: [] };
  const plan = colour(picture, own);
  return { ...pixelFormat(picture, own), ...plan, filters: [...filters, ...plan.filters] };
}

const masterDisplayOf = ({ masterDisplay }: Pick<Codec<unknown>, 'masterDisplay'>, { hdr }: VideoFacts) =>
  hdr.masterDisplay === undefined ? undefined : (masterDisplay?.(hdr.masterDisplay) ?? hdr.masterDisplay);

/** Throws `usage` where fields would become lines of one picture. */
function refuseFields(
  { title, holdsFields }: { readonly title: string; readonly holdsFields?: true },
  { name, enlarge }: RenditionSpec,
  isScaled: boolean,
): void {
  if (holdsFields && !isScaled && !enlarge) return;
  const why = holdsFields ? `${name} would scale them into each other` : `${title} as it is made here has no fields`;
  throw usage(
    `deinterlace=off keeps the fields of an interlaced film, but ${why}; ProRes keeps them (recipe mezzanine), or take deinterlace=auto or on`,
  );
}

function fieldsOf({ deinterlacing: done }: SpecInput): Pick<EncodeCommon, 'interlacedParts' | 'ticks' | 'fieldsFirst'> {
  if (done?.pictures === 0) return { fieldsFirst: done.first };
  if (done && 'telecine' in done) return done.telecine === 'all' ? {} : { interlacedParts: done.telecine };
  if (done?.pictures !== 2) return {};
  return { ticks: formatRational(done.ticks), ...(done.parts && { interlacedParts: done.parts }) };
}

/** How the sphere lies in the source; a rendition that is made from another is equirectangular already. */
const layoutOf = ({ rendition, settings: { projection } }: Pick<SpecInput, 'rendition' | 'settings'>) =>
  projection === undefined || rendition.parent !== 'source' ? undefined : sphereLayout(projection);

/** A picture that gets another size, or that players change to from another, states the colour that players assume. */
function asShown(video: VideoFacts, { rendition, settings, video: source }: SpecInput): VideoFacts {
  const { enlarge, delivery, fit = {} } = rendition;
  const size = asEquirectangular(source, layoutOf({ rendition, settings })).size;
  const isMoved = enlarge || delivery === 'stream' || differs(fitted({ ...source, ...size }, fit), source);
  if (!isMoved) return video;
  const assumed = COLOUR_FIELDS.filter((what) => video.colour[what] === undefined);
  return { ...video, colour: shownColour(video), ...(assumed.length > 0 && { colourAssumed: assumed }) };
}

const rangeOf = ({ pixelFormat, colour }: VideoFacts) => (isRgb(pixelFormat) ? undefined : colour.range);

/** The filters, with a conversion to the encoder's pixel format wherever ffmpeg's own would change a full range, or would fail. */
function inFormat(
  filters: readonly string[],
  { video, colour, pixelFormat }: { video: VideoFacts; colour: Colour; pixelFormat: string },
): readonly string[] {
  const into = `format=${pixelFormat}`;
  if (rangeOf(video) !== 'pc') return filters.flatMap((each) => (statesUnknown(each) ? [into, each] : [each]));
  if (colour.range !== 'pc') return filters.flatMap((each) => (each === TO_LIMITED_RANGE ? [each, into] : [each]));
  const planes = (name: string) => name.replace('yuvj', 'yuv');
  return planes(video.pixelFormat) === planes(pixelFormat) ? filters : [...filters, ...fullRangeFormat(pixelFormat)];
}

/** Whether pictures state a matrix from this filter on that ffmpeg's own conversion, from version 7 on, does not know. */
function statesUnknown(filter: string): boolean {
  const matrix = /^setparams=.*\bcolorspace=([^:]+)/.exec(filter)?.[1];
  return matrix !== undefined && matrix !== 'unknown' && !isKnownToScale(matrix);
}

/** Pads in the encoder's format, because `pad` rounds the sides to the chroma of its input, which may be coarser. */
const pad = ({ width, height }: Size, pixelFormat: string) =>
  `format=${pixelFormat},pad=${width}:${height}:0:0${hasAlpha(pixelFormat) ? ':color=black@0' : ''}`;

/** The filters that scale an enlarged picture down to the size that was asked for; none if it has that size. */
function finishing(size: Size, { width, height }: Size, { scale }: Enlargement): readonly string[] {
  return differs(size, { width: width * scale, height: height * scale })
    ? [scaleFilter(size, undefined)] // frames out of a network have no flag
    : [];
}

const sizeOf = ({ width, height }: Size): Size => ({ width, height });

const isSameShape = (a: Rational, b: Rational) => a.num * b.den === b.num * a.den;

const differs = (a: Size, b: Size) => a.width !== b.width || a.height !== b.height;
