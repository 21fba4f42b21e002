import { type MetadataFate, NO_PLACE } from '../description/metadata.ts';
import { packingOfVexu, sphericalOfVexu } from '../film/spatial-boxes.ts';
import { type Container, isInMatroska } from '../settings/delivery.ts';

/** Apple's boxes for a projection and for eyes in a sample entry, the mode of its st3d box, and the types of all of its boxes. */
type SpatialMarks = {
  readonly spatial?: readonly Buffer[];
  readonly stereo?: number | undefined;
  readonly boxes: readonly string[];
};

type SpatialPicture = {
  readonly hasLayers: boolean;
  readonly where: string;
  readonly use: 'recoded' | 'scaled' | 'cut' | 'streamed';
  readonly container: Container;
};

/** What is written of Apple's boxes: the boxes themselves in MP4 and MOV, and how two eyes lie in the picture elsewhere. */
type SpatialPlan = {
  readonly boxes: readonly Buffer[];
  readonly packing: string | undefined;
  readonly fates: readonly MetadataFate[];
};

const HOLDS = 'it says how the picture lies around its viewer, which holds for this one';
const CONVERTED = "written as Matroska's projection and stereo mode; what else it says has no place there";

/**
 * Decides what becomes of Apple's boxes for a projection and for eyes where the film has no layer for a second eye: they hold for the
 * picture as it is. Undefined where it has one, which is lost, or no such box.
 */
export function spatialPlan(
  { spatial = [], stereo, boxes }: SpatialMarks,
  { hasLayers, where, use, container }: SpatialPicture,
): SpatialPlan | undefined {
  if (spatial.length === 0 || hasLayers || LAYERS.some((type) => boxes.includes(type))) return undefined;
  const vexu = spatial.find((box) => typeOf(box) === 'vexu');
  const isSaidTwice = stereo !== undefined || boxes.includes('sv3d');
  const isKept = !isInMatroska(container) && use !== 'cut' && use !== 'streamed' && !isSaidTwice;
  const isConverted = isInMatroska(container) && vexu !== undefined && sphericalOfVexu(vexu) !== undefined;
  const fateOf = (box: Buffer): Pick<MetadataFate, 'fate' | 'why'> => {
    if (isKept) return { fate: 'kept', why: HOLDS };
    if (use === 'cut') return { fate: 'dropped', why: 'it holds for the whole picture, of which a part is there' };
    if (isSaidTwice) return { fate: 'dropped', why: 'sv3d and st3d say it, which more players read' };
    return box === vexu && isConverted ? { fate: 'converted', why: CONVERTED } : { fate: 'dropped', why: NO_PLACE };
  };
  return {
    boxes: isKept ? spatial : [],
    packing: vexu && packingOfVexu(vexu),
    fates: spatial.map((box) => ({ place: where, name: typeOf(box), ...fateOf(box) })),
  };
}

/** Boxes of films that have a second eye in layers of their own. */
const LAYERS: readonly string[] = ['lhvC', 'oinf'];

const typeOf = (box: Buffer): string => box.toString('latin1', 4, 8);
