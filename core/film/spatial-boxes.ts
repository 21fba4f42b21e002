import { boxByPath, boxesOf, newBox } from '../bytes/boxes.ts';
import { boxModeOf } from './two-eyes.ts';

/** Apple's boxes for a projection and for eyes (vexu), and for how wide a camera saw (hfov), in the sample entry of a picture. */
export const SPATIAL_BOXES: ReadonlySet<string> = new Set(['vexu', 'hfov']);

const VERSION_BYTES = 4;
/** The bit of `stri` by which the right eye is first. */
const RIGHT_FIRST = 8;
const PACKINGS: Readonly<Record<string, string>> = { side: 'side by side', over: 'top and bottom' };
/** How much of a sphere lies beyond the left edge of half of one, and beyond its right one, in parts of 2^32 (Spherical Video RFC V2). */
const QUARTER = 0x40000000;

/** The word for how vexu says that two eyes lie in one picture; undefined where it does not, or says it of two pictures. */
export function packingOfVexu(vexu: Buffer): string | undefined {
  const packing = PACKINGS[contentsOf(vexu, 'pack', 'pkin').toString('latin1', 0, 4)];
  if (packing === undefined) return undefined;
  const [eyes = 0] = contentsOf(vexu, 'eyes', 'stri');
  return (eyes & RIGHT_FIRST) === 0 ? packing : `${packing}, right eye first`;
}

type SphereBoxes = { readonly st3d: Buffer | undefined; readonly sv3d: Buffer | undefined };

/** What vexu says, by the boxes that more players know: a whole sphere or half of one, and two eyes in one picture; undefined where they have no word for it. */
export function sphericalOfVexu(vexu: Buffer): SphereBoxes | undefined {
  const mode = boxModeOf(packingOfVexu(vexu));
  const st3d = mode === undefined ? undefined : newBox('st3d', Buffer.from([0, 0, 0, 0, mode]));
  const projection = contentsOf(vexu, 'proj', 'prji').toString('latin1', 0, 4);
  const sv3d = projection === 'equi' ? sphere(0) : projection === 'hequ' ? sphere(QUARTER) : undefined;
  return st3d || sv3d ? { st3d, sv3d } : undefined;
}

/** The contents of a box within vexu, behind version and flags; empty where there is none. */
function contentsOf(vexu: Buffer, ...path: readonly string[]): Buffer {
  const [whole] = boxesOf(vexu, 0, vexu.length);
  const found = whole && boxByPath(vexu, whole, ...path);
  return found ? vexu.subarray(found.body + VERSION_BYTES, found.end) : Buffer.alloc(0);
}

function sphere(beyond: number): Buffer {
  const bounds = Buffer.alloc(20);
  bounds.writeUInt32BE(beyond, 12);
  bounds.writeUInt32BE(beyond, 16);
  const header = newBox('svhd', Buffer.from('\0\0\0\0Reelmill\0', 'latin1'));
  return newBox('sv3d', header, newBox('proj', newBox('prhd', Buffer.alloc(16)), newBox('equi', bounds)));
}
