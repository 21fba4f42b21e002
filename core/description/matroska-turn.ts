import { newElement, uintElement } from '../bytes/ebml.ts';
import { MKV } from '../bytes/matroska-ids.ts';

const [PROJECTION_TYPE, POSE_ROLL] = [0x7671, 0x7675];
const RECTANGULAR = 0;
const ONE = 65_536;

/** The angle in degrees by which a display matrix turns a picture, as Matroska's ProjectionPoseRoll counts it; undefined where it also mirrors, stretches or moves into depth. */
function rollOf(matrix: readonly number[]): number | undefined {
  const [a = 0, b = 0, u = 0, c = 0, d = 0, v = 0] = matrix;
  const isTurn = Math.abs(a - d) <= 1 && Math.abs(b + c) <= 1 && Math.abs(Math.hypot(a, b) - ONE) <= 2;
  return isTurn && u === 0 && v === 0 ? (Math.atan2(0 - b, a) * 180) / Math.PI : undefined;
}

/** Returns the element by which Matroska says that a flat picture is shown turned (RFC 9559 5.1.4.1.28.41); none where it is not. */
export function turnFields(matrix: readonly number[] | undefined): readonly Buffer[] {
  const roll = matrix && rollOf(matrix);
  if (roll === undefined) return [];
  const angle = Buffer.alloc(8);
  angle.writeDoubleBE(roll);
  return [newElement(MKV.Projection, uintElement(PROJECTION_TYPE, RECTANGULAR), newElement(POSE_ROLL, angle))];
}

/** Whether two display matrices turn a picture alike; angles are rounded differently by writers and readers. */
export function isSameTurn(wanted: readonly number[] = IDENTITY, found: readonly number[] = IDENTITY): boolean {
  return [0, 1, 3, 4].every((i) => Math.abs((wanted[i] ?? 0) - (found[i] ?? 0)) <= 4);
}

const IDENTITY = [ONE, 0, 0, 0, ONE, 0, 0, 0, 2 ** 30];
