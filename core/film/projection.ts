import { boxByPath, boxesOf, newBox } from '../bytes/boxes.ts';
import { projectionOf, type Spherical } from './spherical.ts';
import { boxModeOf, packingOfMode } from './two-eyes.ts';

/** The Projection element of a Matroska track (RFC 9559 5.1.4.1.28.41) and its stereo mode. Angles are in degrees. */
export type Projection = {
  readonly type: number;
  /** The contents of the box that MP4 has for this type, from its version on. */
  readonly contents: Buffer;
  readonly pose: readonly [yaw: number, pitch: number, roll: number];
  readonly stereoMode: number;
};

/** Boxes by Matroska's projection types. */
const BOXES: Readonly<Record<number, string>> = { 1: 'equi', 2: 'cbmp', 3: 'mshp' };

const ANGLE = 65_536;

/** Returns MP4's boxes for a projection; of a flat picture that of its two eyes; undefined where there is none. */
export function sphericalOf({ type, contents, pose, stereoMode }: Projection): Spherical | undefined {
  const name = BOXES[type];
  const mode = boxModeOf(packingOfMode(stereoMode)) ?? 0;
  const st3d = mode > 0 ? stereoBox(mode) : undefined;
  if (name === undefined) return st3d && { st3d, sv3d: undefined, xmp: undefined, sa3d: new Map() };
  const usual = Buffer.alloc(name === 'equi' ? 20 : 12);
  const angles = Buffer.alloc(16);
  pose.forEach((degrees, i) => void angles.writeInt32BE(Math.round(degrees * ANGLE), 4 + 4 * i));
  const projection = newBox(name, contents.length > 0 ? contents : usual);
  const header = newBox('svhd', Buffer.from('\0\0\0\0Matroska\0', 'latin1'));
  const sv3d = newBox('sv3d', header, newBox('proj', newBox('prhd', angles), projection));
  return {
    sv3d,
    st3d,
    xmp: undefined,
    sa3d: new Map(),
  };
}

/** MP4's box for how two eyes lie in a picture (Spherical Video RFC V2). */
export const stereoBox = (mode: number): Buffer => newBox('st3d', Buffer.from([0, 0, 0, 0, mode]));

/** What metadata say of a sphere, whatever container they are written for. */
type SphereFacts = {
  readonly projection: string | undefined;
  readonly pose: string;
  readonly part: string;
  readonly stereo: number;
};

/** Returns the facts that differ. Facts that only boxes state are not compared with what XMP alone says. */
export function sphereFactsDiffering(wanted: Spherical, found: Spherical | undefined): readonly string[] {
  if (!found) return ['projection'];
  const [was, is] = [factsOf(wanted), factsOf(found)];
  const names = wanted.sv3d ? (['projection', 'pose', 'part', 'stereo'] as const) : (['projection'] as const);
  return names.filter((name) => was[name] !== is[name]);
}

function factsOf(spherical: Spherical): SphereFacts {
  const { sv3d, st3d } = spherical;
  const [box] = sv3d ? boxesOf(sv3d, 0, sv3d.length) : [];
  const inProj = (of: Buffer) => {
    const proj = box && boxByPath(of, box, 'proj');
    return proj ? boxesOf(of, proj.body, proj.end) : [];
  };
  const contents = (isHeader: boolean) => {
    const found = sv3d && inProj(sv3d).find(({ type }) => (type === 'prhd') === isHeader);
    return sv3d && found ? sv3d.toString('hex', found.body, found.end) : '';
  };
  return {
    projection: projectionOf(spherical),
    pose: contents(true),
    part: contents(false),
    stereo: st3d?.at(12) ?? 0,
  };
}
