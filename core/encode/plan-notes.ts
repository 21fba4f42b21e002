import type { EncodeSpec } from '../codecs/encode-spec.ts';
import { codecOf } from '../codecs/index.ts';
import type { MetadataFate } from '../description/metadata.ts';
import { ServiceError } from '../errors.ts';
import { type DolbyVision, profileText } from '../film/dolby-vision.ts';
import { isInHevc } from '../film/frame-packing.ts';
import { CODECS_WITH_NOTES, type NoteKind } from '../film/picture-notes.ts';
import type { HdrFacts, PictureStream } from '../film/probe.ts';
import type { Container, Delivery } from '../settings/delivery.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';

/** Which notes of single pictures go into a rendition, and which are lost, each in a sentence. */
export type NotesPlan = {
  readonly kinds: readonly NoteKind[];
  readonly told: readonly string[];
  /** Where each frame of the source becomes two pictures, both have what their frame says. */
  readonly isTwice?: true;
  /** Why no note at all goes into the rendition. */
  readonly against?: string;
  /** Why what pictures say of two eyes in them does not go into the rendition's. */
  readonly packingAgainst?: string;
  /** Why what pictures say of the part of them that is to be seen does not go into the rendition's. */
  readonly formatAgainst?: string;
};

type NotesInput = {
  readonly main: PictureStream;
  readonly spec: EncodeSpec;
  readonly delivery: Delivery;
  readonly container: Container;
  /** Whether every picture of the source becomes one, or two of its two fields, or some of them none. */
  readonly takes: 'all' | 'twice' | 'some';
};

/**
 * Decides which notes go into a rendition. Captions fit any picture; what is said of colours holds for the same picture alone; which part
 * of a frame is to be seen holds for the pictures of both its fields.
 */
export function planNotes(input: NotesInput): NotesPlan {
  const { hdr, hasClosedCaptions, userData = [], framePacking, hasActiveFormat } = input.main.video;
  const { dolbyVision, hdr10plus } = hdr;
  const notInFile = whyNotInFile(input);
  const no = notInFile ?? (isOneForOne(input) ? undefined : OTHER_PICTURES);
  const changed = no ?? (isSamePicture(input) ? undefined : 'the picture gets another size or crop');
  const noPacking = framePacking === undefined ? undefined : (no ?? whyNotPacked(input, framePacking));
  const isTwice = input.takes === 'twice' && isAtItsTimes(input.spec);
  const noFormat = hasActiveFormat
    ? ((isTwice ? notInFile : no) ?? (isMoved(input.spec) ? 'the picture gets another crop or place' : undefined))
    : undefined;
  const noDolby = dolbyVision && (whyNotOf(dolbyVision) ?? changed);
  return {
    kinds: [
      ...(dolbyVision && noDolby === undefined ? (['dolbyVision'] as const) : []),
      ...(hdr10plus && changed === undefined ? (['hdr10plus'] as const) : []),
      ...(hasClosedCaptions && no === undefined ? (['captions'] as const) : []),
      ...(userData.length > 0 && no === undefined ? (['userData'] as const) : []),
      ...(framePacking !== undefined && noPacking === undefined ? (['framePacking'] as const) : []),
      ...(hasActiveFormat && noFormat === undefined ? (['activeFormat'] as const) : []),
    ],
    ...(isTwice && { isTwice }),
    ...(no !== undefined && { against: no }),
    ...(noPacking !== undefined && { packingAgainst: noPacking }),
    ...(noFormat !== undefined && { formatAgainst: noFormat }),
    told: [
      ...(dolbyVision && noDolby !== undefined
        ? [`Dolby Vision (${profileText(dolbyVision)}) is lost: ${noDolby}; the base layer is kept`]
        : []),
      ...(hdr10plus && changed !== undefined
        ? [`HDR10+ dynamic metadata is lost: ${changed}; the static HDR10 metadata is kept`]
        : []),
      ...(hasClosedCaptions && no === OTHER_PICTURES
        ? [`the closed captions are in the sidecar alone, and not inside the pictures: ${no}`]
        : []),
    ],
  };
}

/** Returns the plans with what the rendition's pictures took along from the source's, in the line of the picture's stream. */
export function withNotesTold(
  plans: readonly StreamPlan[],
  main: PictureStream,
  carried: readonly { readonly kind: NoteKind }[],
): readonly StreamPlan[] {
  const names = carried.map(({ kind }) => nameOf(kind, main.video.hdr));
  if (names.length === 0) return plans;
  return plans.map((plan) =>
    plan.stream.index === main.index
      ? { ...plan, why: `${plan.why}; each picture keeps its ${names.join(', ')}` }
      : plan,
  );
}

const NAMES = {
  hdr10plus: 'HDR10+',
  captions: 'closed captions',
  userData: 'user data',
  framePacking: 'mark of two eyes',
  activeFormat: 'active format description',
} as const;

/** No real picture has more of them. */
const MOST_IDS = 50;

/** Returns the lines of what single pictures say, by cameras and programs and of two eyes, once it is known what was carried. */
export function noteFates(
  { video: { userData = [], framePacking, hasActiveFormat }, index }: PictureStream,
  { against, packingAgainst, formatAgainst, isTwice }: NotesPlan,
  carried: readonly { readonly kind: NoteKind }[],
): readonly MetadataFate[] {
  const lineOf = (name: string, kind: NoteKind, why: string | undefined): MetadataFate => {
    const line = { place: `track ${index}`, name };
    return carried.some((each) => each.kind === kind)
      ? { ...line, fate: 'kept', why: isTwice ? OF_ITS_FRAME : 'each picture keeps its own' }
      : { ...line, fate: 'dropped', why: why ?? 'it could not be carried: see the warnings' };
  };
  return [
    ...(framePacking === undefined ? [] : [lineOf(IN_PICTURES, 'framePacking', packingAgainst)]),
    ...(hasActiveFormat ? [lineOf('active format description (AFD)', 'activeFormat', formatAgainst)] : []),
    ...userData.slice(0, MOST_IDS).map((id) => lineOf(`user data ${id}`, 'userData', against)),
  ];
}

const OF_ITS_FRAME = 'both pictures of a frame keep that of their frame';

const IN_PICTURES = 'two eyes in its pictures';

function nameOf(kind: NoteKind, { dolbyVision }: HdrFacts): string {
  if (kind === 'dolbyVision') return `Dolby Vision (${dolbyVision ? profileText(dolbyVision) : 'of no known profile'})`;
  return NAMES[kind];
}

/**
 * Throws `bad-input` for a picture whose base layer has colours that only Dolby Vision's decoders understand: anything made of it
 * would be green and violet.
 */
export function refuseWithoutBase({ video: { hdr } }: PictureStream): void {
  const { dolbyVision } = hdr;
  if (!dolbyVision || dolbyVision.profile === 0 || dolbyVision.compatibility !== 0) return;
  throw new ServiceError(
    'bad-input',
    `the picture is Dolby Vision ${profileText(dolbyVision)}, whose colours no decoder here understands: it would come out green and violet; keep the source, or drop a version with a compatible base layer (profile 8)`,
  );
}

function whyNotInFile({ main, spec, delivery, container }: NotesInput): string | undefined {
  if (!CODECS_WITH_NOTES.has(main.codec)) return `it is not read from ${main.codec}`;
  if (delivery !== 'archive' || codecOf(spec).decodesAs !== 'hevc') return 'only HEVC for the archive carries it';
  return container === 'mov' ? 'it is not written into MOV' : undefined;
}

const isOneForOne = ({ spec, takes }: NotesInput) => takes === 'all' && isAtItsTimes(spec);

const isAtItsTimes = ({ timeFactor, enlarge }: EncodeSpec) => !timeFactor && !enlarge;

const OTHER_PICTURES = 'the pictures are not those of the source';

/** Filters that move the two eyes of a picture to other places; one that only scales it leaves them where they are. */
const MOVES = /^(crop|pad|transpose|rotate|hflip|vflip|v360|scale=by-shape)\b/;

function whyNotPacked({ spec }: NotesInput, packing: string): string | undefined {
  if (!isInHevc(packing)) return `HEVC has no message for "${packing}"`;
  return isMoved(spec) ? 'its parts get other places' : undefined;
}

/** Such filters also move what a picture says to be the part of it that is to be seen. */
const isMoved = ({ filters }: EncodeSpec) => filters.some((filter) => MOVES.test(filter));

const CHANGES = /^(z?scale|crop|pad|transpose|rotate|hflip|vflip|v360|bwdif|yadif|tonemap)\b/;

function isSamePicture({ main: { video, codec }, spec }: NotesInput): boolean {
  const isSameSize = spec.size.width === video.width && spec.size.height === video.height;
  return codec === 'hevc' && isSameSize && !spec.filters.some((filter) => CHANGES.test(filter));
}

/** Profiles with one layer and a base layer that other players understand. */
const CARRIED: ReadonlySet<number> = new Set([1, 2, 4]);

function whyNotOf({ profile, compatibility, hasRpu, hasEnhancementLayer }: DolbyVision): string | undefined {
  if (profile === 0) return 'the file does not say which profile it is';
  if (hasEnhancementLayer || profile === 7)
    return 'its enhancement layer belongs to the old encode, and its metadata to that layer';
  if (profile !== 8 || !CARRIED.has(compatibility)) return 'only profiles 8.1, 8.2 and 8.4 are carried';
  return hasRpu ? undefined : 'the file says that its pictures have none';
}
