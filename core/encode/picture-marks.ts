import { type DisplaySize, UNITS } from '../description/display-size.ts';
import { FURTHER_LAYERS, type MetadataFate, SECOND_EYE, WHOLE_SHOWN } from '../description/metadata.ts';
import type { Size } from '../film/frame-size.ts';
import type { VideoFacts } from '../film/probe.ts';
import { clapOf, edgesOfClap, type HiddenEdges } from '../film/shown-part.ts';
import { SPATIAL_BOXES } from '../film/spatial-boxes.ts';
import { boxModeOf, modeOf, packingOfBox, webmModeOf } from '../film/two-eyes.ts';
import { type Container, type Delivery, isInMatroska } from '../settings/delivery.ts';
import { spatialPlan } from './spatial-marks.ts';

/**
 * What a picture's sample entry in MP4 says besides how the picture is decoded: its clap box, the mode of its st3d box, Apple's boxes
 * for a projection and for eyes, and the types of all of its boxes.
 */
export type PictureMarks = {
  readonly clap: Buffer | undefined;
  readonly stereo?: number | undefined;
  readonly spatial?: readonly Buffer[];
  readonly boxes: readonly string[];
};

/** What becomes of a picture: encoded with all of it, at another size, or with a part of it. */
export type PictureUse = 'recoded' | 'scaled' | 'cut';
/** What is streamed has no mark for a part of its picture. */
type MarkedUse = PictureUse | 'streamed';

type MarkedPicture = {
  readonly marks: PictureMarks;
  /** The edges that a Matroska source hides. */
  readonly edges: HiddenEdges | undefined;
  /** How large a Matroska source says that the picture is shown. */
  readonly display?: DisplaySize | undefined;
  readonly video: VideoFacts;
  readonly stream: number;
  readonly use: MarkedUse;
  readonly container: Container;
};

/** What is written of a picture's marks: the box in MP4, the edges and the mode of two eyes in Matroska. */
type MarksPlan = {
  readonly clap: Buffer | undefined;
  readonly edges: HiddenEdges | undefined;
  readonly stereoMode: number | undefined;
  readonly display: DisplaySize | undefined;
  /** Boxes that go into an MP4 or MOV as they are. */
  readonly spatial: readonly Buffer[];
  readonly fates: readonly MetadataFate[];
};

/** Boxes that do not hold for a picture that is encoded again, with the reason. */
const LOST: Readonly<Record<string, string>> = {
  vexu: SECOND_EYE,
  lhvC: SECOND_EYE,
  oinf: SECOND_EYE,
  gama: 'it is a gamma of old QuickTime; what the picture says of its colours is kept',
  amve: 'it is the light of the room for which the picture was made; keep the source',
  hfov: 'it is the field of view of two eyes, of which one is there',
};
/** Boxes that say how the picture is decoded, which the encoder writes anew, and those that are planned elsewhere. */
const WRITTEN_ANEW: ReadonlySet<string> = new Set(
  'avcC hvcC vvcC av1C vpcC esds d263 jp2h glbl pasp colr fiel btrt mdcv clli SmDm CoLL dvcC dvvC dvwC hvcE avcE st3d sv3d clap sinf ccst auxi chrm fpcm ACLR APRG ARES AORD AALP ADHR CNVS'.split(
    ' ',
  ),
);

/** Decides what becomes of the marks of the picture that a rendition is made of. */
export function planMarks({ marks, edges, display, video, stream, use, container }: MarkedPicture): MarksPlan {
  const size: Size = { width: video.width, height: video.height };
  const fromBox = marks.clap && edgesOfClap(marks.clap, size);
  const hidden = fromBox ?? edges;
  const where = `track ${stream}`;
  const why = fromBox && isInMatroska(container) ? againstEdges(video) : undefined;
  const keepsPart = hidden !== undefined && use === 'recoded' && why === undefined;
  const name = marks.clap ? 'clap' : 'PixelCrop';
  const spatial = spatialPlan(marks, { hasLayers: video.hasLayers === true, where, use, container });
  const others = marks.boxes.filter((type) => !WRITTEN_ANEW.has(type) && !(spatial && SPATIAL_BOXES.has(type)));
  const fates = [...new Set(others)].map((type): MetadataFate => {
    const reason = LOST[type] ?? 'nobody can tell whether it holds for a picture that was encoded again';
    return { place: where, name: type.replace(/[^\u0021-\u007e\u00a9]/g, '?'), fate: 'dropped', why: reason };
  });
  const part: readonly MetadataFate[] = hidden
    ? [{ place: where, name, ...(why ? ({ fate: 'dropped', why } as const) : partFate(use, name, container)) }]
    : [];
  const packing = video.packing ?? packingOfBox(marks.stereo) ?? spatial?.packing;
  const isSaidByBoxes = spatial !== undefined && spatial.boxes.length > 0;
  const eyes = packing === undefined || isSaidByBoxes ? [] : [packingFate(packing, where, use, container)];
  return {
    clap: keepsPart && !isInMatroska(container) ? (fromBox && marks.clap) || clapOf(hidden, size) : undefined,
    edges: keepsPart && isInMatroska(container) ? hidden : undefined,
    stereoMode: isInMatroska(container) && use !== 'cut' ? modeIn(container, packing) : undefined,
    display: keepsDisplay(display, use, container) ? display : undefined,
    spatial: spatial?.boxes ?? [],
    fates: [
      ...part,
      ...eyes,
      ...(spatial?.fates ?? []),
      ...displayFates({ display, video, where }, use, container),
      ...scaleFates(video, where),
      ...(video.hasLayers && !fates.some((fate) => fate.why === SECOND_EYE)
        ? [{ place: where, name: 'further layers', fate: 'dropped', why: FURTHER_LAYERS } as const]
        : []),
      ...fates,
    ],
  };
}

/** A size in pixels holds for the picture of the source's size; WebM counts in pixels alone. */
function keepsDisplay(display: DisplaySize | undefined, use: MarkedUse, container: Container): boolean {
  if (!display || use === 'cut' || !isInMatroska(container)) return false;
  return display.unit === 0 ? use === 'recoded' : container === 'mkv';
}

/** The line of a display size that is more than the shape of the picture: in units of length, or in other pixels than its own. */
function displayFates(
  {
    display,
    video,
    where,
  }: { readonly display: DisplaySize | undefined; readonly video: VideoFacts; readonly where: string },
  use: MarkedUse,
  container: Container,
): readonly MetadataFate[] {
  if (!display || display.unit === 3) return [];
  const { width, height, unit } = display;
  if (unit === 0 && (width === video.width || height === video.height || video.packing !== undefined)) return [];
  const line = { place: where, name: 'display size' };
  const size = `${width}x${height} ${UNITS[unit]}`;
  if (keepsDisplay(display, use, container)) return [{ ...line, fate: 'kept', why: `it is shown at ${size}` }];
  return [{ ...line, fate: 'dropped', why: `how large it is shown, ${size}, is left to players; its shape is kept` }];
}

/** Readers of Matroska disagree whether the stated shape is that of the whole picture or of the part that is shown. */
const againstEdges = ({ sar, packing }: VideoFacts): string | undefined =>
  sar.num === sar.den && packing === undefined
    ? undefined
    : 'readers of Matroska would show such a part in another shape; container=mp4 keeps it';

function partFate(use: MarkedUse, name: string, container: Container): Pick<MetadataFate, 'fate' | 'why'> {
  if (use === 'streamed') return { fate: 'dropped', why: WHOLE_SHOWN };
  if (use !== 'recoded') return { fate: 'dropped', why: 'the picture has another size; all of it is shown' };
  const isItself = isInMatroska(container) === (name === 'PixelCrop');
  if (isItself) return { fate: 'kept', why: 'players show that part of the picture' };
  return { fate: 'converted', why: `written as ${isInMatroska(container) ? 'PixelCrop' : 'clap'}` };
}

/** The line of a matrix that also scales the picture, in containers that only turn one. */
function scaleFates({ scaledBy }: VideoFacts, place: string): readonly MetadataFate[] {
  if (!scaledBy) return [];
  const { across, down } = scaledBy;
  const line = { place, name: 'display matrix' };
  const by = `${Number(across.toFixed(3))} times as wide and ${Number(down.toFixed(3))} times as high`;
  return Math.abs(across / down - 1) > LEAST_STRETCH
    ? [{ ...line, fate: 'converted', why: `it shows the picture ${by}; written as the shape of its pixels` }]
    : [{ ...line, fate: 'dropped', why: `it shows the picture ${by}; how large it is shown is left to players` }];
}

const LEAST_STRETCH = 0.001;

/** The container's own mark for how two eyes lie in a picture. */
function modeIn(container: Container, packing: string | undefined): number | undefined {
  if (container === 'webm') return webmModeOf(packing);
  return container === 'mkv' ? modeOf(packing) : boxModeOf(packing);
}

function packingFate(packing: string, place: string, use: MarkedUse, container: Container): MetadataFate {
  const line = { place, name: 'frame packing' };
  if (use === 'cut') return { ...line, fate: 'dropped', why: 'a part of the picture no longer holds both eyes' };
  if (container === 'mov') return { ...line, fate: 'dropped', why: 'MOV has no mark for it that editors read' };
  if (modeIn(container, packing) === undefined)
    return { ...line, fate: 'dropped', why: `${NAMES[container]} has no mark for "${packing}"${keeperOf(packing)}` };
  return { ...line, fate: 'converted', why: "written as the container's mark of two eyes" };
}

const NAMES = { mp4: 'MP4', mkv: 'Matroska', webm: 'WebM' } as const;
const keeperOf = (packing: string) => (modeOf(packing) === undefined ? '' : '; container=mkv keeps it');

/** Says before anything is made that a rendition to be watched, or played on a stage, will not tell how two eyes lie in its picture, neither by its container nor by its pictures. */
export function eyesTold(
  { packing }: VideoFacts,
  delivery: Delivery,
  { container, inPictures }: { readonly container: Container; readonly inPictures: boolean },
): readonly string[] {
  const isToBeWatched = delivery === 'archive' || delivery === 'stream';
  if (packing !== undefined && delivery === 'live')
    return [
      `two eyes lie in each picture (${packing}), and what is made of it does not say so: VJ software reads no mark for it and shows both`,
    ];
  if (packing === undefined || inPictures || !isToBeWatched || container === 'mov') return [];
  if (modeIn(container, packing) !== undefined) return [];
  return [
    `two eyes lie in each picture (${packing}), and what is made of it does not say so: ${NAMES[container]} has no mark for it${keeperOf(packing)}`,
  ];
}
